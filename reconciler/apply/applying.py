"""Carry out a plan, leaving a journal that a later run can continue.

Nothing is decided here that the plan does not say: each case is read again, judged, written with
only the fields that differ, and read once more.
"""

import threading
from collections.abc import Generator, Iterator, Mapping
from functools import partial

from reconciler.apply.bulk import BatchRun
from reconciler.apply.bulk_access import BulkAccess
from reconciler.apply.by_field import by_field
from reconciler.apply.one_case import CaseRun
from reconciler.apply.order import held_back, why_undone
from reconciler.apply.run import ApplyAccess, ApplyOrder, Run
from reconciler.apply.stages import Work, cut, stage_problem
from reconciler.apply.turns import Ask, Turns, in_turn
from reconciler.clock import Clock
from reconciler.errors import PlanMisfit, Stopped, Unauthenticated
from reconciler.model.event import Conflict, Outcome, Record, StageFinished, StageStarted
from reconciler.model.plan import CaseChange, Mode, Sealed, TargetPlan
from reconciler.parallel import WORKERS, in_order
from reconciler.plan.batching import batches
from reconciler.state.tally import counted

BATCH_WORKERS = 4  # batches under way at once; each is up to a hundred cases


def check_vault(order: ApplyOrder) -> None:
    """Every sealed value must be at hand before the first write."""
    reached = (one for one in order.plan.targets if one.name not in order.failed)
    for target in reached:
        for change in target.changes:
            for entry in change.fields:
                # A plan that breaks off in the middle for want of a value would leave cases half
                # done.
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
    """Every case's outcome; each is in the journal before it is yielded.

    Lanes are written at the same time, and the targets of one in their order.
    """
    run = Run(order, record, stop, clock)
    for conflict in order.conflicts:
        # Of a target that cannot be reached nothing is known any more, conflicts included.
        if conflict.target not in order.failed:
            yield run.left_alone(conflict)
    yield from in_turn(_turns(order), _Targets(run, accesses).outcomes, stop)


def _turns(order: ApplyOrder) -> Turns:
    """The order of the targets; without another one, they are one lane in the plan's order."""
    if order.turns is not None:
        return order.turns
    return Turns(names=tuple(target.name for target in order.plan.targets))


class _Targets:
    """What becomes of each target, and whether those behind it may begin."""

    def __init__(self, run: Run, accesses: Mapping[str, ApplyAccess]) -> None:
        self._run = run
        self._accesses = accesses
        self._turns = _turns(run.order)
        self._targets = {target.name: target for target in run.order.plan.targets}
        self._undone: dict[str, str] = {}  # why a target did not end clean

    def outcomes(self, name: str, ask: Ask) -> Iterator[Outcome]:
        """One target's, whose turn it is."""
        order, target = self._run.order, self._targets[name]
        todo, beyond = _sorted_out(order, target)
        found: list[Outcome] = [one for one in order.conflicts if one.target == name]
        for outcome in self._carried_out(target, todo, beyond, ask):
            found.append(outcome)
            yield outcome
        aside = {(name, change.case_id) for _, change in beyond}
        rest = [one for one in found if (one.target, one.case_id) not in aside]
        self._undone[name] = (
            order.failed.get(name, "")
            or self._turns.undone.get(name, "")
            or why_undone(target, rest)
        )

    def _carried_out(
        self, target: TargetPlan, todo: list[Work], beyond: list[Work], ask: Ask
    ) -> Iterator[Outcome]:
        run = self._run
        if reason := run.order.failed.get(target.name) or self._held(target.name):
            yield from _skip(run, [*todo, *beyond], reason)
            return
        if run.order.stages:
            yield from _in_stages(run, self._accesses, todo, ask)
        else:
            yield from _carry_out(run, self._accesses, todo)
        yield from _skip(run, beyond, f"--limit {run.order.limit}")

    def _held(self, name: str) -> str:
        """Why a target may not begin, although its turn has come."""
        for one in self._turns.before(name):
            if why := self._undone.get(one, ""):
                return held_back(one, why)
        return self._turns.held.get(name, "")


