"""Plan from what a run is given."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from reconciler import __version__
from reconciler.adapters.git_facts import git_facts, git_warnings
from reconciler.adapters.git_repository import find_repository
from reconciler.engine.guard import Allowances
from reconciler.engine.once import shared_case
from reconciler.model.config import Config
from reconciler.model.plan import Mode
from reconciler.model.selectors import EVERYTHING, Selectors
from reconciler.ports import Progress, no_progress
from reconciler.wiring.connections import Connections
from reconciler.wiring.inputs import (
    about_chosen,
    check_owners,
    chosen_targets,
    load_specs,
    warnings_of,
)
from reconciler.workflow.narrowing import of_chosen_specs
from reconciler.workflow.plan import Planned, PlanOrder, make_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What the options of `plan`, `drift` and `apply` say about planning."""

    paths: tuple[Path, ...] = ()
    targets: tuple[str, ...] = ()
    only: Selectors = EVERYTHING
    mode: Mode = Mode.BALANCED
    life: timedelta = timedelta(hours=24)
    allowed: Allowances = field(default_factory=Allowances)
    empty_allowed: bool = False
    for_drift: bool = False
    catalog: Path | None = None
    attribution: int = 0
    applied: bool = False


def plan_now(
    config: Config,
    request: PlanRequest,
    connections: Connections,
    progress: Progress = no_progress,
) -> Planned:
    """A plan of what apply would do now; offline problems are raised before any call."""
    check_owners(config, request.allowed.owners)
    specs = load_specs(config, request.paths, request.targets, request.catalog)
    about = about_chosen(specs, config, request.targets)
    chosen = replace(about, specs=tuple(of_chosen_specs(request.only, about.specs)))
    targets = chosen_targets(config, request.targets, chosen)
    repository = find_repository(config.root)
    order = PlanOrder(
        specs=specs,
        git=git_facts(repository, config.root, request.paths or [config.specs]),
        mode=request.mode,
        tool_version=__version__,
        life=request.life,
        only=request.only,
        allowed=request.allowed,
        empty_allowed=request.empty_allowed,
        for_drift=request.for_drift,
        owners=config.owners,
        progress=progress,
        attribution=request.attribution,
        applied=request.applied,
    )
    accesses = [connections.try_to_plan(target) for target in targets]
    planned = make_plan(order, accesses, config.default_target, connections.clock)
    ending = map(str, warnings_of(specs, config, request.targets))
    twice = filter(None, (shared_case(planned.plan),))
    about_git = git_warnings(repository, with_history=request.attribution > 0)
    return replace(planned, warnings=(*ending, *twice, *about_git, *planned.warnings))
