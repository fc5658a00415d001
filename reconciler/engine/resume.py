"""Work out from an unfinished journal what an interrupted apply still has to do."""

from collections.abc import Iterable

from reconciler.model.event import AlreadyDone, Applied, Event, RunFinished, RunStarted


def done_before(events: Iterable[Event], plan_digest: str) -> frozenset[tuple[str, str]]:
    """The (target, case) pairs that an unfinished run of this very plan is known to have done.

    A finished run proves nothing about now: its plan is checked against live again, case by case.
    """
    events = tuple(events)
    if not events or not isinstance(events[0], RunStarted):
        return frozenset()
    if events[0].plan_digest != plan_digest or isinstance(events[-1], RunFinished):
        return frozenset()
    return frozenset(
        (event.target, event.case_id)
        for event in events
        if isinstance(event, Applied | AlreadyDone)
    )
