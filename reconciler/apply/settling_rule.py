"""What became of a write whose reply was lost, told from one read of the case.

Nothing that the audit history lacks, and no order or tie in it, proves anything: it may be late.
What proves that a write did not take effect is the case's own time of its last update, where that
is too old to hide a later one behind a coarse clock.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from reconciler.apply.judging import Verdict
from reconciler.apply.part import NO_FIELD, WHOLE, Part
from reconciler.history.lineage import when
from reconciler.history.stamp import read_stamp
from reconciler.model.audit import AuditEvent
from reconciler.model.value import FieldId, Value

# Clocks of one second, rounded either way, cannot be further apart than this.
MARGIN = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A write that was sent: the case's last update as its guard read saw it, and when that was.

    Both are the service's own times, canonical UTC, empty where they are not known. `about` is
    what the apply that sent it was to bring to planned values, whether or not it was sent.
    """

    seen_at: str = ""
    read_at: str = ""
    about: Part = WHOLE


class Settled(Enum):
    """What a read says of the attempts whose replies were lost."""

    CONFLICT = "somebody else's value"
    DONE = "the planned values"
    UNTOUCHED = "no write since the guard read"
    UNTOLD = "a write since, and nobody can say whose"


def settled(verdict: Verdict, updated_at: Value, attempts: Sequence[Attempt]) -> Settled:
    """What the newest read of a case says; only UNTOUCHED allows another write."""
    if verdict.conflicts:
        return Settled.CONFLICT
    if not verdict.to_write:
        return Settled.DONE
    if attempts and all(_untouched(one, updated_at) for one in attempts):
        return Settled.UNTOUCHED
    return Settled.UNTOLD


def _untouched(attempt: Attempt, updated_at: Value) -> bool:
    now, seen = moment(updated_at), moment(attempt.seen_at)
    # Equal times alone prove nothing: a coarse clock may give two updates one time.
    return now is not None and now == seen and at_rest(attempt.seen_at, attempt.read_at)


def at_rest(updated_at: Value, read_at: str) -> bool:
    """Whether a case was updated so long before it was read that any later update has another time.

    Both are the service's own times; where one is not known, nothing is.
    """
    updated, read = moment(updated_at), moment(read_at)
    return updated is not None and read is not None and read - updated > MARGIN


def later(updated_at: Value, observed_at: str) -> bool:
    """Whether a case was updated after a plan had observed it, as far as both times are known."""
    now, observed = moment(updated_at), moment(observed_at)
    return now is not None and (observed is None or now > observed)


def stamped(
    events: Iterable[AuditEvent],
    fields: Collection[FieldId],
    stamps: Collection[str],
    since: str = "",
) -> bool:
    """Whether one of the stamps stands on one of the fields, at `since` or after it."""
    begin = moment(since)
    return any(
        event.by in stamps
        and (begin is None or when(event) >= begin)
        and any(event.change_of(field) for field in fields)
        for event in events
    )


def written_since(
    events: Iterable[AuditEvent], fields: Collection[FieldId], observed_at: str
) -> bool:
    """Whether any plan of this program wrote one of the fields after a plan had observed them.

    It may be the plan itself on another machine, or the rest of it: what it wrote and somebody put
    back is not written again. What a rollback restored is no such write.
    """
    return any(
        (stamp := read_stamp(event.by)) is not None
        and not stamp.rollback
        and later(event.at, observed_at)
        and any(event.change_of(field) for field in fields)
        for event in events
    )


def touched_by_plan(
    events: Sequence[AuditEvent],
    fields: Collection[FieldId],
    stamps: Collection[str],
    observed_at: str,
) -> Part:
    """The fields that the plan may have brought to their planned values, as a history tells.

    Where the plan wrote one field of a case, another that changed since it was observed may have
    held its planned value then already, so that only fields that nobody has changed are free.
    """
    ours = [
        field
        for field in fields
        if stamped(events, [field], stamps) or written_since(events, [field], observed_at)
    ]
    if not ours:
        return NO_FIELD
    since = [event for event in events if later(event.at, observed_at)]
    changed = [field for field in fields if any(event.change_of(field) for event in since)]
    return Part(frozenset([*ours, *changed]))


def earliest(attempts: Iterable[Attempt]) -> str:
    """The earliest `seen_at`; empty when that of any attempt is not known."""
    seen = [one.seen_at for one in attempts]
    known = [found for one in seen if (found := moment(one)) is not None]
    # One unknown time, and an event of any age may belong to that write.
    if len(known) < len(seen) or not seen:
        return ""
    return min(seen, key=lambda one: moment(one) or min(known))


def moment(text: Value) -> datetime | None:
    """A canonical time as a moment; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    # A time without an offset cannot be compared with one that has it.
    return found if found.tzinfo is not None else None