def _in_stages(
    run: Run, accesses: Mapping[str, ApplyAccess], todo: list[Work], ask: Ask
) -> Iterator[Outcome]:
    """Stage after stage, as long as each gives no reason to stop; the rest is not attempted."""
    parts, done = cut(todo, run.order.stages)
    name = todo[0][0].name if todo and len(run.order.plan.targets) > 1 else ""
    reason, begun = "", 0
    for number, part in enumerate(parts, 1):
        if number > 1:
            due = StageStarted(target=name, stage=number, stages=len(parts), cases=len(part))
            reason = reason or run.order.gate(todo[0][0], due, ask) or run.reason_to_skip()
        if reason:
            break
        started = StageStarted(target=name, stage=number, stages=len(parts), cases=len(part))
        ask(partial(run.started, started))
        found: list[Outcome] = []
        for outcome in _carry_out(run, accesses, list(part)):
            found.append(outcome)
            yield outcome
        begun += len(part)
        last = number == len(parts)
        reason = "" if last else run.reason_to_wait(stage_problem(number, len(parts), found))
        ended = StageFinished(
            target=name, stage=number, stages=len(parts), counts=counted(found), stop=reason
        )
        ask(partial(run.started, ended))
    yield from _skip(run, todo[begun:done], reason)
    yield from _skip(run, todo[done:], reason or f"beyond the last stage, {run.order.stages[-1]}")


def _carry_out(
    run: Run, accesses: Mapping[str, ApplyAccess], todo: list[Work]
) -> Iterator[Outcome]:
    if run.order.plan.mode is Mode.BULK:
        todo = yield from _without_conflicts(run, todo)
        todo = yield from _in_batches(run, accesses, todo)

    def one(work: Work) -> Outcome:
        target, change = work
        reason = run.reason_to_skip()
        # What this run has sent is brought to its end even when it was asked to stop.
        if reason and not run.in_flight(target.name, change.case_id):
            return run.ended(run.skipped(target.name, change.case_id, reason))
        if conflict := _conflict(run, work):
            return run.left_alone(conflict)
        return run.ended(CaseRun(target, change, accesses[target.name], run).outcome())

    # In the plan's order, whatever order replies come in: two runs of one plan read alike.
    yield from in_order(one, todo, WORKERS)


def _conflict(run: Run, work: Work) -> Conflict | None:
    """Whether the case is in conflict; what stops this reading stops the write as well."""
    target, change = work
    if run.in_flight(target.name, change.case_id):
        return None  # what was sent before is settled first, whatever the history says
    try:
        return run.order.conflict(target, change)
    except (Stopped, Unauthenticated):
        return None


def _without_conflicts(run: Run, todo: list[Work]) -> Generator[Outcome, None, list[Work]]:
    """A batch is not looked at case by case, so that its cases are looked at before."""
    left: list[Work] = []
    for work, conflict in zip(todo, in_order(partial(_conflict, run), todo, WORKERS), strict=True):
        if conflict is None:
            left.append(work)
        else:
            yield run.left_alone(conflict)
    return left


def _skip(run: Run, rest: list[Work], reason: str) -> Iterator[Outcome]:
    for target, change in rest:
        yield run.ended(run.skipped(target.name, change.case_id, reason))


def _sorted_out(order: ApplyOrder, target: TargetPlan) -> tuple[list[Work], list[Work]]:
    """What of a target is to be looked at now, and what a limit leaves for later."""
    alone = {one.case_id for one in order.conflicts if one.target == target.name}
    if target.name in order.failed:
        alone = set()
    everything = [(target, change) for change in target.changes if change.case_id not in alone]
    # Cases in conflict cost no write, and use up no part of the limit.
    within = len(everything) if order.limit is None else order.limit
    return everything[:within], everything[within:]


def _in_batches(
    run: Run, accesses: Mapping[str, ApplyAccess], todo: list[Work]
) -> Generator[Outcome, None, list[Work]]:
    """Write alike changes together; returns what has to be written case by case."""
    left: list[Work] = []
    by_target: dict[str, tuple[TargetPlan, list[CaseChange]]] = {}
    for target, change in todo:
        by_target.setdefault(target.name, (target, []))[1].append(change)
    for target, changes in by_target.values():
        bulk = BulkAccess(accesses[target.name])
        if run.order.plan.by_field:
            rest = yield from by_field(run, target, changes, bulk, BATCH_WORKERS)
            left.extend((target, change) for change in rest)
            continue
        # One BatchUpdateCase sets one set of values for all its cases (documented), so alike ones
        # go together.
        made, singles = batches(changes)
        left.extend((target, change) for change in singles)
        runs = [BatchRun(target, batch, bulk, run) for batch in made]
        for outcomes, alone in in_order(BatchRun.outcomes, runs, BATCH_WORKERS):
            yield from outcomes
            left.extend((target, change) for change in alone)
    return left
