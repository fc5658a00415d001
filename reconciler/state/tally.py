"""Count what happened, and say from the counts alone how a run ended."""

from collections import Counter
from collections.abc import Iterable

from reconciler.errors import Exit
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Event,
    Failed,
    NotAttempted,
    Outcome,
    Unknown,
    Unverified,
)
from reconciler.model.plan import ChangeClass, Plan

DONE = (Applied, AlreadyDone)
NOT_DONE = (Conflict, Failed, Unknown, Unverified, NotAttempted)


def outcomes(events: Iterable[Event]) -> tuple[Outcome, ...]:
    """The last word about each case, in the order the words were spoken."""
    last: dict[tuple[str, str], Outcome] = {}
    for event in events:
        if isinstance(event, (*DONE, *NOT_DONE)):
            last[(event.target, event.case_id)] = event
    return tuple(last.values())


def counted(found: Iterable[Outcome]) -> tuple[tuple[str, int], ...]:
    """How many cases ended in each way, every way listed, in a fixed order."""
    counts = Counter(type(event).__name__ for event in found)
    return tuple((kind.__name__, counts[kind.__name__]) for kind in (*DONE, *NOT_DONE))


def written_unclassified(plan: Plan | None, found: Iterable[Outcome]) -> int:
    """How many values were written without anything telling who had changed them.

    A rollback's are none: they are what an apply of ours wrote.
    """
    if plan is None or plan.rollback_of:
        return 0
    sent = (Applied, Unverified)
    written = {(one.target, one.case_id) for one in found if isinstance(one, sent)}
    return sum(
        entry.change_class is ChangeClass.UNCLASSIFIED
        for target in plan.targets
        for change in target.changes
        if (target.name, change.case_id) in written
        for entry in change.fields
    )


def is_complete(plan: Plan | None, found: Iterable[Outcome]) -> bool:
    """Whether an apply made all of a plan true; what could not be read was not looked at."""
    return not (plan and plan.incomplete) and all(isinstance(event, DONE) for event in found)


def verdict(plan: Plan | None, found: Iterable[Outcome]) -> Exit:
    """The exit status of an apply that got as far as writing."""
    return Exit.OK if is_complete(plan, found) else Exit.INCOMPLETE
