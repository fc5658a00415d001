"""Make one target ready for planning: its catalog, and every name in its specs resolved."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from reconciler.config.model import Rate, Target
from reconciler.errors import AuthorErrors, Interrupted, ReconcilerError, Stopped
from reconciler.model.catalog import Catalog, Field
from reconciler.model.diagnostic import Problem
from reconciler.model.plan import Estimate, TargetPlan
from reconciler.model.spec import PolicySpec, Spec, SpecSet
from reconciler.model.value import FieldId, Value
from reconciler.secrets.sealing import Sealer
from reconciler.service.catalog import read_fields, with_options, with_templates
from reconciler.service.ports import CaseReader, CatalogReader, DomainFacts
from reconciler.specs.ignoring import Ignoring, conditions, resolve_rules
from reconciler.specs.names import FieldNames
from reconciler.specs.resolve import Resolution, resolve, selects_in_use

if TYPE_CHECKING:
    from reconciler.service.ports import HistoryAccess

Step = TypeVar("Step")
Result = TypeVar("Result")


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


class Later(Enum):
    """When the named cases of a plan are classified that it leaves unclassified."""

    NEVER = 0  # it is saved, or only shown
    MEANWHILE = 1  # each right before its write
    FIRST = 2  # all before the first write


@dataclass(frozen=True, slots=True)
class Prepared:
    """One target with every name resolved."""

    access: PlanAccess
    specs: tuple[Spec, ...]
    catalog: Catalog
    resolution: Resolution
    sealer: Sealer
    default: str | None
    rules: tuple[Ignoring, ...]


@dataclass(frozen=True, slots=True)
class Unreached:
    """A target that could not be planned, and why."""

    target: Target
    error: ReconcilerError

    @property
    def words(self) -> str:
        """The error as a sentence that names the target."""
        name, said = f"target {self.target.name}", str(self.error)
        return said if said.startswith(name) else f"{name}: {said}"


def tried(step: Callable[[Step], Result], one: Step | Unreached) -> Result | Unreached:
    """The next step of one target; where it fails, only this target does."""
    if isinstance(one, Unreached):
        return one
    try:
        return step(one)
    except (AuthorErrors, Interrupted, Stopped):
        raise
    except ReconcilerError as error:
        return Unreached(target_of(one), error)


def reached(target: Target, reach: Callable[[Target], PlanAccess]) -> PlanAccess | Unreached:
    """The target, or why it cannot be reached."""
    try:
        return reach(target)
    except (AuthorErrors, Interrupted, Stopped):
        raise
    except ReconcilerError as error:
        return Unreached(target, error)


def target_of(one: Any) -> Target:
    """The target that a step of planning is about, whichever step it is."""
    if isinstance(one, Unreached):
        return one.target
    access = one if isinstance(one, PlanAccess) else getattr(one, "prepared", one).access
    target: Target = access.target
    return target


def in_words(failed: Sequence[Unreached]) -> ReconcilerError:
    """What to raise when no target is left."""
    return ReconcilerError(*(line for one in failed for line in one.words.splitlines()))


def unplanned(one: Unreached, at: str) -> TargetPlan:
    """The place of a target that failed in a plan of others."""
    return TargetPlan(
        name=one.target.name,
        account=one.target.account or "",
        region=one.target.region or "",
        domain_id="",
        domain_name=one.target.domain,
        read_at=at,
        read_by="nothing was read",
        cases_managed=0,
        cases_in_sync=0,
        changes=(),
        unreadable=(),
        blocked_by=(),
        estimate=Estimate({}, 0.0),
        error=one.words.replace("\n", "; "),
    )


def specs_for(specs: SpecSet, target: str, default: str | None) -> tuple[Spec, ...]:
    """The specs that are about one target."""
    return tuple(spec for spec in specs.specs if spec.header.is_about(target, default))


def prepare(found: SpecSet, access: PlanAccess, *, default: str | None) -> Prepared:
    """Resolve every name that the specs of one target use; problems are in its resolution."""
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
    return Prepared(
        access,
        specs,
        catalog,
        replace(resolution, problems=(*resolution.problems, *problems)),
        Sealer(access.seal_key, sensitive),
        default,
        rules,
    )


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


def read_vault(
    specs: SpecSet, accesses: Sequence[PlanAccess], default: str | None
) -> Mapping[str, Value]:
    """The sensitive values of these specs by digest: what a saved plan's seals stand for."""
    prepared = [prepare(specs, access, default=default) for access in accesses]
    raise_any(problem for one in prepared for problem in one.resolution.problems)
    return vault_of(prepared)


def vault_of(prepared: Iterable[Prepared]) -> Mapping[str, Value]:
    """The sensitive values that these specs want, by digest."""
    vault: dict[str, Value] = {}
    for one in prepared:
        groups = (
            *(case.fields for case in one.resolution.named),
            *(policy.fields for policy in one.resolution.policies),
        )
        vault.update(
            one.sealer.vault((entry.field, entry.value) for fields in groups for entry in fields)
        )
    return vault


def raise_any(problems: Iterable[Problem]) -> None:
    """Raise all problems together, if there are any."""
    found = tuple(problems)
    if found:
        raise AuthorErrors(found)
