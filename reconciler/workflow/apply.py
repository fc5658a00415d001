"""Carry out a plan, case by case, leaving a journal that a later run can continue.

Nothing is decided here that the plan does not say: each case is read again, judged, written with
only the fields that differ, and read once more.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.engine.judging import Verdict, judge
from reconciler.engine.sealing import Sealer
from reconciler.engine.tally import DONE
from reconciler.errors import CallError, OutcomeUnknown, PlanMisfit, Stopped
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Clash,
    Conflicted,
    Failed,
    NotAttempted,
    Outcome,
    Started,
    Unsure,
    Unverified,
)
from reconciler.model.plan import CaseChange, FieldChange, Plan, Sealed, TargetPlan
from reconciler.model.value import FieldId, Value
from reconciler.ports import Clock, Record
from reconciler.workflow.crew import in_order
from reconciler.workflow.patient import PatientReader, PatientWriter
from reconciler.workflow.reading import read_case

SETTLE_ATTEMPTS = 3  # writes of one case whose outcome had to be settled by reading
CHECK_WAITS = (0.0, 0.3, 1.0)  # seconds; whether GetCase sees a write at once is not documented
UPDATED_BY = FieldId("last_updated_user")
UPDATED_AT = FieldId("last_updated_datetime")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyAccess:
    """One target as applying sees it; `attribution` are the fields that say who wrote last."""

    reader: PatientReader
    writer: PatientWriter
    sealer: Sealer
    attribution: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyOrder:
    """What is asked of one apply: the plan, what is known already, and when to stop."""

    plan: Plan
    vault: Mapping[str, Value]
    performed_by: str
    done_before: frozenset[tuple[str, str]] = frozenset()
    limit: int | None = None
    max_failures: int | None = None


def check_vault(order: ApplyOrder) -> None:
    """Every sealed value must be at hand before the first write."""
    for target in order.plan.targets:
        for change in target.changes:
            for entry in change.fields:
                if isinstance(entry.after, Sealed) and entry.after.digest not in order.vault:
                    raise PlanMisfit(
                        f"the plan sets {entry.name} of case {change.case_id} to a sensitive value "
                        f"{entry.after} that the specs do not hold; apply it where the specs are "
                        "as they were planned, with the same seal key (RECONCILE_SEAL_KEY)"
                    )


def apply_plan(
    order: ApplyOrder,
    accesses: Mapping[str, ApplyAccess],
    record: Record,
    stop: threading.Event,
    clock: Clock,
) -> Iterator[Outcome]:
    """Every case's outcome, in the plan's order; each is in the journal before it is yielded."""
    run = _Run(order, accesses, record, stop, clock)
    work = [
        (target, change, number)
        for number, (target, change) in enumerate(
            (target, change) for target in order.plan.targets for change in target.changes
        )
    ]
    yield from in_order(run.one, work)


class _Run:
    """One apply under way; cases are independent, and several are worked on at once."""

    def __init__(
        self,
        order: ApplyOrder,
        accesses: Mapping[str, ApplyAccess],
        record: Record,
        stop: threading.Event,
        clock: Clock,
    ) -> None:
        self._order = order
        self._accesses = accesses
        self._record = record
        self._stop = stop
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0

    def one(self, work: tuple[TargetPlan, CaseChange, int]) -> Outcome:
        """Bring one case to an outcome, and record it."""
        target, change, number = work
        if (target.name, change.case_id) in self._order.done_before:
            outcome: Outcome = AlreadyDone(target=target.name, case_id=change.case_id)
        elif reason := self._reason_to_skip(number):
            outcome = NotAttempted(target=target.name, case_id=change.case_id, reason=reason)
        else:
            outcome = _CaseRun(target, change, self._accesses[target.name], self).outcome()
            if not isinstance(outcome, DONE):
                with self._lock:
                    self._failures += 1
        self._record(outcome)
        return outcome

    def _reason_to_skip(self, number: int) -> str:
        if self._order.limit is not None and number >= self._order.limit:
            return f"--limit {self._order.limit}"
        if self._stop.is_set():
            return "interrupted"
        most = self._order.max_failures
        if most is not None and self._failures >= max(1, most):
            return f"--max-failures {most}"
        return ""

    @property
    def order(self) -> ApplyOrder:
        """What was asked."""
        return self._order

    def started(self, event: Started) -> None:
        """Put a write on record right before it is sent."""
        self._record(event)

    def wait(self, seconds: float) -> None:
        """Give the service a moment."""
        if seconds:
            self._clock.sleep(seconds)


class _CaseRun:
    """One case on its way from the plan to an outcome."""

    def __init__(
        self, target: TargetPlan, change: CaseChange, access: ApplyAccess, run: _Run
    ) -> None:
        self._target = target.name
        self._change = change
        self._access = access
        self._run = run
        self._fields = [_field(entry) for entry in change.fields]

    def outcome(self) -> Outcome:
        """Read, judge, write, check."""
        try:
            live = self._read(self._access.reader, attributed=True)
        except Stopped:
            return self._not_attempted()
        except CallError as error:
            return self._failed(error)
        verdict = judge(self._change.fields, live, self._access.sealer)
        if verdict.clashes:
            return self._conflicted(verdict, live)
        if not verdict.to_write:
            return AlreadyDone(target=self._target, case_id=self._change.case_id)
        return self._write(verdict.to_write)

    def _write(self, fields: tuple[FieldChange, ...]) -> Outcome:
        for _ in range(SETTLE_ATTEMPTS):
            try:
                request_id = self._send(fields)
            except Stopped:
                return self._not_attempted()
            except OutcomeUnknown as error:
                settled = self._settle(error)
                if not isinstance(settled, tuple):
                    return settled
                fields = settled
            except CallError as error:
                return self._failed(error)
            else:
                return self._check(request_id)
        return self._unsure(f"still unknown after {SETTLE_ATTEMPTS} writes")

    def _send(self, fields: tuple[FieldChange, ...]) -> str:
        values = [(_field(entry), self._value(entry)) for entry in fields]

        def before_send(attempt: int) -> None:
            self._run.started(
                Started(
                    target=self._target,
                    case_id=self._change.case_id,
                    fields=tuple(entry.id for entry in fields),
                    attempt=attempt,
                )
            )

        return self._access.writer.update_case(
            self._change.case_id, values, self._run.order.performed_by, before_send
        )

    def _settle(self, error: OutcomeUnknown) -> Outcome | tuple[FieldChange, ...]:
        """After a lost reply: the outcome, or the fields that still have to be written."""
        try:
            live = self._read(self._access.reader.finishing(), attributed=True)
        except CallError as second:
            return self._unsure(f"{error}; and reading it again failed: {second}")
        verdict = judge(self._change.fields, live, self._access.sealer)
        if verdict.clashes:
            return self._conflicted(verdict, live)
        if not verdict.to_write:
            return Applied(
                target=self._target,
                case_id=self._change.case_id,
                request_id="",
                settled_by_reading=True,
            )
        return verdict.to_write

    def _check(self, request_id: str) -> Outcome:
        """Success is what a read shows, not what the service answered."""
        verdict = Verdict()
        for wait in CHECK_WAITS:
            self._run.wait(wait)
            try:
                live = self._read(self._access.reader.finishing(), attributed=False)
            except CallError as error:
                return self._unsure(f"written (request {request_id}), but not checked: {error}")
            verdict = judge(self._change.fields, live, self._access.sealer)
            if not verdict.to_write and not verdict.clashes:
                return Applied(
                    target=self._target, case_id=self._change.case_id, request_id=request_id
                )
            if verdict.clashes:
                break
        return Unverified(
            target=self._target,
            case_id=self._change.case_id,
            request_id=request_id,
            clashes=verdict.clashes
            or tuple(
                Clash(entry.id, entry.name, entry.before, entry.after, entry.before)
                for entry in verdict.to_write
            ),
        )

    def _read(self, reader: PatientReader, *, attributed: bool) -> LiveCase:
        planned = {field.id for field in self._fields}
        more = [field for field in self._access.attribution if field.id not in planned]
        return read_case(
            reader, self._change.case_id, [*self._fields, *(more if attributed else ())]
        )

    def _value(self, entry: FieldChange) -> Value:
        if isinstance(entry.after, Sealed):
            return self._run.order.vault[entry.after.digest]
        return entry.after

    def _conflicted(self, verdict: Verdict, live: LiveCase) -> Conflicted:
        return Conflicted(
            target=self._target,
            case_id=self._change.case_id,
            clashes=verdict.clashes,
            changed_by=str(live.value_of(UPDATED_BY) or ""),
            changed_at=str(live.value_of(UPDATED_AT) or ""),
        )

    def _failed(self, error: CallError) -> Failed:
        return Failed(
            target=self._target,
            case_id=self._change.case_id,
            code=error.code,
            message=str(error),
            request_id=error.request_id,
        )

    def _unsure(self, message: str) -> Unsure:
        return Unsure(target=self._target, case_id=self._change.case_id, message=message)

    def _not_attempted(self) -> NotAttempted:
        return NotAttempted(target=self._target, case_id=self._change.case_id, reason="interrupted")


def _field(entry: FieldChange) -> Field:
    return Field(id=entry.id, name=entry.name, type=entry.type)
