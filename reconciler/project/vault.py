"""Find the sensitive values that a saved plan holds only seals of."""

from collections.abc import Mapping

from reconciler.config.model import Config, Target
from reconciler.errors import PlanMisfit
from reconciler.model.catalog import Catalog
from reconciler.model.plan import Plan, Sealed, TargetPlan
from reconciler.model.value import FieldId, Value
from reconciler.project.connections import Connections
from reconciler.project.inputs import SpecsRequest, load_specs
from reconciler.read.preparing import Unreached, read_vault, sensitive_ids
from reconciler.secrets.sealing import Sealer


def vault_for(plan: Plan, config: Config, connections: Connections) -> Mapping[str, Value]:
    """The sensitive values that a saved plan's seals stand for, from the specs it was made from."""
    sealed = any(
        isinstance(entry.after, Sealed)
        for target in plan.targets
        for change in target.changes
        for entry in change.fields
    )
    if not sealed:
        return {}
    if plan.rollback_of:
        raise PlanMisfit(
            "the plan restores sensitive values, which stand in no spec; roll the apply back again "
            "with `reconcile rollback RECEIPT --yes`, which finds them in the audit history"
        )
    specs = load_specs(config, SpecsRequest(paths=[config.root / name for name in plan.spec_files]))
    if specs.digest != plan.spec_digest:
        raise PlanMisfit(
            "the plan holds sensitive values, which apply takes from the specs, and the specs are "
            "not those that were planned; check out the planned commit, or plan again"
        )
    planned = (target.name for target in plan.targets if target.error is None)
    reached = (connections.try_to_plan(config.targets[name]) for name in planned)
    accesses = [one for one in reached if not isinstance(one, Unreached)]
    return read_vault(specs, accesses, config.default_target)


def sealer_for(
    target: Target, planned: TargetPlan, catalog: Catalog, connections: Connections
) -> Sealer:
    """Seals what the plan holds sealed, and what the config calls sensitive by now."""
    sealed = frozenset(
        entry.id for change in planned.changes for entry in change.fields if entry.sensitive
    )
    secret: frozenset[FieldId] = sealed | sensitive_ids(target.sensitive, catalog, target.name)
    return Sealer(connections.seal_key() if secret else b"", secret)
