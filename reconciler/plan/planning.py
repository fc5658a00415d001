"""From specs to a plan: resolve, read live cases, compare, guard. Nothing here can write."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from reconciler.clock import Clock
from reconciler.model.diagnostic import Problem
from reconciler.model.plan import CaseChange, Estimate, Mode, Plan, TargetPlan
from reconciler.model.selectors import Selectors
from reconciler.model.value import Value, spelled
from reconciler.plan.ahead import Ahead
from reconciler.plan.assembling import case_change, estimate, offers, option_names
from reconciler.plan.clearing import refused_clears
from reconciler.plan.conflicts import left_alone, most_conflicts, without
from reconciler.plan.guard import blockers
from reconciler.plan.narrowing import check_cases, check_fields, narrowed
from reconciler.plan.order import PlanOrder
from reconciler.read.gathered import Gathered
from reconciler.read.gathering import Gatherer
from reconciler.read.managed import GatherOrder
from reconciler.read.preparing import (
    Later,
    PlanAccess,
    Prepared,
    Unreached,
    in_words,
    prepare,
    raise_any,
    unplanned,
    vault_of,
)
from reconciler.secrets.redacting import redacting, secrets
from reconciler.specs.ignoring import Rules
from reconciler.specs.owners import owned, unknown_fields

if TYPE_CHECKING:
    from reconciler.plan.classifying import ClassifiedChanges, Classifier

MOST_IN_BULK = 1_000  # histories: some ten minutes at the default quotas, before the first write


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, the sensitive values that its seals stand for (they are in no plan), and warnings.

    `classifiers` tell of each target, case by case, what class the rest of its changes is.
    """

    plan: Plan
    vault: Mapping[str, Value]
    warnings: tuple[str, ...] = ()
    classifiers: "Mapping[str, Classifier]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Read:
    """One target with its live cases, and what its specs may not ask of them."""

    prepared: Prepared
    gathered: Gathered
    problems: tuple[Problem, ...]
    ahead: Ahead


def make_plan(
    order: PlanOrder,
    accesses: Sequence[PlanAccess | Unreached],
    default: str | None,
    clock: Clock,
) -> Planned:
    """Plan every target; problems of all targets are raised together, before any case is read.

    A target that fails fails alone: it stands in the plan with its error. Raises when all fail.
    """
    with ExitStack() as ends:
        return _made(order, accesses, default, clock, ends)


def _made(
    order: PlanOrder,
    accesses: Sequence[PlanAccess | Unreached],
    default: str | None,
    clock: Clock,
    ends: ExitStack,
) -> Planned:
    prepared = order.in_lanes(partial(prepare, order.specs, default=default), accesses)
    raise_any(
        problem
        for one in prepared
        if isinstance(one, Prepared)
        for problem in one.resolution.problems
    )
    prepared = _narrowed(order.only, prepared)
    read = order.in_lanes(partial(_read, order, ends), prepared)
    _check_cases(order.only, read)
    # All targets are read first, so that one run tells everything that is wrong.
    raise_any(problem for one in read if isinstance(one, _Read) for problem in one.problems)
    now = clock.now()
    at = spelled(now.replace(microsecond=0))
    made = order.in_lanes(partial(_target_plan, order, at), read)
    failed = [one for one in made if isinstance(one, Unreached)]
    if failed and len(failed) == len(made):
        raise in_words(failed)
    plan = Plan(
        tool_version=order.tool_version,
        created_at=at,
        expires_at=spelled((now + order.life).replace(microsecond=0)),
        git=order.git,
        spec_digest=order.specs.digest,
        spec_files=order.specs.files,
        mode=order.mode,
        by_field=order.by_field,
        targets=tuple(
            unplanned(one, at) if isinstance(one, Unreached) else one.plan for one in made
        ),
    )
    ready = [one for one in prepared if isinstance(one, Prepared)]
    unknown = (unknown_fields(order.owners, one.catalog) for one in ready)
    return Planned(
        plan,
        vault_of(ready),
        tuple(chain.from_iterable(unknown)),
        {one.plan.name: one.rest for one in made if isinstance(one, _Made) and one.rest},
    )


def _narrowed(
    only: Selectors, prepared: Sequence[Prepared | Unreached]
) -> list[Prepared | Unreached]:
    """What is wanted of the fields that are named; what a target that failed has, nobody knows."""
    ready = [one for one in prepared if isinstance(one, Prepared)]
    if len(ready) == len(prepared):
        check_fields(only, ready)
    return [
        replace(one, resolution=narrowed(only, one)) if isinstance(one, Prepared) else one
        for one in prepared
    ]


def _check_cases(only: Selectors, read: Sequence[_Read | Unreached]) -> None:
    ready = [one for one in read if isinstance(one, _Read)]
    if len(ready) == len(read):
        about = {case for one in ready for case in one.gathered.about}
        check_cases(only, [one.prepared for one in ready], about)


