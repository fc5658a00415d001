"""Count what happened, and say from the counts alone how a run ended."""

from collections import Counter
from collections.abc import Iterable

from reconciler.errors import Exit
from reconciler.model.event import Event, Outcome
from reconciler.model.outcomes import KINDS, Effect, detail, is_outcome, kind_of
from reconciler.model.plan import Plan
from reconciler.model.value import FieldId


def outcomes(events: Iterable[Event]) -> tuple[Outcome, ...]:
    """The last word about each case, in the order the words were spoken."""
    last: dict[tuple[str, str], Outcome] = {}
    for event in events:
        if is_outcome(event):
            last[(event.target, event.case_id)] = event
    return tuple(last.values())


def counted(found: Iterable[Outcome]) -> tuple[tuple[str, int], ...]:
    """How many cases ended in each way, every way listed, in a fixed order."""
    counts = Counter(type(event).__name__ for event in found)
    return tuple((name, counts[name]) for name in KINDS)


def by_target(plan: Plan, found: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """The outcomes in the order of the plan's targets: lanes write at the same time."""
    place = {target.name: at for at, target in enumerate(plan.targets)}
    return tuple(sorted(found, key=lambda one: place.get(one.target, len(place))))


def written_unclassified(plan: Plan | None, found: Iterable[Outcome]) -> int:
    """How many values were written without anything telling who had changed them.

    A rollback's are none: they are what an apply of ours wrote.
    """
    if plan is None or plan.rollback_of:
        return 0
    written: dict[tuple[str, str], tuple[FieldId, ...] | None] = {}  # None: every field
    for one in found:
        if (effect := kind_of(one).effect) in (Effect.SENT, Effect.PARTLY):
            key = (one.target, one.case_id)
            written[key] = detail(one).written if effect is Effect.PARTLY else None
    return sum(
        not entry.change_class.facts.known
        for target in plan.targets
        for change in target.changes
        if (key := (target.name, change.case_id)) in written
        for entry in change.fields
        if (some := written[key]) is None or entry.id in some
    )


def is_complete(plan: Plan | None, found: Iterable[Outcome]) -> bool:
    """Whether an apply made all of a plan true; what could not be read was not looked at."""
    return not (plan and plan.incomplete) and all(kind_of(event).done for event in found)


def verdict(plan: Plan | None, found: Iterable[Outcome]) -> Exit:
    """The exit status of an apply that got as far as writing."""
    return Exit.OK if is_complete(plan, found) else Exit.INCOMPLETE
