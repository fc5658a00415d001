"""What the cases of one apply share: the order, the journal, and when to stop."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reconciler.engine.sealing import Sealer, hidden
from reconciler.engine.stages import StageEnd, is_failure
from reconciler.errors import Stopped, Unwritable
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.event import Outcome, StageEvent, Started
from reconciler.model.plan import CaseChange, FieldChange, Plan, Sealed
from reconciler.model.system_fields import UPDATED_AT
from reconciler.model.value import CaseId, Value, instant
from reconciler.ports import Clock, Gate, Record, open_gate
from reconciler.workflow.patient import PatientReader, PatientWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyAccess:
    """One target as applying sees it; `attribution` are the fields that say who wrote last."""

    reader: PatientReader
    writer: PatientWriter
    sealer: Sealer
    attribution: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyOrder:
    """What is asked of one apply: the plan, what is known already, and when to stop.

    `first_run` is the run itself, or the first of those cut short that it continues; `gate` is
    asked before every stage but the first whether it may begin.
    """

    plan: Plan
    vault: Mapping[str, Value]
    performed_by: str
    first_run: str = ""
    done_before: frozenset[tuple[str, str]] = frozenset()
    limit: int | None = None
    max_failures: int | None = None
    stages: tuple[StageEnd, ...] = ()
    gate: Gate = open_gate


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

    def reason_to_skip(self) -> str:
        """Why no further case may be begun; empty when one may."""
        if self._stop.is_set():
            return "interrupted"
        if self._halted:
            return self._halted
        most = self.order.max_failures
        if most is not None and self._failures >= max(1, most):
            return f"--max-failures {most}"
        return ""

    def reason_to_wait(self, trouble: str) -> str:
        """Why no further stage may be begun: what happened, unless --max-failures bears it."""
        return self.reason_to_skip() or (trouble if self.order.max_failures is None else "")

    def did_before(self, target: str, case_id: CaseId) -> bool:
        """Whether an earlier run, cut short, is on record to have brought the case to its end."""
        return (target, case_id) in self.order.done_before

    def touched_since(self, change: CaseChange, live: LiveCase) -> bool:
        """Whether a case was written again after a rollback had read whose value it holds.

        It may then be somebody else's, although it is the same.
        """
        seen, now = instant(change.observed_at), instant(str(live.value_of(UPDATED_AT) or ""))
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

        A write that cannot be put on record must not be sent: Stopped.
        """
        if not self._recorded(event) and isinstance(event, Started):
            raise Stopped(self.why_stopped())

    def ended(self, outcome: Outcome) -> Outcome:
        """Put an outcome on record, before anybody hears of it."""
        if is_failure(outcome):
            with self._lock:
                self._failures += 1
        self._recorded(outcome)
        return outcome

    def _recorded(self, event: Started | StageEvent | Outcome) -> bool:
        try:
            self._record(event)
        except Unwritable as error:
            self.halt(f"the journal cannot be kept: {error.why}")
            return False
        return True

    def wait(self, seconds: float) -> None:
        """Give the service a moment."""
        if seconds:
            self._clock.sleep(seconds)

    def hidden(self, message: str) -> str:
        """The service's words without the sensitive values that it may repeat in them.

        Those of every case: nobody promises that a reply speaks only of the case it was asked for.
        """
        vault = self.order.vault.items()
        return hidden(message, {str(value): str(Sealed(digest)) for digest, value in vault})

    def value(self, entry: FieldChange) -> Value:
        """The value to write, out of the vault when the plan holds only its seal."""
        if isinstance(entry.after, Sealed):
            return self.order.vault[entry.after.digest]
        return entry.after


def field_of(entry: FieldChange) -> Field:
    """The field definition that a plan carries along."""
    return Field(id=entry.id, name=entry.name, type=entry.type)
