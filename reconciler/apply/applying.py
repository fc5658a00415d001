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
from reconciler.apply.run import ApplyAccess, ApplyOrder, Run
from reconciler.apply.stages import Work, cut, stage_problem
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
    for target in order.plan.targets:
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
    """Every case's outcome; each is in the journal before it is yielded."""
    run = Run(order, record, stop, clock)
    for conflict in order.conflicts:
        # Of a target that cannot be reached nothing is known any more, conflicts included.
        if conflict.target not in order.failed:
            yield run.left_alone(conflict)
    todo, beyond = _sorted_out(order)
    for target in order.plan.targets:
        if reason := order.failed.get(target.name):
            yield from _skip(run, [(target, change) for change in target.changes], reason)
    if order.stages:
        yield from _in_stages(run, accesses, todo)
    else:
        yield from _carry_out(run, accesses, todo)
    yield from _skip(run, beyond, f"--limit {order.limit}")


def _in_stages(
    run: Run, accesses: Mapping[str, ApplyAccess], todo: list[Work]
) -> Iterator[Outcome]:
    """Stage after stage, as long as each gives no reason to stop; the rest is not attempted."""
    parts, done = cut(todo, run.order.stages)
    reason, begun = "", 0
    for number, part in enumerate(parts, 1):
        if number > 1:
            reason = reason or run.order.gate(number, len(parts), len(part)) or run.reason_to_skip()
        if reason:
            break
        run.started(StageStarted(stage=number, stages=len(parts), cases=len(part)))
        found: list[Outcome] = []
        for outcome in _carry_out(run, accesses, list(part)):
            found.append(outcome)
            yield outcome
        begun += len(part)
        last = number == len(parts)
        reason = "" if last else run.reason_to_wait(stage_problem(number, len(parts), found))
        run.started(
            StageFinished(stage=number, stages=len(parts), counts=counted(found), stop=reason)
        )
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


def _sorted_out(order: ApplyOrder) -> tuple[list[Work], list[Work]]:
    """What is to be looked at now, and what a limit leaves for later."""
    alone = {(one.target, one.case_id) for one in order.conflicts}
    everything = [
        (target, change)
        for target in order.plan.targets
        if target.name not in order.failed
        for change in target.changes
        if (target.name, change.case_id) not in alone
    ]
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
