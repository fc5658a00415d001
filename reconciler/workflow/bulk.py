"""A hundred cases with one change: read together, written together, checked together.

Guard and check ask the search index, whose lag is therefore the window in which an edit of
somebody else may not be seen; what the index does not show is read with GetCase. Whatever a
batch cannot do, or is not allowed to do, is left to the one-case path.
"""

from collections.abc import Iterable, Mapping, Sequence

from reconciler.engine.batching import Batch, client_token
from reconciler.engine.judging import Verdict, judge
from reconciler.errors import (
    CallError,
    NotFound,
    OutcomeUnknown,
    Refused,
    Stopped,
    Unauthenticated,
)
from reconciler.model.case import LiveCase
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflicted,
    Failed,
    NotAttempted,
    Outcome,
    Started,
    Unsure,
    Unverified,
)
from reconciler.model.plan import CaseChange, TargetPlan
from reconciler.model.system_fields import UPDATED_AT, UPDATED_BY
from reconciler.model.value import CaseId
from reconciler.ports import BatchReply
from reconciler.workflow.bulk_access import BatchThrottled, BulkAccess, read_back, read_many
from reconciler.workflow.one_case import clashes_of
from reconciler.workflow.reading import Unread, try_to_settle
from reconciler.workflow.run import Run, field_of

WRITE = "BatchUpdateCase"
REPEATS = 3  # of a batch whose reply was lost, always under the same token
TRIES = 8  # of cases that a batch was too busy for
BUSY_WAITS = (0.5, 1.0, 2.0)  # seconds before another try
CHECK_WAITS = (0.0, 0.5, 2.0)  # seconds; the index may lag behind a write
_STILL_THROTTLED = CallError(
    f"BatchUpdateCase: throttled {TRIES} times", code="ThrottlingException"
)
AGAIN = frozenset({"THROTTLED", "INTERNAL_ERROR"})
ALONE = frozenset({"CONFLICT"})  # read again, and judged again, one by one


