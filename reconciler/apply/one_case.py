"""One case on its way from the plan to an outcome: read, judge, write, check.

No write is repeated over anything that may be somebody's. A write that was told to be accepted is
never sent again; one whose reply was lost is settled before anything else.
"""

from collections import Counter
from functools import reduce
from operator import or_

from reconciler.apply.guarding import PAUSE, Guard, read_guard
from reconciler.apply.judging import Verdict, field_of, judge
from reconciler.apply.part import Part
from reconciler.apply.run import ApplyAccess, Open, Run
from reconciler.apply.settling import Settling, already_done, conflicted, field_conflicts
from reconciler.apply.settling_rule import Attempt, Settled, at_rest, later, settled
from reconciler.errors import (
    CallError,
    OutcomeUnknown,
    ReconcilerError,
    Stopped,
    Unauthenticated,
)
from reconciler.model.case import LiveCase
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Failed,
    Outcome,
    Unknown,
    Unverified,
)
from reconciler.model.plan import CaseChange, TargetPlan
from reconciler.model.value import Value
from reconciler.service.patient import PatientReader

WRITE = "UpdateCase"
LOST_WRITES = 3  # of one case, each proven not to have taken effect before the next
ROUNDS = 12  # of looking at a case that somebody keeps changing
RESTS = 3  # times that a fresh update is waited for to settle
CHECK_WAITS = (0.0, 0.3, 1.0)  # seconds; whether GetCase sees a write at once is not documented


