"""What one apply puts on record: its journal, what became of each case, and its receipt."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from reconciler.clock import Clock
from reconciler.errors import Unwritable
from reconciler.model.event import (
    Event,
    NotAttempted,
    Outcome,
    PartWritten,
    RunFinished,
    RunStarted,
    StageEvent,
    StageFinished,
    StageStarted,
    Started,
    Unknown,
)
from reconciler.model.outcomes import is_outcome
from reconciler.model.plan import Plan
from reconciler.model.value import FieldId, spelled
from reconciler.state.event_data import event_data
from reconciler.state.journal_file import JournalFile

Key = tuple[str, str]


class RunRecord:
    """Appends each event to the journal, and keeps what a receipt needs when that fails.

    `errors` says what could not be kept, `crash` what broke off the run.
    """

    def __init__(self, path: Path, clock: Clock, tell: Callable[[StageEvent], None]) -> None:
        self._file = JournalFile(path)
        self._clock = clock
        self._tell = tell
        self._begun: set[Key] = set()
        self._ended: dict[Key, Outcome] = {}
        self.errors: list[str] = []
        self._written: dict[Key, tuple[FieldId, ...]] = {}
        self.crash: Exception | None = None

    def __call__(self, event: Event) -> None:
        """Put it on record; Unwritable when that cannot be."""
        if is_outcome(event):
            self._ended[event.target, event.case_id] = event
        try:
            # On disk before anybody hears of it.
            self._file.append(event_data(event) | {"time": spelled(self._clock.now())})
        except Unwritable as error:
            if not self.errors:  # the disk says the same of every later line
                self.errors.append(str(error))
            raise
        if isinstance(event, Started):
            self._begun.add((event.target, event.case_id))
        elif isinstance(event, PartWritten):
            key = (event.target, event.case_id)
            self._written[key] = (*self._written.get(key, ()), *event.fields)
        elif isinstance(event, StageStarted | StageFinished):
            self._tell(event)

    def started(self, event: RunStarted) -> None:
        """The first line; without it nothing is written."""
        try:
            self(event)
        except Unwritable as error:
            raise Unwritable(f"{error}; so no case was written") from error

    def finished(self, event: RunFinished) -> None:
        """The last line; it says that the lines before it are all there are."""
        if not (self.errors or self.crash):
            try:
                self(event)
            except Unwritable:
                return  # it is among the errors

    @property
    def begun(self) -> bool:
        """Whether a write may have been sent."""
        return bool(self._begun)

    def left(self, plan: Plan, told: Iterable[Outcome], error: Exception) -> Iterator[Outcome]:
        """What became of the cases that a run that broke off told nothing about."""
        self.crash = error
        known = {(one.target, one.case_id) for one in told}
        why = f"the run broke off: {type(error).__name__}"
        for target in plan.targets:
            for change in target.changes:
                key = (target.name, change.case_id)
                if key in known:
                    continue
                if key in self._ended:
                    yield self._ended[key]
                elif key in self._begun:
                    yield Unknown(
                        target=target.name,
                        case_id=change.case_id,
                        message=why,
                        written=self._written.get(key, ()),
                    )
                else:
                    yield NotAttempted(target=target.name, case_id=change.case_id, reason=why)

    def close(self) -> None:
        """Give the journal back."""
        self._file.close()
