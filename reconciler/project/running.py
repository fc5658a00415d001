"""One apply under way, and the receipt that it leaves."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from reconciler.project.outcomes import Outcome, outcome_of
from reconciler.project.plans import Plan

if TYPE_CHECKING:
    from reconciler.model import event as events
    from reconciler.model import plan as plans
    from reconciler.model import receipt as data
    from reconciler.project.applying import Apply
    from reconciler.project.observing import StageObserver


class Receipt:
    """What one apply did, case by case; the rest can be tried again, and all of it be undone.

    Example:
        >>> with project.apply(project.plan()) as run:
        ...     done = list(run)
        >>> run.receipt.complete
        True
    """

    __slots__ = ("_data", "content", "path")

    def __init__(self, said: "data.Receipt", path: Path | None, content: bytes = b"") -> None:
        self._data = said
        # Where it is; None where no folder takes it, and then `content` is all there is of it.
        self.path = path
        self.content = content

    @property
    def data(self) -> "data.Receipt":
        """The same as plain frozen data, as a receipt file has it."""
        return self._data

    @property
    def run_id(self) -> str:
        """The run's name, which its journal bears too."""
        return self._data.run.run_id

    @property
    def complete(self) -> bool:
        """Whether everything in the plan is now true."""
        return self._data.run.complete

    @property
    def plan(self) -> Plan:
        """What was applied."""
        from reconciler.plan.planning import Planned

        return Plan(Planned(self._data.plan, {}))

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What became of each case."""
        changes = _changes(self._data.plan)
        return tuple(outcome_of(one, changes) for one in self._data.outcomes)

    def __repr__(self) -> str:
        return f"Receipt({self.run_id!r}, path={str(self.path)!r})"


class Run:
    """One apply: iterate it, and each case is written and told in its turn.

    Writing begins with the first outcome that is asked for. Leaving the block early is like
    Ctrl-C: what is in flight is finished, the rest is not attempted, and a receipt is left. A run
    that is never iterated writes nothing.

    Example:
        >>> with project.apply(project.plan()) as run:
        ...     for outcome in run:
        ...         assert outcome.done
        >>> run.complete, run.counts["Applied"]
        (True, 2)
    """

    def __init__(
        self, apply: "Apply", stop: threading.Event, observer: "StageObserver", plan: Plan
    ) -> None:
        self.plan = plan
        self._apply = apply
        self._stop = stop
        self._changes = _changes(plan.data)
        self._outcomes = apply.run(stop, observer)
        self._ended = False

    def __enter__(self) -> "Run":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Outcome]:
        return self

    def __next__(self) -> Outcome:
        try:
            said = next(self._outcomes)
        except StopIteration:
            self._ended = True
            raise
        return outcome_of(said, self._changes)

    def close(self) -> None:
        """End the run; what is in flight is finished first, and the rest not attempted."""
        asked_to_stop = self._stop.is_set()
        self._outcomes.close()
        if not asked_to_stop:
            self._stop.clear()  # the project goes on

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Every outcome so far, those that nobody asked for too."""
        return tuple(outcome_of(one, self._changes) for one in self._apply.outcomes)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many cases ended in each way so far, by the names of the outcomes' classes."""
        from reconciler.state.tally import counted

        return dict(counted(self._apply.outcomes))

    @property
    def complete(self) -> bool:
        """Whether the run has ended, and everything in the plan is now true."""
        from reconciler.state.tally import is_complete

        known = self._apply.plan.with_failed(self._apply.failed)
        return self._ended and is_complete(known, self._apply.outcomes)

    @property
    def receipt(self) -> Receipt | None:
        """What the run left; None before its end, and where nothing was begun."""
        left, facts = self._apply.receipt, self._apply.facts
        return None if left is None or facts is None else Receipt(facts, left.path, left.content)

    @property
    def journal(self) -> Path | None:
        """The file that has every attempt; None before the first."""
        return self._apply.journal if self._apply.record is not None else None

    @property
    def events(self) -> "tuple[events.Outcome, ...]":
        """The same outcomes as plain data, in the order of the receipt."""
        from reconciler.state.tally import by_target

        return by_target(self._apply.plan, self._apply.outcomes)

    @property
    def begun(self) -> bool:
        """Whether a write may have been sent."""
        return self._apply.begun

    @property
    def resumed(self) -> int:
        """How many cases an earlier run of this plan, which was cut short, had done."""
        return self._apply.resumed

    @property
    def known(self) -> "plans.Plan":
        """The plan as plain data, with the classes and the failed targets that are known by now."""
        return self._apply.conflicts.as_known().with_failed(self._apply.failed)

    @property
    def record_errors(self) -> tuple[str, ...]:
        """What could not be kept where it belongs, a sentence each."""
        return self._apply.record_errors

    @property
    def error(self) -> Exception | None:
        """What broke the run off, if anything did; the outcomes tell how far it came."""
        return self._apply.crash


def _changes(plan: "plans.Plan") -> "Mapping[tuple[str, str], plans.CaseChange]":
    return {
        (target.name, change.case_id): change
        for target in plan.targets
        for change in target.changes
    }
