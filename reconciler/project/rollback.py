"""Plan the inverse of an apply from its receipt."""

from dataclasses import dataclass, replace
from datetime import timedelta

from reconciler import __version__
from reconciler.apply.rollback import RollbackAccess, RollbackOrder, plan_rollback
from reconciler.config.model import Config
from reconciler.model.plan import TargetPlan
from reconciler.model.progress import Progress
from reconciler.model.receipt import Receipt
from reconciler.model.selectors import EVERYTHING, Selectors
from reconciler.parallel import one_at_a_time
from reconciler.plan.file.data import identity
from reconciler.plan.file.saved import check_targets
from reconciler.plan.guard import Allowances
from reconciler.plan.planning import Planned
from reconciler.plan.selecting import selected
from reconciler.project.admission import check_domain
from reconciler.project.connections import Connections
from reconciler.project.vault import sealer_for
from reconciler.service.catalog import read_fields
from reconciler.service.lanes import lane_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackRequest:
    """What the options of `rollback` say about its plan."""

    receipt: Receipt
    life: timedelta
    allowed: Allowances
    only: Selectors = EVERYTHING
    parallel: int | None = None


def rollback_now(
    config: Config, request: RollbackRequest, connections: Connections, progress: Progress
) -> Planned:
    """A plan of what would undo the receipt's apply now."""
    part = selected(request.receipt.plan, request.only, "the receipt has")
    plan = replace(part, part_of="")  # the way back is a plan of its own
    check_targets(plan, config)
    order = RollbackOrder(
        receipt=replace(request.receipt, plan=plan),
        digest=identity(request.receipt.plan),
        tool_version=__version__,
        life=request.life,
        allowed=request.allowed,
        progress=one_at_a_time(progress),
        lanes=connections.lanes(request.parallel),
    )

    def lane(target: TargetPlan) -> str:
        return lane_of(config.targets[target.name])

    changed = [target for target in plan.targets if target.changes]
    found = order.lanes.each(lambda one: _access(one, config, connections), changed, lane)
    accesses = {target.name: access for target, access in zip(changed, found, strict=True)}
    return plan_rollback(order, accesses, connections.clock)


def _access(planned: TargetPlan, config: Config, connections: Connections) -> RollbackAccess:
    check_domain(planned, config, connections)
    target = config.targets[planned.name]
    access = connections.plan_access(target)
    catalog = read_fields(access.domain, access.catalog)
    return RollbackAccess(
        target=target,
        reader=access.reader,
        audit=connections.history_access(target).audit,
        catalog=catalog,
        sealer=sealer_for(target, planned, catalog, connections),
        quotas=access.quotas,
    )
