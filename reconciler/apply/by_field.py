"""Many cases with many different changes, a few fields at a time: several batches for each case.

Before each of its batches a case is read with all of its planned fields, so that what somebody
changed between two of them is seen: then nothing more of the case is written, and what was written
is told. Our own write of other fields is none of that; it is known by the time of the last update
that the check after it saw. Whatever a batch cannot do goes to the one-case path, with all that is
left of the case.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import replace

from reconciler.apply.bulk import BatchRun
from reconciler.apply.bulk_access import BulkAccess, each_once
from reconciler.apply.judging import Verdict, field_of, judge
from reconciler.apply.part import Part
from reconciler.apply.run import Run
from reconciler.apply.settling import already_done, conflicted, field_conflicts
from reconciler.apply.settling_rule import Attempt, later
from reconciler.model.case import LiveCase
from reconciler.model.event import Applied, Outcome, PartWritten, Unverified
from reconciler.model.plan import CaseChange, TargetPlan
from reconciler.model.system_fields import UPDATED_AT
from reconciler.model.value import CaseId
from reconciler.parallel import in_order
from reconciler.plan.batching import Batch
from reconciler.plan.covering import REST, cover


class PartRun(BatchRun):
    """One batch of some fields of its cases; a case that has others left stays under way."""

    def __init__(
        self,
        target: TargetPlan,
        batch: Batch,
        bulk: BulkAccess,
        run: Run,
        wholes: Mapping[CaseId, CaseChange],
    ) -> None:
        super().__init__(target, batch, bulk, run)
        self._wholes = wholes
        planned = [
            field_of(entry) for change in batch.changes for entry in wholes[change.case_id].fields
        ]
        self._guarded_fields = each_once(planned, bulk.access.attribution)
        self._checked_fields = self._guarded_fields

    def _allows(self, change: CaseChange, live: LiveCase) -> bool:
        """Whether a case may travel, as a read of all its planned fields shows it."""
        case_id, whole = change.case_id, self._wholes[change.case_id]
        begun = self._run.begun(self._target, case_id)
        verdict = judge(whole.fields, live, self._access.sealer, begun.told)
        updated_at = live.value_of(UPDATED_AT)
        if begun.updated_at and later(begun.updated_at, str(updated_at or "")):
            self._alone.append(change)  # the index does not show yet what was written
        elif verdict == Verdict():
            self._end(already_done(self._target, whole))
        elif verdict.conflicts and not begun.told:
            self._end(conflicted(self._target, whole, verdict, live))
        elif verdict.conflicts or later(updated_at, begun.updated_at or whole.observed_at):
            self._alone.append(change)
        else:
            return self._is_left(change, verdict, live)
        return False

    def _is_left(self, change: CaseChange, verdict: Verdict, live: LiveCase) -> bool:
        """Whether all the fields of this batch are still to be written."""
        left = {entry.id for entry in verdict.to_write}
        wanted = frozenset(change.field_ids)
        if not wanted & left:
            self._run.closed(self._target, change.case_id, Part(wanted), accepted=False)
        elif not wanted <= left:
            self._alone.append(change)
        else:
            seen_at = str(live.value_of(UPDATED_AT) or "")
            self._attempts[change.case_id] = Attempt(seen_at, live.read_at, Part(wanted))
            return True
        return False

    def _check(self, written: list[CaseChange], request_id: str) -> None:
        for change in written:
            if self._is_partial(change):
                part = Part(frozenset(change.field_ids))
                self._run.closed(self._target, change.case_id, part, accepted=True)
        super()._check(written, request_id)

    def _is_done(self, change: CaseChange, read: LiveCase, request_id: str) -> None:
        """The end of a case whose last fields these were; all of them are looked at once more."""
        case_id, whole = change.case_id, self._wholes[change.case_id]
        if self._is_partial(change):
            self._run.part_written(
                PartWritten(
                    target=self._target,
                    case_id=case_id,
                    fields=change.field_ids,
                    request_id=request_id,
                    updated_at=str(read.value_of(UPDATED_AT) or ""),
                )
            )
            told = self._run.begun(self._target, case_id).told
            if not all(field in told for field in whole.field_ids):
                return
        verdict = judge(whole.fields, read, self._access.sealer)
        outcome: Outcome = Applied(
            target=self._target, case_id=case_id, request_id=request_id, about=whole.field_ids
        )
        if verdict != Verdict():
            outcome = Unverified(
                target=self._target,
                case_id=case_id,
                request_id=request_id,
                fields=field_conflicts(verdict),
            )
        self._end(outcome)

    def _is_partial(self, change: CaseChange) -> bool:
        return len(change.fields) < len(self._wholes[change.case_id].fields)


def by_field(
    run: Run, target: TargetPlan, changes: Sequence[CaseChange], bulk: BulkAccess, workers: int
) -> Generator[Outcome, None, list[CaseChange]]:
    """Write many different changes together; returns the cases that have to go one by one."""
    wholes = {change.case_id: change for change in changes}
    todo, alone = _parted(run, target, changes)
    made = cover(todo)
    alone += (change.case_id for change in made.singles)
    over: set[CaseId] = set()
    begun: set[CaseId] = set()
    done, parts = 0, len(made.batches)
    for wave in made.waves:
        cases = {change.case_id for batch in wave for change in batch.changes}
        if not begun.isdisjoint(cases):
            run.wait(REST)
        begun |= cases
        runs = [
            PartRun(target, Batch(left), bulk, run, wholes)
            for batch in wave
            if (left := tuple(one for one in batch.changes if one.case_id not in over))
        ]
        for outcomes, lonely in in_order(PartRun.outcomes, runs, workers):
            done += 1
            run.order.progress(
                f"{target.name} by field", len(changes) * done // parts, len(changes)
            )
            yield from outcomes
            alone += (change.case_id for change in lonely)
            over.update(one.case_id for one in (*outcomes, *lonely))
    return [wholes[case_id] for case_id in sorted(alone)]


def _parted(
    run: Run, target: TargetPlan, changes: Iterable[CaseChange]
) -> tuple[list[CaseChange], list[CaseId]]:
    """What no earlier apply has written, for batches; and cases that have to be settled first."""
    todo: list[CaseChange] = []
    alone: list[CaseId] = []
    for change in changes:
        begun = run.begun(target.name, change.case_id)
        left = tuple(entry for entry in change.fields if entry.id not in begun.told)
        if begun.attempts or not left:
            alone.append(change.case_id)
        else:
            todo.append(replace(change, fields=left))
    return todo, alone
