"""A hundred cases with one change: read together, written together, checked together.

Guard and check ask the search index, whose lag is therefore the window in which an edit of
somebody else may not be seen. Whatever a batch cannot do, is not allowed to do, or must not do is
left to the one-case path: what the index does not show, what was begun before, and every case of a
batch whose reply was lost. A batch is never sent twice.
"""

from collections.abc import Iterable, Sequence

from reconciler.apply.bulk_access import BatchThrottled, BulkAccess, each_once, shown
from reconciler.apply.judging import Verdict, field_of, judge
from reconciler.apply.run import Run
from reconciler.apply.settling import already_done, conflicted, field_conflicts
from reconciler.apply.settling_rule import Attempt, later
from reconciler.errors import (
    CallError,
    NotFound,
    OutcomeUnknown,
    ReconcilerError,
    Refused,
    Stopped,
    Unauthenticated,
)
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.event import Applied, Failed, Outcome, Unknown, Unverified
from reconciler.model.plan import CaseChange, TargetPlan
from reconciler.model.system_fields import UPDATED_AT
from reconciler.model.value import CaseId
from reconciler.plan.batching import Batch, client_token
from reconciler.read.case import ReadFailure, try_read
from reconciler.service.ports import BatchReply

WRITE = "BatchUpdateCase"
TRIES = 8  # of cases that a batch was too busy for
LONGEST_GUARD = 10.0  # seconds that the searches of a guard may take; ten of them, at AWS's pace
BUSY_WAITS = (0.5, 1.0, 2.0)  # seconds before another try
CHECK_WAITS = (0.0, 0.5, 2.0)  # seconds; the index may lag behind a write
_STILL_THROTTLED = CallError(
    f"BatchUpdateCase: throttled {TRIES} times", code="ThrottlingException"
)
AGAIN = "THROTTLED"
ALONE = "CONFLICT"  # read again, and judged again, one by one
UNTOLD = "INTERNAL_ERROR"  # the case may have been written all the same


