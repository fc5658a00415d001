"""From specs to a plan: resolve, read live cases, compare, guard. Nothing here can write."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

from reconciler.engine.guard import Allowances, objections
from reconciler.engine.ignoring import Ignoring, Rules, conditions, resolve_rules
from reconciler.engine.names import FieldNames
from reconciler.engine.owners import owned, owner_objections, unknown_fields
from reconciler.engine.planning import bulk_saves, case_change, estimate, option_names
from reconciler.engine.resolve import Resolution, resolve, selects_in_use
from reconciler.engine.sealing import Sealer
from reconciler.errors import AuthorErrors, ReconcilerError
from reconciler.model.catalog import Catalog, Field
from reconciler.model.config import OwnerRule, Rate, Target
from reconciler.model.diagnostic import Problem
from reconciler.model.plan import CaseChange, Git, Mode, Objection, Plan, TargetPlan
from reconciler.model.selectors import EVERYTHING, Selectors
from reconciler.model.spec import PolicySpec, Spec, SpecSet
from reconciler.model.value import FieldId, Value, spelled
from reconciler.ports import (
    CaseReader,
    CatalogReader,
    Clock,
    DomainFacts,
    Progress,
    no_progress,
)
from reconciler.workflow.catalog import read_fields, with_options, with_templates
from reconciler.workflow.clearing import refused_clears
from reconciler.workflow.discretion import discreet, secrets
from reconciler.workflow.gathering import Gathered, Gatherer
from reconciler.workflow.narrowing import check_cases, check_fields, narrowed
from reconciler.workflow.wanting import GatherOrder

if TYPE_CHECKING:
    from reconciler.workflow.attribution import HistoryAccess


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAccess:
    """One target as planning sees it: readers only; `history` is opened if something differs."""

    target: Target
    domain: DomainFacts
    catalog: CatalogReader
    reader: CaseReader
    quotas: Mapping[str, Rate]
    seal_key: bytes
    history: "Callable[[], HistoryAccess] | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOrder:
    """What is asked of one planning run.

    `attribution` is of how many differing cases of a target the histories may be read;
    `for_drift` says which rules of kind Ignore hold.
    """

    specs: SpecSet
    git: Git
    mode: Mode
    tool_version: str
    life: timedelta
    only: Selectors = EVERYTHING
    allowed: Allowances = field(default_factory=Allowances)
    empty_allowed: bool = False
    for_drift: bool = False
    owners: tuple[OwnerRule, ...] = ()
    progress: Progress = no_progress
    attribution: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, the sensitive values that its seals stand for (they are in no plan), and warnings."""

    plan: Plan
    vault: Mapping[str, Value]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One target with every name resolved."""

    access: PlanAccess
    specs: tuple[Spec, ...]
    catalog: Catalog
    resolution: Resolution
    sealer: Sealer
    default: str | None
    rules: tuple[Ignoring, ...]


def specs_for(specs: SpecSet, target: str, default: str | None) -> tuple[Spec, ...]:
    """The specs that are about one target."""
    return tuple(spec for spec in specs.specs if spec.header.is_about(target, default))


def make_plan(
    order: PlanOrder, accesses: Sequence[PlanAccess], default: str | None, clock: Clock
) -> Planned:
    """Plan every target; problems of all targets are raised together, before any case is read."""
    prepared = [_prepare(order.specs, access, default) for access in accesses]
    _raise_any(problem for one in prepared for problem in one.resolution.problems)
    check_fields(order.only, prepared)
    prepared = [replace(one, resolution=narrowed(order.only, one)) for one in prepared]
    gathered = [_gather(order, one) for one in prepared]
    check_cases(order.only, prepared, {case for one in gathered for case in one.about})
    _raise_any(
        problem
        for one, result in zip(prepared, gathered, strict=True)
        for problem in (*result.problems, *_refused_clears(one, result))
    )
    now = clock.now()
    targets = tuple(
        _target_plan(order, one, result, spelled(now.replace(microsecond=0)))
        for one, result in zip(prepared, gathered, strict=True)
    )
    plan = Plan(
        tool_version=order.tool_version,
        created_at=spelled(now.replace(microsecond=0)),
        expires_at=spelled((now + order.life).replace(microsecond=0)),
        git=order.git,
        spec_digest=order.specs.digest,
        spec_files=order.specs.files,
        mode=order.mode,
        targets=targets,
    )
    unknown = (unknown_fields(order.owners, one.catalog) for one in prepared)
    return Planned(plan, _vault(prepared), tuple(chain.from_iterable(unknown)))


def read_vault(
    specs: SpecSet, accesses: Sequence[PlanAccess], default: str | None
) -> Mapping[str, Value]:
    """The sensitive values of these specs by digest: what a saved plan's seals stand for."""
    prepared = [_prepare(specs, access, default) for access in accesses]
    _raise_any(problem for one in prepared for problem in one.resolution.problems)
    return _vault(prepared)


