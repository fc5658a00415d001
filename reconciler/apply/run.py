"""What the cases of one apply share: the order, the journal, what is open, and when to stop."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from reconciler.apply.part import Part
from reconciler.apply.partly import concluded
from reconciler.apply.resume import NOTHING, Begun, Case, Earlier, after_part, joined
from reconciler.apply.settling_rule import Attempt
from reconciler.apply.stages import Gate, StageEnd, is_failure, open_gate
from reconciler.apply.turns import Turns
from reconciler.clock import Clock
from reconciler.errors import Stopped, Unwritable
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.event import (
    Conflict,
    NotAttempted,
    Outcome,
    PartWritten,
    Record,
    StageEvent,
    Started,
    Unknown,
)
from reconciler.model.plan import CaseChange, FieldChange, Plan, Sealed, TargetPlan
from reconciler.model.progress import Progress, no_progress
from reconciler.model.system_fields import UPDATED_AT
from reconciler.model.value import CaseId, FieldId, Value, instant
from reconciler.secrets.sealing import Sealer, hidden
from reconciler.service.calling import LONGEST_WAIT
from reconciler.service.patient import PatientReader, PatientWriter
from reconciler.service.ports import AuditReader

SETTLE_AFTER = 1.0  # seconds from a send until a read may tell what became of it


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyAccess:
    """One target as applying sees it; `attribution` are the fields that say who wrote last.

    `audit` reads histories, whose fields are those of the `catalog`, also when asked to stop.
    """

    reader: PatientReader
    writer: PatientWriter
    sealer: Sealer
    audit: AuditReader
    catalog: Mapping[str, Field]
    attribution: tuple[Field, ...] = ()


def no_conflict(_: TargetPlan, __: CaseChange) -> None:
    """Nothing is looked into: the plan knows its conflicts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyOrder:
    """What is asked of one apply: the plan, what is known already, and when to stop.

    `run_id` makes this run's client tokens its own; `earlier` is what this plan began before;
    `gate` is asked before every stage but the first whether it may begin. `conflicts` are the cases
    that the plan says are in conflict, and are left alone; `conflict` looks for more, right before
    a write. `failed` are the targets that cannot be reached, and why: nothing of them is attempted.
    `lost` says why this run may write no more: another one may be at work by now. `turns` are the
    order of the targets.
    """

    plan: Plan
    vault: Mapping[str, Value]
    performed_by: str
    run_id: str = ""
    earlier: Earlier = field(default_factory=Earlier)
    limit: int | None = None
    max_failures: int | None = None
    stages: tuple[StageEnd, ...] = ()
    gate: Gate = open_gate
    conflicts: tuple[Conflict, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    progress: Progress = no_progress
    lost: Callable[[], str] = lambda: ""
    turns: Turns | None = None
    conflict: Callable[[TargetPlan, CaseChange], Conflict | None] = no_conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A write whose outcome is not known, and from when on (monotonic) a read may tell of it."""

    attempt: Attempt
    settle_from: float
    mine: bool


class Run:
    """One apply under way; cases are independent, and several are worked on at once."""

    def __init__(
        self, order: ApplyOrder, record: Record, stop: threading.Event, clock: Clock
    ) -> None:
        self.order = order
        self._record = record
        self._stop = stop
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._halted = ""
        self._began = clock.monotonic()
        self._lost: dict[Case, list[Open]] = {}
        # Of cases that are written a few fields at a time.
        self._mine: dict[Case, Begun] = {}
        self._requests: dict[Case, str] = {}

    def reason_to_skip(self) -> str:
        """Why no further case may be begun; empty when one may."""
        if self._stop.is_set():
            return "interrupted"
        if reason := self._halted or self.order.lost():
            self.halt(reason)
            return reason
        most = self.order.max_failures
        if most is not None and self._failures >= max(1, most):
            return f"--max-failures {most}"
        return ""

    def reason_to_wait(self, stage_problem: str) -> str:
        """Why no further stage may be begun: what happened, unless --max-failures bears it."""
        return self.reason_to_skip() or (stage_problem if self.order.max_failures is None else "")

    def begun(self, target: str, case_id: CaseId) -> Begun:
        """What this plan did to the case: in earlier applies, and in parts in this one."""
        earlier = self.order.earlier.cases.get((target, case_id), NOTHING)
        mine = self._mine.get((target, case_id))
        return earlier if mine is None else joined(earlier, mine)

    def closed(self, target: str, case_id: CaseId, part: Part, *, accepted: bool) -> None:
        """These fields of a case were accepted by the service, or found as planned."""
        written = part.ids if accepted else frozenset[FieldId]()
        self._note((target, case_id), Begun(told=part, written=written))

    def part_written(self, event: PartWritten) -> None:
        """Put it on record that some fields of a case were written, and shown by a read."""
        case = (event.target, event.case_id)
        self._note(case, after_part(event))
        self._requests[case] = event.request_id
        self._recorded(event)

    def _note(self, case: Case, begun: Begun) -> None:
        with self._lock:
            self._mine[case] = joined(self._mine.get(case, NOTHING), begun)

    def lost(
        self, target: str, case_id: CaseId, attempt: Attempt, asked: float | None = None
    ) -> None:
        """No reply came to a write: nothing more is sent for this case until a read has told.

        `asked` is how many seconds the service wants to be left alone.
        """
        # A service that asks to be left alone may still be writing.
        wait = min(LONGEST_WAIT, max(SETTLE_AFTER, asked or 0.0))
        settle_from = self._clock.monotonic() + wait
        with self._lock:
            found = self._lost.setdefault((target, case_id), [])
            found.append(Open(attempt=attempt, settle_from=settle_from, mine=True))

    def open(self, target: str, case_id: CaseId) -> tuple[Open, ...]:
        """The writes of a case whose outcome is not known, of this run and of earlier ones."""
        # An earlier run sent it before this one began; its last second may not be over.
        settle_from = self._began + SETTLE_AFTER
        with self._lock:
            mine = tuple(self._lost.get((target, case_id), ()))
        earlier = self.begun(target, case_id).attempts
        return (
            *(Open(attempt=one, settle_from=settle_from, mine=False) for one in earlier),
            *mine,
        )

    def in_flight(self, target: str, case_id: CaseId) -> bool:
        """Whether this run has sent the case, and has to bring it to its end whatever comes."""
        return (target, case_id) in self._lost

    def skipped(self, target: str, case_id: CaseId, reason: str) -> Outcome:
        """The outcome of a case that is not begun; one that may be written stays on record."""
        if self.in_flight(target, case_id) or self.begun(target, case_id).loose:
            message = f"it was sent before, and not looked at again: {reason}"
            return Unknown(target=target, case_id=case_id, message=message)
        return NotAttempted(target=target, case_id=case_id, reason=reason)

    def left_alone(self, conflict: Conflict) -> Outcome:
        """A case in conflict; where a run that left no receipt may have written it, that shows."""
        begun = self.begun(conflict.target, conflict.case_id)
        known = not (begun.loose or begun.written)
        return self.ended(conflict if known else replace(conflict, planned=False))

    def touched_since(self, target: str, change: CaseChange, live: LiveCase) -> bool:
        """Whether a case was written again after a rollback had read whose value it holds.

        It may then be somebody else's, although it is the same.
        """
        known = self.begun(target, change.case_id).updated_at or change.observed_at
        seen, now = instant(known), instant(str(live.value_of(UPDATED_AT) or ""))
        if not self.order.plan.rollback_of or not seen or not now:
            return False
        return datetime.fromisoformat(now) > datetime.fromisoformat(seen)

    def halt(self, reason: str) -> None:
        """Begin no further case; what is in flight is finished. The first reason counts."""
        with self._lock:
            self._halted = self._halted or reason

    def why_stopped(self) -> str:
        """The reason that is given for what was about to be sent when the run was stopped."""
        return self.reason_to_skip() or "interrupted"

    def started(self, event: Started | StageEvent) -> None:
        """Put a write on record right before it is sent; or a stage, as it begins and ends.

        A write that cannot be put on record must not be sent, nor one of a run that lost: Stopped.
        """
        # Lost is asked twice: no line may say what is not sent, and a disk may take its time.
        if not isinstance(event, Started):
            self._recorded(event)
        elif self.order.lost() or not self._recorded(event) or self.order.lost():
            raise Stopped(self.why_stopped())

    def sending(
        self,
        target: str,
        change: CaseChange,
        fields: Sequence[FieldChange],
        number: int,
        attempt: Attempt,
    ) -> None:
        """Put a write on record, with what its guard read saw."""
        self.started(
            Started(
                target=target,
                case_id=change.case_id,
                fields=tuple(entry.id for entry in fields),
                attempt=number,
                seen_at=attempt.seen_at,
                read_at=attempt.read_at,
                about=change.field_ids,
            )
        )

    def ended(self, outcome: Outcome) -> Outcome:
        """Put an outcome on record, before anybody hears of it."""
        key = (outcome.target, outcome.case_id)
        outcome = concluded(outcome, self.begun(*key), self._requests.get(key))
        if is_failure(outcome):
            with self._lock:
                self._failures += 1
        self._recorded(outcome)
        return outcome

    def _recorded(self, event: Started | StageEvent | PartWritten | Outcome) -> bool:
        try:
            self._record(event)
        except Unwritable as error:
            # A write that is not on record could be sent twice by the next run.
            self.halt(f"the journal cannot be kept: {error.why}")
            return False
        return True

    def wait(self, seconds: float) -> None:
        """Give the service a moment."""
        if seconds > 0:
            self._clock.sleep(seconds)

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        return self._clock.monotonic()

    def wait_until(self, moment: float) -> None:
        """Wait until a monotonic moment, if it has not come yet."""
        self.wait(moment - self._clock.monotonic())

    def hidden(self, message: str) -> str:
        """The service's words without the sensitive values that it may repeat in them.

        Those of every case: nobody promises that a reply speaks only of the case it was asked for.
        """
        seals = {str(value): str(Sealed(tag)) for tag, value in self.order.vault.items()}
        return hidden(message, seals)

    def value(self, entry: FieldChange) -> Value:
        """The value to write, out of the vault when the plan holds only its seal."""
        if isinstance(entry.after, Sealed):
            return self.order.vault[entry.after.digest]
        return entry.after