class BatchRun:
    """One batch on its way from the plan to the outcomes of its cases."""

    def __init__(self, target: TargetPlan, batch: Batch, bulk: BulkAccess, run: Run) -> None:
        self._target = target.name
        self._batch = batch
        self._bulk = bulk
        self._access = bulk.access
        self._run = run
        self._fields = [field_of(entry) for entry in batch.fields]
        self._changes = {change.case_id: change for change in batch.changes}
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
            self._end(self._not_attempted(change.case_id, reason))

    def _end(self, outcome: Outcome) -> None:
        self._outcomes.append(self._run.ended(outcome))

    # -- before ----------------------------------------------------------------------------

    def _guarded(self, changes: Iterable[CaseChange]) -> list[CaseChange]:
        """Wait for the write's turn, then read: the cases that may be written right away."""
        try:
            self._access.writer.await_turn(WRITE)
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
        planned = {field.id for field in self._fields}
        more = [field for field in self._access.attribution if field.id not in planned]
        fields = [*self._fields, *more]
        reads = read_many(ids, fields, self._bulk.index, self._access.reader)
        for case_id, read in reads.items():
            change = self._changes[case_id]
            if isinstance(read, Unread):
                self._end(self._failed(case_id, read.reason, read.detail))
                continue
            verdict = judge(change.fields, read, self._access.sealer)
            if verdict.clashes:
                self._end(self._conflicted(case_id, verdict, read))
            elif not verdict.to_write:
                self._end(AlreadyDone(target=self._target, case_id=case_id))
            elif (
                len(verdict.to_write) < len(change.fields)
                or self._run.did_before(self._target, case_id)
                or self._run.touched_since(change, read)
            ):
                self._alone.append(change)
            else:
                ready.append(change)
        return ready

    # -- writing ---------------------------------------------------------------------------

    def _write(self, todo: Sequence[CaseChange]) -> None:
        """Guard, send, and again what the service was too busy for, each time guarded anew."""
        for attempt in range(1, TRIES + 1):
            ready = self._guarded(todo)
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
        except OutcomeUnknown:
            return self._after(ready, None)
        except Stopped:
            self._skip(ready, self._run.why_stopped())
            return ()
        except CallError as error:
            return self._give_up(ready, error)
        return self._after(ready, reply)

    def _give_up(self, ready: Sequence[CaseChange], error: CallError) -> Sequence[CaseChange]:
        """A refused batch may still do case by case; one that stays unavailable has failed."""
        if isinstance(error, Refused | NotFound):
            if error.code == "AccessDeniedException":
                self._bulk.allowed.clear()
            self._alone.extend(ready)
        else:
            for change in ready:
                self._end(self._failed(change.case_id, error.code, str(error)))
        return ()

    def _send(self, ready: Sequence[CaseChange], attempt: int) -> BatchReply:
        values = [(field_of(entry), self._run.value(entry)) for entry in self._batch.fields]
        token = client_token(self._run.order.first_run, ready, self._batch.fields, attempt)

        def before_send(number: int) -> None:
            if number > 1:
                raise BatchThrottled
            for change in ready:
                self._run.started(
                    Started(
                        target=self._target,
                        case_id=change.case_id,
                        fields=tuple(entry.id for entry in change.fields),
                        attempt=attempt,
                    )
                )

        for repeat in range(REPEATS):
            try:
                return self._access.writer.batch_update_cases(
                    [change.case_id for change in ready],
                    values,
                    self._run.order.performed_by,
                    token,
                    before_send,
                    waited=repeat == 0,
                )
            except OutcomeUnknown:
                if repeat == REPEATS - 1:
                    raise
        raise AssertionError("unreachable")

    def _after(self, ready: Sequence[CaseChange], reply: BatchReply | None) -> list[CaseChange]:
        """Bring what was written to its outcomes; the cases to try again."""
        again: list[CaseChange] = []
        written: list[CaseChange] = []
        failed: Mapping[CaseId, tuple[str, str]] = reply.failed if reply is not None else {}
        for change in ready:
            code, words = failed.get(change.case_id, ("", ""))
            if not code:
                written.append(change)
            elif code in AGAIN:
                again.append(change)
            elif code in ALONE:
                self._alone.append(change)
            else:
                self._end(self._failed(change.case_id, code, f"BatchUpdateCase: {code}: {words}"))
        self._check(written, reply)
        return again

    def _check(self, written: list[CaseChange], reply: BatchReply | None) -> None:
        """Success is what a read shows; the index gets a moment, then GetCase has the word."""
        request_id = reply.request_id if reply is not None else ""
        for wait in CHECK_WAITS:
            if not written:
                return
            self._run.wait(wait)
            ids = [change.case_id for change in written]
            reads = read_back(ids, self._fields, self._bulk)
            written = [
                change for change in written if not self._shows(change, reads, request_id, reply)
            ]
        for change in written:
            self._settle(change, request_id, reply)

    def _shows(
        self,
        change: CaseChange,
        reads: Mapping[CaseId, LiveCase | Unread],
        request_id: str,
        reply: BatchReply | None,
    ) -> bool:
        read = reads[change.case_id]
        if isinstance(read, Unread) or judge(change.fields, read, self._access.sealer) != Verdict():
            return False
        self._end(
            Applied(
                target=self._target,
                case_id=change.case_id,
                request_id=request_id,
                settled_by_reading=reply is None,
            )
        )
        return True

    def _settle(self, change: CaseChange, request_id: str, reply: BatchReply | None) -> None:
        read = try_to_settle(self._bulk.finishing, change.case_id, self._fields)
        if isinstance(read, Unread):
            self._end(
                Unsure(
                    target=self._target,
                    case_id=change.case_id,
                    message=f"sent (request {request_id or 'lost'}), not checked: {read.detail}",
                )
            )
            return
        verdict = judge(change.fields, read, self._access.sealer)
        if verdict == Verdict():
            self._shows(change, {change.case_id: read}, request_id, reply)
        elif reply is None or verdict.to_write:
            self._alone.append(change)  # it was not written after all: once more, one by one
        else:
            self._end(
                Unverified(
                    target=self._target,
                    case_id=change.case_id,
                    request_id=request_id,
                    clashes=clashes_of(verdict),
                )
            )

    # -- outcomes --------------------------------------------------------------------------

    def _failed(self, case_id: CaseId, code: str, message: str) -> Failed:
        hidden = self._run.hidden(message)
        return Failed(target=self._target, case_id=case_id, code=code, message=hidden)

    def _not_attempted(self, case_id: CaseId, reason: str) -> NotAttempted:
        return NotAttempted(target=self._target, case_id=case_id, reason=reason)

    def _conflicted(self, case_id: CaseId, verdict: Verdict, live: LiveCase) -> Conflicted:
        return Conflicted(
            target=self._target,
            case_id=case_id,
            clashes=verdict.clashes,
            changed_by=str(live.value_of(UPDATED_BY) or ""),
            changed_at=str(live.value_of(UPDATED_AT) or ""),
        )