def _vault(prepared: Iterable[_Prepared]) -> Mapping[str, Value]:
    vault: dict[str, Value] = {}
    for one in prepared:
        wishes = (
            *(wish.fields for wish in one.resolution.named),
            *(wish.fields for wish in one.resolution.policies),
        )
        vault.update(
            one.sealer.vault((entry.field, entry.value) for fields in wishes for entry in fields)
        )
    return vault


def sensitive_ids(names: Iterable[str], catalog: Catalog, target: str) -> frozenset[FieldId]:
    """The fields that the config calls sensitive; a name that means nothing is an error.

    A typing mistake here would leak, so it must stop the run.
    """
    lookup = FieldNames(catalog)
    found: set[FieldId] = set()
    for name in sorted(names):
        known = lookup.find(name)
        if not isinstance(known, Field):
            hint = f" ({known.hint})" if known.hint else ""
            raise ReconcilerError(f"target {target}: sensitive: {known.message}{hint}")
        found.add(known.id)
    return frozenset(found)


def _raise_any(problems: Iterable[Problem]) -> None:
    found = tuple(problems)
    if found:
        raise AuthorErrors(found)


def _prepare(found: SpecSet, access: PlanAccess, default: str | None) -> _Prepared:
    specs = specs_for(found, access.target.name, default)
    ignores = [one for one in found.ignores if one.header.is_about(access.target.name, default)]
    catalog = read_fields(access.domain, access.catalog)
    named = selects_in_use((*specs, *conditions(ignores)), catalog)
    catalog = with_options(catalog, access.catalog, named)
    if any(isinstance(spec, PolicySpec) and spec.select.template for spec in specs):
        catalog = with_templates(catalog, access.catalog)
    sensitive = sensitive_ids(access.target.sensitive, catalog, access.target.name)
    resolution = resolve(specs, catalog, sensitive)
    rules, problems = resolve_rules(ignores, catalog, sensitive)
    return _Prepared(
        access,
        specs,
        catalog,
        replace(resolution, problems=(*resolution.problems, *problems)),
        Sealer(access.seal_key, sensitive),
        default,
        rules,
    )


def _gather(order: PlanOrder, one: _Prepared) -> Gathered:
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
            progress=order.progress,
        ),
    )
    with discreet(secrets(one.resolution, one.sealer.sensitive)):
        return gatherer.gather()


def _refused_clears(one: _Prepared, result: Gathered) -> Iterable[Problem]:
    return refused_clears(result.found, one.catalog, one.access.catalog)


def _target_plan(order: PlanOrder, one: _Prepared, result: Gathered, read_at: str) -> TargetPlan:
    target, domain = one.access.target, one.access.domain
    changes, read_for_them = _changes(order, one, result)
    changes = owned(changes, [spec.header for spec in one.specs], order.owners)
    plan = TargetPlan(
        name=target.name,
        account=domain.account,
        region=domain.region,
        domain_id=domain.id,
        domain_name=domain.name,
        read_at=read_at,
        read_by="; ".join([*result.strategy, *read_for_them]) or "nothing to read",
        cases_managed=result.managed,
        cases_in_sync=result.in_sync,
        changes=changes,
        unreadable=tuple(result.unreadable),
        blocked_by=(),
        ignored=tuple(result.ignored),
        option_names=option_names(changes, one.catalog),
        estimate=estimate(changes, order.mode, one.access.quotas, target.share),
        bulk_estimate=bulk_saves(changes, order.mode, one.access.quotas, target.share),
        unconfirmed=sum(not found.confirmed for found in result.found),
        policy_limits={
            policy.name: policy.case_limit
            for policy in one.resolution.policies
            if policy.case_limit is not None
        },
    )
    blocked_by = (
        *objections(plan, target.limits, order.allowed),
        *owner_objections(plan, order.owners, order.allowed.owners),
    )
    if not order.specs.specs and not order.empty_allowed:
        blocked_by = (*blocked_by, no_specs(target.name))
    return replace(plan, blocked_by=blocked_by)


def _changes(
    order: PlanOrder, one: _Prepared, result: Gathered
) -> tuple[tuple[CaseChange, ...], tuple[str, ...]]:
    """The differences as changes, told apart by their histories, and what was read for that."""
    changes = tuple(
        case_change(found.live, found.differences, one.catalog, one.sealer)
        for found in result.found
    )
    if not (changes and order.attribution and one.access.history):
        return changes, ()
    # Loaded only now: a plan in which nothing differs needs none of it.
    from reconciler.workflow.attribution import AttributionOrder, attribute

    asked = AttributionOrder(
        target=one.access.target.name,
        default=one.default,
        specs=one.specs,
        catalog=one.catalog,
        resolution=one.resolution,
        sealer=one.sealer,
        most=order.attribution,
        progress=order.progress,
    )
    return attribute(asked, one.access.history(), result.found, changes)


def no_specs(scope: str) -> Objection:
    """The guard against a wrong path: nothing at all was found to plan from."""
    return Objection(
        "no-specs",
        scope,
        0,
        1,
        "--allow-empty",
        "no spec was found at all; usually the path is wrong",
    )
