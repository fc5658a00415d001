"""Work out from unfinished journals what an interrupted apply still has to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.model.event import AlreadyDone, Applied, Event, RunFinished, RunStarted


@dataclass(frozen=True, slots=True)
class Resumed:
    """The (target, case) pairs known to be done, and the first of the runs that were cut short."""

    done: frozenset[tuple[str, str]] = frozenset()
    first: str = ""


def resumed(runs: Iterable[Iterable[Event]], plan_digest: str) -> Resumed:
    """What the newest runs of this very plan did that were all cut short; `runs` newest first.

    A finished run proves nothing about now: its plan is checked against live again, case by case.
    """
    done: set[tuple[str, str]] = set()
    first = ""
    for run in runs:
        events = iter(run)
        start = next(events, None)
        if not isinstance(start, RunStarted) or start.plan_digest != plan_digest:
            continue
        rest = tuple(events)
        if rest and isinstance(rest[-1], RunFinished):
            break
        first = start.run_id
        done.update(
            (event.target, event.case_id)
            for event in rest
            if isinstance(event, Applied | AlreadyDone)
        )
    return Resumed(frozenset(done), first)
