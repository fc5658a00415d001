"""Plan from what a run is given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from reconciler import __version__
from reconciler.config.model import Config
from reconciler.errors import AuthorErrors, ReconcilerError
from reconciler.git.facts import git_facts, git_warnings
from reconciler.git.repository import Repository, find_repository
from reconciler.model.diagnostic import Problem
from reconciler.model.plan import Git, Mode
from reconciler.model.progress import Progress, no_progress
from reconciler.model.selectors import EVERYTHING, Selectors
from reconciler.model.spec import SpecSet
from reconciler.parallel import one_at_a_time
from reconciler.plan.file.once import shared_case
from reconciler.plan.guard import Allowances
from reconciler.plan.narrowing import of_chosen_specs
from reconciler.plan.order import PlanOrder
from reconciler.plan.planning import Planned, make_plan
from reconciler.project.connections import Connections
from reconciler.project.inputs import (
    SpecsRequest,
    about_chosen,
    check_owners,
    chosen_targets,
    found_specs,
    warnings_of,
)
from reconciler.read.preparing import Prepared, prepare, tried
from reconciler.service.lanes import lane_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What the options of `plan`, `drift` and `apply` say about planning.

    `commit` names the commit that the specs are of, where no repository around them says so.
    """

    paths: tuple[Path, ...] = ()
    targets: tuple[str, ...] = ()
    only: Selectors = EVERYTHING
    mode: Mode = Mode.BALANCED
    by_field: bool = False
    life: timedelta = timedelta(hours=24)
    allowed: Allowances = field(default_factory=Allowances)
    for_drift: bool = False
    catalog: Path | None = None
    attribution: int = 0
    applied: bool = False
    commit: str = ""
    parallel: int | None = None


def plan_now(
    config: Config,
    request: PlanRequest,
    connections: Connections,
    progress: Progress = no_progress,
) -> Planned:
    """A plan of what apply would do now; problems of both kinds are raised together.

    Those that need no service, and those of names, types and options that only a domain knows.
    """
    check_owners(config, request.allowed.owners)
    now = connections.clock.now()
    wanted = SpecsRequest(
        paths=request.paths, targets=request.targets, catalog=request.catalog, now=now
    )
    specs, problems = found_specs(config, wanted)
    if problems:
        told = {(one.at, one.code) for one in problems}
        named = _of_names(specs, config, request.targets, connections)
        raise AuthorErrors([*problems, *(one for one in named if (one.at, one.code) not in told)])
    about = about_chosen(specs, config, request.targets)
    chosen = replace(about, specs=tuple(of_chosen_specs(request.only, about.specs)))
    targets = chosen_targets(config, request.targets, chosen)
    repository = find_repository(config.root)
    names = tuple(map(lane_of, targets))
    lanes = connections.lanes(request.parallel)
    order = replace(_order(config, request, specs, repository, progress), lanes=lanes, names=names)
    accesses = lanes.each(connections.try_to_plan, targets, lane_of)
    planned = make_plan(order, accesses, config.default_target, connections.clock)
    ending = map(str, warnings_of(specs, config, request.targets, now))
    twice = filter(None, (shared_case(planned.plan),))
    about_git = git_warnings(
        repository, with_history=request.attribution > 0 and not request.commit
    )
    return replace(planned, warnings=(*ending, *twice, *about_git, *planned.warnings))


def _order(
    config: Config,
    request: PlanRequest,
    specs: SpecSet,
    repository: Repository,
    progress: Progress,
) -> PlanOrder:
    return PlanOrder(
        specs=specs,
        git=(
            Git(commit=request.commit)
            if request.commit
            else git_facts(repository, config.root, request.paths or [config.specs])
        ),
        mode=request.mode,
        by_field=request.by_field,
        tool_version=__version__,
        life=request.life,
        only=request.only,
        allowed=request.allowed,
        for_drift=request.for_drift,
        owners=config.owners,
        progress=one_at_a_time(progress),
        attribution=request.attribution,
        applied=request.applied,
    )


def _of_names(
    specs: SpecSet, config: Config, names: Sequence[str], connections: Connections
) -> Iterator[Problem]:
    """What only the domains can say of wrong specs; one that cannot be asked says nothing."""
    about = about_chosen(specs, config, names)
    try:
        targets = chosen_targets(config, names, about)
    except ReconcilerError:  # no spec could be read that is about any
        return
    for target in targets:
        ready = tried(
            partial(prepare, about, default=config.default_target), connections.try_to_plan(target)
        )
        if isinstance(ready, Prepared):
            yield from ready.resolution.problems
