"""Find the sensitive values that a saved plan holds only seals of."""

from collections.abc import Mapping

from reconciler.config.model import Config
from reconciler.errors import PlanMisfit
from reconciler.model.plan import Plan, Sealed
from reconciler.model.value import Value
from reconciler.project.connections import Connections
from reconciler.project.inputs import SpecsRequest, load_specs
from reconciler.read.preparing import read_vault


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
    accesses = [connections.plan_access(config.targets[target.name]) for target in plan.targets]
    return read_vault(specs, accesses, config.default_target)