class BatchRun:
    """One batch on its way from the plan to the outcomes of its cases."""

    def __init__(self, target: TargetPlan, batch: Batch, bulk: BulkAccess, run: Run) -> None:
        self._target = target.name
        self._batch = batch
        self._bulk = bulk
        self._access = bulk.access
        self._run = run
        self._fields = [field_of(entry) for entry in batch.fields]
        self._guarded_fields = each_once(self._fields, bulk.access.attribution)
        self._checked_fields: Sequence[Field] = self._fields
        self._changes = {change.case_id: change for change in batch.changes}
        self._attempts: dict[CaseId, Attempt] = {}  # as the newest guard read allows them
        self._guarded_at = 0.0
        self._outcomes: list[Outcome] = []
        self._alone: list[CaseChange] = []

    def outcomes(self) -> tuple[list[Outcome], list[CaseChange]]:
        """The outcomes, on record already, and the cases that have to go one by one."""
        if reason := self._run.reason_to_skip():
            self._skip(self._batch.changes, reason)
        elif not self._bulk.allowed.is_set():
            self._alone.extend(self._batch.changes)
        else:
            self._write(self._batch.changes)
        return self._outcomes, self._alone

    def _skip(self, changes: Iterable[CaseChange], reason: str) -> None:
        for change in changes:
            self._end(self._run.skipped(self._target, change.case_id, reason))

    def _end(self, outcome: Outcome) -> None:
        self._outcomes.append(self._run.ended(outcome))

    # -- before ----------------------------------------------------------------------------

    def _guarded(self, changes: Iterable[CaseChange]) -> list[CaseChange]:
        """Wait for the write's turn, then read: the cases that may be written right away."""
        try:
            # First the turn, then the read: a wait for the quota in between would age what was
            # read.
            self._access.writer.await_turn(WRITE)
            self._guarded_at = self._run.monotonic()
            ready = self._guard([change.case_id for change in changes])
        except Stopped:
            self._skip(changes, self._run.why_stopped())
            return []
        except Unauthenticated as error:
            self._skip(changes, error.reason)
            return []
        if not ready:
            self._access.writer.give_back(WRITE)
        return ready

    def _guard(self, ids: Sequence[CaseId]) -> list[CaseChange]:
        ready: list[CaseChange] = []
        reads = shown(ids, self._guarded_fields, self._bulk.index)
        for case_id in ids:
            change, read = self._changes[case_id], reads.get(case_id)
            if read is None or self._run.begun(self._target, case_id).attempts:
                self._alone.append(change)
            elif isinstance(read, ReadFailure):
                self._end(self._failed(case_id, read.reason, read.detail))
            elif self._allows(change, read):
                ready.append(change)
        return ready

    def _allows(self, change: CaseChange, live: LiveCase) -> bool:
        """Whether a case may travel in a batch; if not, it has come to its end or goes alone."""
        case_id = change.case_id
        told = self._run.begun(self._target, case_id).told
        verdict = judge(change.fields, live, self._access.sealer, told)
        if verdict == Verdict():
            self._end(already_done(self._target, change))
        elif verdict.conflicts and not told:
            self._end(conflicted(self._target, change, verdict, live))
        elif (
            told
            or len(verdict.to_write) < len(change.fields)
            or later(live.value_of(UPDATED_AT), change.observed_at)
        ):
            self._alone.append(change)
        else:
            seen_at = str(live.value_of(UPDATED_AT) or "")
            self._attempts[case_id] = Attempt(seen_at, live.read_at)
            return True
        return False

    # -- writing ---------------------------------------------------------------------------

    def _write(self, todo: Sequence[CaseChange]) -> None:
        """Guard, send, and again what the service was too busy for, each time guarded anew."""
        for attempt in range(1, TRIES + 1):
            ready = self._guarded(todo)
            if ready and self._run.monotonic() - self._guarded_at > LONGEST_GUARD:
                self._access.writer.give_back(WRITE)
                todo = ready
            else:
                todo = self._try(ready, attempt) if ready else ()
            if not todo:
                return
            self._run.wait(BUSY_WAITS[min(attempt, len(BUSY_WAITS)) - 1])
        self._alone.extend(todo)

    def _try(self, ready: list[CaseChange], attempt: int) -> Sequence[CaseChange]:
        """Send one batch and bring its cases to their outcomes; those to try again."""
        try:
            reply = self._send(ready, attempt)
        except BatchThrottled:
            return ready if attempt < TRIES else self._give_up(ready, _STILL_THROTTLED)
        except OutcomeUnknown as error:
            self._lost(ready, error.retry_after)
            return ()
        except Stopped:
            self._skip(ready, self._run.why_stopped())
            return ()
        except CallError as error:
            return self._give_up(ready, error)
        return self._after(ready, reply)

    def _lost(self, changes: Iterable[CaseChange], asked: float | None = None) -> None:
        """Nobody knows what became of these: each is settled, and goes on, alone."""
        for change in changes:
            case_id = change.case_id
            self._run.lost(self._target, case_id, self._attempts[case_id], asked)
            self._alone.append(change)

    def _give_up(self, ready: Sequence[CaseChange], error: CallError) -> Sequence[CaseChange]:
        """A refused batch may still do case by case; one that stays unavailable has failed."""
        if isinstance(error, Refused | NotFound):
            if error.code == "AccessDeniedException":
                # A role may be denied batches alone, by the condition key cases:IsBatchAction
                # (documented).
                self._bulk.allowed.clear()
            self._alone.extend(ready)
        else:
            for change in ready:
                self._end(self._failed(change.case_id, error.code, str(error)))
        return ()

    def _send(self, ready: Sequence[CaseChange], attempt: int) -> BatchReply:
        values = [(field_of(entry), self._run.value(entry)) for entry in self._batch.fields]
        token = client_token(self._run.order.run_id, ready, self._batch.fields, attempt)

        def before_send(number: int) -> None:
            # The caller tries again after a throttle, with what was read before it: guard it anew
            # instead.
            if number > 1:
                raise BatchThrottled
            for change in ready:
                sent = self._attempts[change.case_id]
                self._run.sending(self._target, change, change.fields, attempt, sent)

        return self._access.writer.batch_update_cases(
            [change.case_id for change in ready],
            values,
            self._run.order.performed_by,
            token,
            before_send,
            waited=True,
        )

    def _after(self, ready: Sequence[CaseChange], reply: BatchReply) -> list[CaseChange]:
        """Bring what was written to its outcomes; the cases to try again."""
        again: list[CaseChange] = []
        written: list[CaseChange] = []
        for change in ready:
            code, words = reply.failed.get(change.case_id, ("", ""))
            if not code:
                written.append(change)
            elif code == AGAIN:
                again.append(change)
            elif code == ALONE:
                self._alone.append(change)
            elif code == UNTOLD:
                self._lost([change])
            else:
                self._end(self._failed(change.case_id, code, f"BatchUpdateCase: {code}: {words}"))
        self._check(written, reply.request_id)
        return again

    def _check(self, written: list[CaseChange], request_id: str) -> None:
        """Success is what a read shows; what the index does not show yet is read with GetCase."""
        for wait in CHECK_WAITS:
            if not written:
                return
            self._run.wait(wait)
            try:
                ids = [change.case_id for change in written]
                reads = shown(ids, self._checked_fields, self._bulk.finishing_index)
            except ReconcilerError:
                break  # GetCase will say the same of each case
            written = [
                change
                for change in written
                if not self._shows(change, reads.get(change.case_id), request_id)
            ]
        for change in written:
            self._look_once_more(change, request_id)

    def _shows(
        self, change: CaseChange, read: LiveCase | ReadFailure | None, request_id: str
    ) -> bool:
        """Whether a read shows the planned values, which is then the case's end."""
        if not isinstance(read, LiveCase):
            return False
        if judge(change.fields, read, self._access.sealer) != Verdict():
            return False
        self._is_done(change, read, request_id)
        return True

    def _is_done(self, change: CaseChange, read: LiveCase, request_id: str) -> None:
        """A read shows what was written."""
        case_id = change.case_id
        self._end(Applied(target=self._target, case_id=case_id, request_id=request_id))

    def _look_once_more(self, change: CaseChange, request_id: str) -> None:
        """The service said that it wrote the case: whatever is seen, nothing is sent again."""
        try:
            read = try_read(self._bulk.finishing, change.case_id, self._checked_fields)
        except ReconcilerError as error:
            read = ReadFailure(change.case_id, "unreadable", str(error))
        if isinstance(read, ReadFailure):
            message = f"written (request {request_id}), but not checked: {read.detail}"
            self._end(
                Unknown(
                    target=self._target,
                    case_id=change.case_id,
                    message=self._run.hidden(message),
                    request_id=request_id or "unnamed",
                )
            )
        elif not self._shows(change, read, request_id):
            verdict = judge(change.fields, read, self._access.sealer)
            self._end(
                Unverified(
                    target=self._target,
                    case_id=change.case_id,
                    request_id=request_id,
                    fields=field_conflicts(verdict),
                )
            )

    # -- outcomes --------------------------------------------------------------------------

    def _failed(self, case_id: CaseId, code: str, message: str) -> Failed:
        hidden = self._run.hidden(message)
        return Failed(target=self._target, case_id=case_id, code=code, message=hidden)
