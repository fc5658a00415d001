"""Tell from a case's history and from git how a live value came to differ from its spec.

Three values decide: A, the one that case and specs last agreed on; L, the live one; D, the
desired one. They agreed when apply wrote the field, when it wrote another field and this one was
as its commit wanted, when the specs began to say D and what they had said until then was live,
and when somebody changed a live D. The newest of these counts.

The order of the service's history is not documented, and two events may bear one time: where that
leaves several orders that fit the values equally well, only what they all say is said.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice, pairwise, permutations, product
from typing import Protocol

from reconciler.history.stamp import read_stamp
from reconciler.model.audit import AuditEvent, Recorded, UnreadableValue
from reconciler.model.classes import ChangeClass
from reconciler.model.value import FieldId, Value
from reconciler.specs.diff import Difference

CREATED = "Case.Created"
MOST_ORDERS = 120  # of events that bear the same times; five of them can stand in so many


class SpecPast(Protocol):
    """What git knows of the desired value behind one difference."""

    def wanted(self, commit: str) -> tuple[Value, ...]:
        """The one value that the specs of a commit wanted of the field; nothing if not known."""
        ...

    def since(self) -> datetime | None:
        """When the specs began to say what they say now; None where that is not committed."""
        ...

    def before(self) -> tuple[Value, ...]:
        """The one value that they wanted until then; nothing if not known."""
        ...


@dataclass(frozen=True, slots=True)
class Traced:
    """What became of a value: its class and the event that set it."""

    change_class: ChangeClass
    last: AuditEvent | None = None


def trace(difference: Difference, events: Iterable[AuditEvent], past: SpecPast) -> Traced:
    """How one live value came to differ, from the whole history of its case."""
    field = difference.desired.field
    # Events about other fields matter where they bear a stamp: apply had looked at this field too.
    relevant = [event for event in events if _matters(event, field)]
    orders = _orders(relevant, difference)
    if not orders:
        return Traced(ChangeClass.UNCLASSIFIED)
    lasts = [_last(order, difference) for order in orders]
    classes = {_Story(order, difference, past).change_class() for order in orders}
    return Traced(
        classes.pop() if len(classes) == 1 else ChangeClass.UNCLASSIFIED,
        lasts[0] if all(one == lasts[0] for one in lasts) else None,
    )


def _matters(event: AuditEvent, field: FieldId) -> bool:
    created = event.kind == CREATED
    return created or event.change_of(field) is not None or read_stamp(event.by) is not None


def when(event: AuditEvent) -> datetime:
    """The moment of an event."""
    return datetime.fromisoformat(event.at)


def _orders(events: Sequence[AuditEvent], difference: Difference) -> list[list[AuditEvent]]:
    """Every order that the times allow and in which the fewest values do not follow each other."""
    # Times are of a second, or finer; which of two events of one time was first is not said.
    ties = [list(tied) for _, tied in groupby(sorted(events, key=when), when)]
    if any(len(tied) > 5 for tied in ties):  # 720 orders and more: too many to look at
        return []
    every = product(*(permutations(tied) for tied in ties))
    orders = [[event for tied in order for event in tied] for order in islice(every, MOST_ORDERS)]
    # More than can be looked at: to claim something from some of them would be a guess.
    if len(orders) == MOST_ORDERS and next(every, None) is not None:
        return []
    broken = [_breaks(order, difference) for order in orders]
    return [order for order, count in zip(orders, broken, strict=True) if count == min(broken)]


def _breaks(order: Sequence[AuditEvent], difference: Difference) -> int:
    changes = [one for event in order if (one := event.change_of(difference.desired.field))]
    breaks = sum(one.after != other.before for one, other in pairwise(changes))
    # The newest value has to be the live one, or a later event is missing.
    return breaks + (bool(changes) and changes[-1].after != difference.before)


def _last(order: Sequence[AuditEvent], difference: Difference) -> AuditEvent | None:
    """The newest event that changed the field, when it explains the live value.

    Writing the value that is there already moves nothing, and is nobody's drift.
    """
    field, live = difference.desired.field, difference.before
    for event in reversed(order):
        change = event.change_of(field)
        if change is not None and change.before != change.after:
            return event if change.after == live else None
    return None


@dataclass(frozen=True, slots=True)
class _Story:
    """One order of the events that matter to one field, the oldest first."""

    order: Sequence[AuditEvent]
    difference: Difference
    past: SpecPast

    def change_class(self) -> ChangeClass:
        """The class of the difference; none where it hangs on a value that cannot be read."""
        agreed = next(self._agreed(), ())
        if not agreed:
            return self._never_agreed()
        if isinstance(agreed[0], UnreadableValue):
            return ChangeClass.UNCLASSIFIED
        if agreed[0] == self.difference.before:
            return ChangeClass.PENDING
        # A policy is a standing rule, which wins over whoever left it, edited since or not.
        wins = self.difference.desired.policy or agreed[0] == self.difference.desired.value
        return ChangeClass.DRIFT if wins else ChangeClass.CONFLICT

    def _agreed(self) -> Iterator[tuple[Recorded, ...]]:
        """The values on which the case and its specs were known to agree, the newest first."""
        edited = False
        for at in reversed(range(len(self.order))):
            event = self.order[at]
            change = event.change_of(self.difference.desired.field)
            stamp = read_stamp(event.by)
            if stamp and change:
                yield (change.after,)
                return
            if not edited and not self._follows_the_edit(event):
                edited = True
                yield from self._in_sync(at + 1, self.past.before())
            if stamp and stamp.commit and not stamp.rollback:
                # A write to another field: apply looked at the case, and let this field be.
                yield from self._in_sync(at, self.past.wanted(stamp.commit))
            elif change and not stamp and event.kind != CREATED:
                yield from self._left(at)
        if not edited:
            yield from self._in_sync(0, self.past.before())

    def _follows_the_edit(self, event: AuditEvent) -> bool:
        """Whether it came after the specs began to say what they say now."""
        since = self.past.since()
        return since is not None and when(event) > since

    def _in_sync(self, at: int, wanted: tuple[Value, ...]) -> Iterator[tuple[Recorded, ...]]:
        """What the field held at this place, if the specs of then wanted just that."""
        held = self._held(at)
        if wanted and (isinstance(held, UnreadableValue) or held == wanted[0]):
            yield (held,)

    def _left(self, at: int) -> Iterator[tuple[Recorded, ...]]:
        """An unstamped edit moved the field off the desired value after that line was committed."""
        if self._follows_the_edit(self.order[at]):
            yield from self._in_sync(at, (self.difference.desired.value,))

    def _held(self, at: int) -> Recorded:
        """What the field held when the event at this place happened."""
        field = self.difference.desired.field
        for event in reversed(self.order[:at]):
            if change := event.change_of(field):
                return change.after
        for event in self.order[at:]:
            if change := event.change_of(field):
                return change.before
        return self.difference.before

    def _never_agreed(self) -> ChangeClass:
        """New to the specs; but a case that came into a policy's selection wrong has drifted."""
        entered = self.difference.desired.policy and any(
            event.kind == CREATED and self._follows_the_edit(event) for event in self.order
        )
        return ChangeClass.DRIFT if entered else ChangeClass.NEW