def _read(order: PlanOrder, ends: ExitStack, one: Prepared) -> _Read:
    ahead = Ahead(one, order.attribution, order.progress_of(one.access.target))
    ends.callback(ahead.close)
    gathered = _gather(order, one, ahead)
    clears = refused_clears(gathered.found, one.catalog, one.access.catalog)
    return _Read(one, gathered, (*gathered.problems, *clears), ahead)


def _gather(order: PlanOrder, one: Prepared, ahead: Ahead) -> Gathered:
    rules = Rules(each for each in one.rules if each.rule.holds_for(drift=order.for_drift))
    gatherer = Gatherer(
        one.access.reader,
        GatherOrder(
            catalog=one.catalog,
            resolution=one.resolution,
            mode=order.mode,
            quotas=one.access.quotas,
            share=one.access.target.share,
            only=order.only,
            rules=rules,
            progress=order.progress_of(one.access.target),
            found=ahead.found,
        ),
    )
    # A search sends conditions on sensitive fields, and the service may repeat them in an error.
    with redacting(secrets(one.resolution, one.sealer.sensitive)):
        return gatherer.gather()


@dataclass(frozen=True, slots=True)
class _Made:
    """One target's part of the plan, and what classifies the rest of it while it is applied."""

    plan: TargetPlan
    rest: "Classifier | None"


def _target_plan(order: PlanOrder, read_at: str, read: _Read) -> _Made:
    one, result = read.prepared, read.gathered
    target, domain = one.access.target, one.access.domain
    told = _classified(order, read)
    changes = told.changes if told else _differing(one, result)
    changes = owned(changes, [spec.header for spec in one.specs], order.owners)
    plan = TargetPlan(
        name=target.name,
        account=domain.account,
        region=domain.region,
        domain_id=domain.id,
        domain_name=domain.name,
        read_at=read_at,
        read_by="; ".join([*result.strategy, *(told.read if told else ())]) or "nothing to read",
        cases_managed=result.managed,
        cases_in_sync=result.in_sync,
        changes=changes,
        unreadable=tuple(result.unreadable),
        blocked_by=(),
        ignored=tuple(result.ignored),
        option_names=option_names(changes, one.catalog),
        estimate=Estimate({}, 0.0),
        unconfirmed=sum(not found.confirmed for found in result.found),
        policy_limits={
            policy.name: policy.case_limit
            for policy in one.resolution.policies
            if policy.case_limit is not None
        },
    )
    blocked_by = blockers(
        plan,
        target.limits,
        order.allowed,
        owners=order.owners,
        without_specs=not order.specs.specs,
    )
    rest = told.rest if told else None
    plan = _costed(order, one, replace(plan, blocked_by=blocked_by), rest.most if rest else 0)
    return _Made(plan, rest)


def _costed(order: PlanOrder, one: Prepared, plan: TargetPlan, histories: int) -> TargetPlan:
    """The plan with what applying it costs; conflicts that are left alone cost nothing."""
    target = one.access.target
    conflicts = left_alone(plan, most_conflicts(target.limits, order.allowed))
    changes = without(plan, conflicts).changes
    asked = (changes, order.mode, one.access.quotas, target.share)
    cost = estimate(*asked, by_field=order.by_field, histories=histories)
    bulk, parts = offers(*asked, by_field=order.by_field)
    return replace(plan, estimate=cost, bulk_estimate=bulk, by_field_estimate=parts)


def _classified(order: PlanOrder, read: _Read) -> "ClassifiedChanges | None":
    """The differences as changes, told apart by their histories; None where none can be read."""
    one, result = read.prepared, read.gathered
    histories = one.access.history
    if histories is None or not result.found or not (order.attribution or order.applied):
        return None
    # Loaded only now: a plan in which nothing differs needs none of it.
    from reconciler.plan.classifying import classified

    most = MOST_IN_BULK if order.mode is Mode.BULK else len(result.found)
    asked = replace(read.ahead.order(), most_later=most)
    changes = _differing(one, result)
    return classified(asked, histories, result.found, changes, _when(order, one), read.ahead)


def _differing(one: Prepared, result: Gathered) -> tuple[CaseChange, ...]:
    return tuple(
        case_change(found.live, found.differences, one.catalog, one.sealer)
        for found in result.found
    )


def _when(order: PlanOrder, one: Prepared) -> Later:
    """When named cases are classified that the plan leaves unclassified."""
    limits, allowed = one.access.target.limits, order.allowed
    if not order.applied:
        return Later.NEVER
    guard = limits.unclassified if allowed.unclassified is None else allowed.unclassified
    # How many there are decides whether any is written, so that all are looked at before.
    first = guard is not None or most_conflicts(limits, allowed) > 0
    return Later.FIRST if first else Later.MEANWHILE
