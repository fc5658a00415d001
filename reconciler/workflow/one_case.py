"""One case on its way from the plan to an outcome: read, judge, write, check."""

from reconciler.engine.judging import Verdict, judge
from reconciler.errors import CallError, OutcomeUnknown, Stopped, Unauthenticated
from reconciler.model.case import LiveCase
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
from reconciler.model.plan import CaseChange, FieldChange, TargetPlan
from reconciler.model.system_fields import UPDATED_AT, UPDATED_BY
from reconciler.workflow.calling import LONGEST_WAIT
from reconciler.workflow.patient import PatientReader
from reconciler.workflow.reading import read_case
from reconciler.workflow.run import ApplyAccess, Run, field_of

WRITE = "UpdateCase"
SETTLE_ATTEMPTS = 3  # writes of one case whose outcome had to be settled by reading
CHECK_WAITS = (0.0, 0.3, 1.0)  # seconds; whether GetCase sees a write at once is not documented


class _Overtaken(Exception):
    """While a write waited to be tried again, the case became another one."""

    def __init__(self, verdict: Verdict, live: LiveCase) -> None:
        self.verdict = verdict
        self.live = live
        super().__init__()


class CaseRun:
    """One case on its way from the plan to an outcome."""

    def __init__(
        self, target: TargetPlan, change: CaseChange, access: ApplyAccess, run: Run
    ) -> None:
        self._target = target.name
        self._change = change
        self._access = access
        self._run = run
        self._fields = [field_of(entry) for entry in change.fields]

    def outcome(self) -> Outcome:
        """Wait for the write's turn, read, judge, write, check.

        The turn comes first, so that only a round trip lies between the read and the write.
        """
        try:
            self._access.writer.await_turn(WRITE)
            live = self._read(self._access.reader, attributed=True)
        except Stopped:
            return self._not_attempted(self._run.why_stopped())
        except Unauthenticated as error:
            return self._not_attempted(error.reason)
        except CallError as error:
            self._access.writer.give_back(WRITE)
            return self._failed(error)
        verdict = self._judged(live)
        if verdict.to_write and self._run.did_before(self._target, self._change.case_id):
            # Somebody has put it back since an earlier run of this plan wrote it.
            verdict = Verdict(clashes=clashes_of(verdict))
        left = self._left(verdict, live, self._already_done())
        if isinstance(left, tuple):
            return self._write(left)
        self._access.writer.give_back(WRITE)
        return left

    def _judged(self, live: LiveCase) -> Verdict:
        """What is left to write, by a read that comes before a write."""
        verdict = judge(self._change.fields, live, self._access.sealer)
        if verdict.to_write and self._run.touched_since(self._change, live):
            return Verdict(clashes=clashes_of(verdict))
        return verdict

    def _left(
        self, verdict: Verdict, live: LiveCase, done: Outcome
    ) -> Outcome | tuple[FieldChange, ...]:
        """What a read leaves to do: the fields to write, or nothing, and the outcome it is."""
        if verdict.clashes:
            return self._conflicted(verdict, live)
        return verdict.to_write or done

    def _write(self, fields: tuple[FieldChange, ...]) -> Outcome:
        for attempt in range(SETTLE_ATTEMPTS):
            try:
                request_id = self._send(fields, waited=attempt == 0)
            except Stopped:
                return self._not_attempted(self._run.why_stopped())
            except _Overtaken as news:
                left = self._left(news.verdict, news.live, self._already_done())
            except OutcomeUnknown as error:
                # Read after the wait, not before: an edit that comes meanwhile must be seen.
                self._run.wait(min(LONGEST_WAIT, max(error.retry_after or 0.0, 0.5 * 2**attempt)))
                left = self._settle(error)
            except CallError as error:
                return self._failed(error)
            else:
                return self._check(request_id)
            if not isinstance(left, tuple):
                return left
            fields = left
        return self._unsure(f"still unknown after {SETTLE_ATTEMPTS} writes")

    def _send(self, fields: tuple[FieldChange, ...], *, waited: bool) -> str:
        values = [(field_of(entry), self._run.value(entry)) for entry in fields]

        def before_send(attempt: int) -> None:
            if attempt > 1 or not waited:  # it has cost time, in which somebody may have come
                live = self._read(self._access.reader, attributed=True)
                verdict = self._judged(live)
                if verdict.to_write != fields:
                    raise _Overtaken(verdict, live)
            self._run.started(
                Started(
                    target=self._target,
                    case_id=self._change.case_id,
                    fields=tuple(entry.id for entry in fields),
                    attempt=attempt,
                )
            )

        return self._access.writer.update_case(
            self._change.case_id,
            values,
            self._run.order.performed_by,
            before_send,
            waited=waited,
        )

    def _settle(self, error: OutcomeUnknown) -> Outcome | tuple[FieldChange, ...]:
        """After a lost reply: the outcome, or the fields that still have to be written."""
        try:
            live = self._read(self._access.reader.finishing(), attributed=True)
        except CallError as second:
            return self._unsure(f"{error}; and reading it again failed: {second}")
        verdict = self._judged(live)
        applied = Applied(
            target=self._target,
            case_id=self._change.case_id,
            request_id="",
            settled_by_reading=True,
        )
        return self._left(verdict, live, applied)

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
            clashes=clashes_of(verdict),
        )

    def _read(self, reader: PatientReader, *, attributed: bool) -> LiveCase:
        planned = {field.id for field in self._fields}
        more = [field for field in self._access.attribution if field.id not in planned]
        return read_case(
            reader, self._change.case_id, [*self._fields, *(more if attributed else ())]
        )

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
            message=self._run.hidden(str(error)),
            request_id=error.request_id,
        )

    def _unsure(self, message: str) -> Unsure:
        hidden = self._run.hidden(message)
        return Unsure(target=self._target, case_id=self._change.case_id, message=hidden)

    def _already_done(self) -> AlreadyDone:
        return AlreadyDone(target=self._target, case_id=self._change.case_id)

    def _not_attempted(self, reason: str) -> NotAttempted:
        return NotAttempted(target=self._target, case_id=self._change.case_id, reason=reason)


def clashes_of(verdict: Verdict) -> tuple[Clash, ...]:
    """What a read after a write shows instead of the planned values."""
    return verdict.clashes or tuple(
        Clash(entry.id, entry.name, entry.before, entry.after, entry.before)
        for entry in verdict.to_write
    )
