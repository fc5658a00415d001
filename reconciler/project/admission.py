"""Everything that must be so before a plan's first write: guards, change windows, the domain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from reconciler.config.model import Config, Limits
from reconciler.config.windows import closed_windows
from reconciler.errors import Blocked, PlanMisfit, ReconcilerError
from reconciler.model.argument import argument
from reconciler.model.catalog import Catalog
from reconciler.model.diagnostic import quoted
from reconciler.model.guards import Guard
from reconciler.model.plan import FieldChange, Plan, TargetPlan
from reconciler.plan.classifying import Classifier, Conflicts
from reconciler.plan.conflicts import most_conflicts
from reconciler.plan.guard import Allowances, blockers
from reconciler.project.connections import Connections
from reconciler.project.inputs import check_owners


def check_guards(plan: Plan, config: Config, allowed: Allowances) -> None:
    """Guards again, on the plan that is about to be applied; raises Blocked with all blockers."""
    check_owners(config, allowed.owners)
    found = [
        blocker
        for target in plan.targets
        for blocker in blockers(
            target,
            _limits(plan, target, config),
            allowed,
            vouched=plan.vouched,
            # A rollback restores what was there, whoever owns it; a mere file only says it is one.
            owners=() if plan.rollback_of and plan.vouched else config.owners,
            without_specs=any(one.guard is Guard.NO_SPECS for one in target.blocked_by),
        )
    ]
    if found:
        lines = [f"  {one.message}" for one in found]
        raise Blocked("refused by a guard, nothing was written:", *lines, refusals=found)


def _limits(plan: Plan, target: TargetPlan, config: Config) -> Limits:
    """The config's numbers; what a rollback restores has no class."""
    limits = config.targets[target.name].limits
    return replace(limits, unclassified=None) if plan.rollback_of and plan.vouched else limits


def check_windows(plan: Plan, config: Config, overridden: Sequence[str], now: datetime) -> None:
    """Raises Blocked while a change window keeps any of the plan's targets closed."""
    known = {one.name for target in config.targets.values() for one in target.windows}
    for name in overridden:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise ReconcilerError(
                f'{argument("windows")}: reconcile.yaml has no window "{name}"; it has: {listed}'
            )
    found = list(closed_window_lines(plan, config, overridden, now))
    if found:
        lines = [f"  {line}" for line in found]
        raise Blocked("refused by a change window, nothing was written:", *lines)


def closed_window_lines(
    plan: Plan, config: Config, overridden: Sequence[str], now: datetime
) -> Iterator[str]:
    """A sentence for each window that keeps apply from a target that it would write to."""
    for target in plan.targets:
        windows = config.targets[target.name].windows if target.changes else ()
        for window in closed_windows(windows, now, overridden):
            yield f"target {target.name}: {window}"


def as_named(planned: TargetPlan, catalog: Catalog) -> TargetPlan:
    """The target's part as the domain itself calls its fields, for guards that go by names.

    Raises PlanMisfit where a field is not what the plan says. One that the domain lacks by now is
    for the service to refuse.
    """
    return replace(
        planned,
        changes=tuple(
            replace(change, fields=tuple(_as_named(entry, catalog) for entry in change.fields))
            for change in planned.changes
        ),
    )


def _as_named(entry: FieldChange, catalog: Catalog) -> FieldChange:
    field = catalog.by_id.get(entry.id)
    if field is None:
        return entry
    if field.type is not entry.type or field.read_only:
        found = "a field that only the service writes" if field.read_only else f"a {field.type}"
        raise PlanMisfit(
            f"the plan changes {quoted(entry.name)} as a {entry.type}, and in the domain it is "
            f"{found}; nothing was written; make a new plan"
        )
    return entry if field.name == entry.name else replace(entry, name=field.name)


def check_domain(planned: TargetPlan, config: Config, connections: Connections) -> None:
    """The target's name must still lead to the domain that the plan is about."""
    domain = connections.open(config.targets[planned.name]).domain
    found = (domain.id, domain.account, domain.region)
    if found != (planned.domain_id, planned.account, planned.region):
        raise PlanMisfit(
            f"target {planned.name}: the plan was made for domain {planned.domain_id} "
            f"(account {planned.account}, {planned.region}), and the target is now domain "
            f"{domain.id} (account {domain.account}, {domain.region}); nothing was written"
        )


def conflicts_of(
    plan: Plan, config: Config, allowed: Allowances, classifiers: Mapping[str, Classifier]
) -> Conflicts:
    """What one apply leaves alone; a rollback restores what was there, whatever that was."""
    most = {
        target.name: most_conflicts(config.targets[target.name].limits, allowed)
        for target in plan.targets
    }
    return Conflicts(plan, most, classifiers)
