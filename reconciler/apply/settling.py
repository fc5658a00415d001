"""Settle a case whose write got no reply: by GetCase, with the audit history for the word alone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from operator import or_

from reconciler.apply.guarding import read_guard
from reconciler.apply.judging import Verdict, field_of, judge
from reconciler.apply.part import NO_FIELD, Part
from reconciler.apply.run import ApplyAccess, Open, Run
from reconciler.apply.settling_rule import Settled, earliest, settled, stamped, touched_by_plan
from reconciler.errors import CallError, ReconcilerError, Stopped
from reconciler.history.attribution import read_history
from reconciler.model.audit import AuditEvent
from reconciler.model.case import LiveCase
from reconciler.model.event import AlreadyDone, Applied, Conflict, FieldConflict, Outcome, Unknown
from reconciler.model.plan import CaseChange
from reconciler.model.system_fields import UPDATED_AT, UPDATED_BY
from reconciler.model.value import Value
from reconciler.service.patient import PatientReader

WAITS = (0.0, 1.0, 1.0)  # seconds before each look, for replies and histories that are late


class Settling:
    """One case whose writes, of this run or of earlier ones, may or may not have taken effect."""

    def __init__(self, target: str, change: CaseChange, access: ApplyAccess, run: Run) -> None:
        self._target = target
        self._change = change
        self._access = access
        self._run = run
        self._ids = change.field_ids

    def outcome(self, open_: Sequence[Open], told: Part) -> Outcome | Part:
        """What became of the case; else the part of it that is done, so that the rest may follow.

        `told` is what was done before. No field is done where no write took effect.
        """
        # A write of this very run is settled even when the run was asked to stop.
        mine = any(one.mine for one in open_)
        reader = self._access.reader.finishing() if mine else self._access.reader
        # A write may arrive after the read that settles it; what comes more than a second late
        # remains open (README, What apply does).
        self._run.wait_until(max(one.settle_from for one in open_))
        updated_at: Value = None
        try:
            for wait in WAITS:
                self._run.wait(wait)
                found = self._look(reader, open_, told)
                if not isinstance(found, LiveCase):
                    return found
                updated_at = found.value_of(UPDATED_AT)
        except Stopped:
            raise
        except ReconcilerError as error:
            return self._unknown(f"no reply to its write, and reading it again failed: {error}")
        return self._unknown(
            "no reply to its write; it holds what it held before, but was updated since or "
            f"right before ({updated_at}): look at `reconcile history`"
        )

    def _look(
        self, reader: PatientReader, open_: Sequence[Open], told: Part
    ) -> Outcome | LiveCase | Part:
        """What one read tells; the case itself where it tells nothing."""
        attempts = [one.attempt for one in open_]
        planned = {entry.id for entry in self._change.fields}
        more = [field for field in self._access.attribution if field.id not in planned]
        fields = [*map(field_of, self._change.fields), *more]
        live = read_guard(reader, self._change.case_id, fields, self._run.wait)
        verdict = judge(self._change.fields, live, self._access.sealer, told)
        # A part of a plan closes only its own fields; the rest of the case is another apply's.
        about = reduce(or_, (one.about for one in attempts))
        asked = replace(verdict, to_write=tuple(one for one in verdict.to_write if one.id in about))
        match settled(asked, live.value_of(UPDATED_AT), attempts):
            case Settled.CONFLICT:
                return conflicted(self._target, self._change, verdict, live)
            case Settled.DONE:
                return about if verdict.to_write else self._done(open_)
            case Settled.UNTOUCHED:
                return NO_FIELD
        try:
            ids = [entry.id for entry in asked.to_write]
            written = stamped(self._history(), ids, self._stamps(), earliest(attempts))
        except CallError:
            written = False  # the history gives the word only
        return conflicted(self._target, self._change, asked, live) if written else live

    def _done(self, open_: Iterable[Open]) -> Outcome:
        """Applied is said only where this run's own stamp shows; nothing else hangs on it."""
        mine = [one.attempt for one in open_ if one.mine]
        done = already_done(self._target, self._change)
        for wait in WAITS if mine else ():
            self._run.wait(wait)
            try:
                stamps = [self._run.order.performed_by]
                if stamped(self._history(), self._ids, stamps, earliest(mine)):
                    return Applied(
                        target=self._target,
                        case_id=self._change.case_id,
                        request_id="",
                        settled_by_reading=True,
                    )
            except CallError:
                return done
        return done

    def written_before(self) -> Part:
        """The planned fields that this plan, or another one since it was made, may have done."""
        since = self._change.observed_at
        return touched_by_plan(self._history(), self._ids, self._stamps(), since)

    def _stamps(self) -> list[str]:
        """That of this plan, and those of plans whose rest it is or that are its rest."""
        order = self._run.order
        return [order.performed_by, *order.earlier.stamps]

    def _history(self) -> tuple[AuditEvent, ...]:
        return read_history(self._access.audit, self._change.case_id, self._access.catalog)

    def _unknown(self, message: str) -> Unknown:
        hidden = self._run.hidden(message)
        return Unknown(target=self._target, case_id=self._change.case_id, message=hidden)


def already_done(target: str, change: CaseChange) -> AlreadyDone:
    """A case holds the planned values, whoever wrote them."""
    return AlreadyDone(target=target, case_id=change.case_id, about=change.field_ids)


def conflicted(target: str, change: CaseChange, verdict: Verdict, live: LiveCase) -> Conflict:
    """A case is left as it is: what it holds is, or may be, somebody else's."""
    return Conflict(
        target=target,
        case_id=change.case_id,
        fields=field_conflicts(verdict),
        changed_by=str(live.value_of(UPDATED_BY) or ""),
        changed_at=str(live.value_of(UPDATED_AT) or ""),
    )


def field_conflicts(verdict: Verdict) -> tuple[FieldConflict, ...]:
    """What a read after a write shows instead of the planned values."""
    return verdict.conflicts or tuple(
        FieldConflict(entry.id, entry.name, entry.before, entry.after, entry.before)
        for entry in verdict.to_write
    )