class _Overtaken(Exception):
    """While a write waited to be tried again, the case became another one."""


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
        self._begun = run.begun(target.name, change.case_id)
        self._told = self._begun.told  # the fields that are never written (again)
        self._inherits = True  # writes of earlier applies that are not settled yet
        self._settling = Settling(target.name, change, access, run)
        self._looks = Counter[Value]()  # at each last update since the plan
        # That up to which this plan has not written the case, but for what is known to be written.
        self._vetted: Value = self._begun.updated_at or None
        self._attempt = Attempt()

    def outcome(self) -> Outcome:
        """Bring the case to its end, as far as that is safe."""
        try:
            done = all(field in self._told for field in self._change.field_ids)
            return self._looked_at() if done else self._carried_out()
        except Stopped:
            return self._passed_over(self._run.why_stopped())
        except Unauthenticated as error:
            return self._passed_over(error.reason)

    def _looked_at(self) -> Outcome:
        """An earlier apply of this plan wrote the case: whatever it holds now, it stays."""
        try:
            live = self._read(self._access.reader)
        except Unauthenticated:
            raise
        except CallError as error:
            return self._refused(error)
        return self._left(self._judged(live), live)

    def _judged(self, live: LiveCase) -> Verdict:
        return judge(self._change.fields, live, self._access.sealer, self._told)

    def _carried_out(self) -> Outcome:
        for _ in range(ROUNDS):
            if open_ := self._open:
                settled_as = self._settling.outcome(open_, self._told)
                if not isinstance(settled_as, Part):
                    return settled_as
                if settled_as:
                    self._told, self._inherits = self._told | settled_as, False
                    if any(one.mine for one in open_):
                        self._accepted(settled_as)
                    continue
                if sum(one.mine for one in open_) >= LOST_WRITES:
                    return self._unknown(f"still unknown after {LOST_WRITES} writes")
            found = self._written()
            if found is not None:
                return found
        return self._refused(
            CallError(f"somebody kept changing it, {ROUNDS} times", code="kept-changing")
        )

    @property
    def _open(self) -> tuple[Open, ...]:
        """The writes that have to be settled; those of earlier applies are so once.

        One that was about some of the fields, and is settled, leaves the others to be written.
        """
        found = self._run.open(self._target, self._change.case_id)
        return tuple(
            one
            for one in found
            if (not self._told.covers(one.attempt.about) if one.mine else self._inherits)
        )

    def _accepted(self, part: Part) -> None:
        self._run.closed(self._target, self._change.case_id, part, accepted=True)

    # -- before ----------------------------------------------------------------------------

    def _written(self) -> Outcome | None:
        """Wait for the write's turn, read, write, check; None when all has to be looked at again.

        The turn comes first, so that only a round trip lies between the read and the write.
        """
        writer = self._access.writer
        writer.await_turn(WRITE)
        try:
            guard = self._guarded()
        except (Stopped, Unauthenticated):
            writer.give_back(WRITE)
            raise
        except CallError as error:
            guard = self._refused(error)
        if isinstance(guard, Guard) and not self._is_news(guard):
            return self._sent(guard)
        writer.give_back(WRITE)
        return self._vet(guard) if isinstance(guard, Guard) else guard

    def _guarded(self) -> Guard | Outcome | None:
        """What a read right before the write allows; None when it does not tell."""
        live = self._read(self._access.reader)
        verdict = self._judged(live)
        guard = Guard(verdict.to_write, live)
        if open_ := [one.attempt for one in self._open]:
            found = settled(verdict, guard.updated_at, open_)
            return guard if found is Settled.UNTOUCHED else None
        if verdict.conflicts or self._run.touched_since(self._target, self._change, live):
            return self._left(verdict, live)
        if not verdict.to_write:
            return self._already_done()
        return guard

    def _is_news(self, guard: Guard) -> bool:
        """Whether the case was updated since the plan, and nobody has looked into it yet.

        An apply that sent it has, but only for the fields that it was about.
        """
        looked_into = reduce(or_, (one.attempt.about for one in self._open), self._told)
        if all(entry.id in looked_into for entry in guard.fields):
            return False
        if guard.updated_at == self._vetted:
            return False
        return later(guard.updated_at, self._change.observed_at)

    def _left(self, verdict: Verdict, live: LiveCase) -> Outcome:
        if verdict == Verdict():
            return self._already_done()
        return conflicted(self._target, self._change, verdict, live)

    def _vet(self, guard: Guard) -> Outcome | None:
        """The case was updated since the plan: by this program, and changed back? Then it stays.

        A coarse clock may hide another update behind a fresh one, so that one has to settle first.
        """
        self._looks[guard.updated_at] += 1
        fresh = guard.live.read_at and not at_rest(guard.updated_at, guard.live.read_at)
        if fresh and self._looks[guard.updated_at] <= RESTS:
            self._run.wait(PAUSE)
            return None
        try:
            self._told |= self._settling.written_before()
        except Unauthenticated:
            raise
        except CallError as error:
            return self._refused(error)
        self._vetted = guard.updated_at
        return None

    # -- writing ---------------------------------------------------------------------------

    def _sent(self, guard: Guard) -> Outcome | None:
        """Send what the guard allows, and check it; None when all has to be looked at again."""
        try:
            request_id = self._send(guard)
        except _Overtaken:
            return None
        except OutcomeUnknown as error:
            self._run.lost(self._target, self._change.case_id, self._attempt, error.retry_after)
            return None
        except CallError as error:
            return self._refused(error)
        if self._run.begun(self._target, self._change.case_id).written:
            self._accepted(Part(frozenset(self._change.field_ids)))
        return self._check(request_id)

    def _send(self, guard: Guard) -> str:
        def before_send(attempt: int) -> None:
            self._attempt = guard.attempt
            if attempt > 1:  # it has cost time, in which somebody may have come
                self._attempt = self._as_before(guard).attempt
            self._run.sending(self._target, self._change, guard.fields, attempt, self._attempt)

        return self._access.writer.update_case(
            self._change.case_id,
            [(field_of(entry), self._run.value(entry)) for entry in guard.fields],
            self._run.order.performed_by,
            before_send,
            waited=True,
        )

    def _as_before(self, guard: Guard) -> Guard:
        """A new guard that allows the same; raises _Overtaken when the case was updated since."""
        live = self._read(self._access.reader)
        verdict = self._judged(live)
        again = Guard(verdict.to_write, live)
        if verdict.to_write != guard.fields or again.updated_at != guard.updated_at:
            raise _Overtaken
        return again

    def _check(self, request_id: str) -> Outcome:
        """Success is what a read shows, not what the service answered; nothing is sent again."""
        verdict = Verdict()
        for wait in CHECK_WAITS:
            self._run.wait(wait)
            try:
                live = self._read(self._access.reader.finishing())
            except ReconcilerError as error:
                message = f"written (request {request_id}), but not checked: {error}"
                return self._unknown(message, request_id or "unnamed")
            verdict = judge(self._change.fields, live, self._access.sealer)
            if verdict == Verdict():
                return Applied(
                    target=self._target, case_id=self._change.case_id, request_id=request_id
                )
            if verdict.conflicts:
                break
        return Unverified(
            target=self._target,
            case_id=self._change.case_id,
            request_id=request_id,
            fields=field_conflicts(verdict),
        )

    def _read(self, reader: PatientReader) -> LiveCase:
        planned = {field.id for field in self._fields}
        more = [field for field in self._access.attribution if field.id not in planned]
        fields = [*self._fields, *more]
        return read_guard(reader, self._change.case_id, fields, self._run.wait)

    # -- outcomes --------------------------------------------------------------------------

    def _refused(self, error: CallError) -> Outcome:
        """Nothing was written by this call; whether by an earlier one is another question."""
        message = self._run.hidden(str(error))
        if self._open or self._begun.loose:
            return self._unknown(f"it was sent before, and then: {message}")
        return Failed(
            target=self._target,
            case_id=self._change.case_id,
            code=error.code,
            message=message,
            request_id=error.request_id,
        )

    def _passed_over(self, reason: str) -> Outcome:
        return self._run.skipped(self._target, self._change.case_id, reason)

    def _unknown(self, message: str, request_id: str = "") -> Unknown:
        return Unknown(
            target=self._target,
            case_id=self._change.case_id,
            message=self._run.hidden(message),
            request_id=request_id,
        )

    def _already_done(self) -> AlreadyDone:
        return already_done(self._target, self._change)
