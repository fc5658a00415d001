"""What each call of the library asks of the rooms below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from reconciler.apply.retry_plan import retry_plan
from reconciler.apply.stages import StageEnd, parse_stages
from reconciler.errors import WrongArgument
from reconciler.git.facts import git_warnings
from reconciler.git.repository import find_repository
from reconciler.model.event import StageEvent
from reconciler.model.history import CaseHistory
from reconciler.model.plan import Mode
from reconciler.model.progress import Progress
from reconciler.model.selectors import Selectors
from reconciler.parallel import one_at_a_time
from reconciler.plan.file.saved import (
    check_expectation,
    check_expected,
    check_fits,
    check_targets,
    ordered,
    vouched_for,
)
from reconciler.plan.planning import Planned
from reconciler.plan.selecting import selected
from reconciler.project.applying import Apply, ApplyRequest
from reconciler.project.changes import LaneTargets, changed_targets, lanes_with
from reconciler.project.home import Home, names
from reconciler.project.inputs import target_of
from reconciler.project.limits import Limits
from reconciler.project.observing import StageObserver
from reconciler.project.past import receipt_path
from reconciler.project.planning import PlanRequest, plan_now
from reconciler.project.plans import Plan
from reconciler.project.rollback import RollbackRequest, rollback_now
from reconciler.project.running import Receipt, Run
from reconciler.project.vault import vault_for
from reconciler.state.receipts import saved_receipt


def selectors(**kinds: Any) -> Selectors:
    """The part that is meant, from the arguments of a call."""
    return Selectors(**{kind: names(kind, given) for kind, given in kinds.items()})


def mode_of(given: str) -> Mode:
    """The mode of that name."""
    if given not in list(Mode):
        raise WrongArgument("mode", f"found {given!r}, expected one of {', '.join(Mode)}")
    return Mode(given)


def by_field_of(given: bool, mode: Mode) -> bool:
    """Whether many different changes are to travel a few fields at a time."""
    if not isinstance(given, bool):
        raise WrongArgument("by_field", f"found {given!r}, expected True or False")
    if given and mode is not Mode.BULK:
        raise WrongArgument(
            "by_field", f"it is a way of bulk mode, and the mode is {mode}; take mode bulk"
        )
    return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a call says of a plan to make, beside its part."""

    paths: Any = None
    mode: str = "balanced"
    by_field: bool = False
    limits: Limits | None = None
    life: timedelta = timedelta(hours=24)
    catalog: str | Path | None = None
    histories: int
    for_drift: bool = False
    applied: bool = False
    parallel: int | None = None


def plan_of(home: Home, only: Selectors, asking: Asking) -> Plan:
    """A plan of what apply would do now."""
    home.check_open()
    limits, mode = asking.limits or Limits(), mode_of(asking.mode)
    request = PlanRequest(
        paths=home.paths(asking.paths),
        targets=only.targets,
        only=only,
        mode=mode,
        by_field=by_field_of(asking.by_field, mode),
        life=asking.life,
        allowed=limits._allowances(),
        for_drift=asking.for_drift,
        catalog=None if asking.catalog is None else Path(asking.catalog),
        attribution=asking.histories,
        applied=asking.applied,
        commit=home.ways.commit,
        parallel=_count("parallel", asking.parallel),
    )
    planned = plan_now(home.config, request, home.connections, home.ways.progress)
    return Plan(planned, config=home.config, reports=asking.for_drift)


def targets_of(home: Home, changed_since: str | None) -> tuple[LaneTargets, ...]:
    """The targets by lane."""
    home.check_open()
    config = home.config
    if changed_since is None:
        return lanes_with(config, config.targets)
    return lanes_with(config, changed_targets(config, changed_since))


def history_of(home: Home, case_id: str, target: str | None, field: str | None) -> CaseHistory:
    """Every event of a case."""
    from reconciler.history.story import case_history

    home.check_open()
    for line in git_warnings(find_repository(home.config.root), with_history=True):
        home.ways.note(line)
    access = home.connections.plan_access(target_of(home.config, target))
    return case_history(access, home.config.default_target, case_id, field)


def rollback_of(
    home: Home,
    receipt: Receipt | str | Path,
    only: Selectors,
    limits: Limits | None,
    life: timedelta,
    parallel: int | None = None,
) -> Plan:
    """A plan of what undoes an apply."""
    home.check_open()
    request = RollbackRequest(
        receipt=receipt_of(home, receipt, rollbacks=False).data,
        life=life,
        allowed=(limits or Limits())._allowances(),
        only=only,
        parallel=_count("parallel", parallel),
    )
    planned = rollback_now(home.config, request, home.connections, home.ways.progress)
    return Plan(planned, config=home.config)


def receipt_of(home: Home, given: Receipt | str | Path, *, rollbacks: bool = True) -> Receipt:
    """The receipt itself, the one in a file, or that of a run by its name, or of the last run.

    `rollbacks`: whether the last one may have undone another.
    """
    if isinstance(given, Receipt):
        return given
    if not isinstance(given, str | Path):
        raise WrongArgument("receipt", f"found {given!r}, expected a receipt or its file")
    path = receipt_path(home, given, rollbacks=rollbacks)
    return Receipt(saved_receipt(path, home.config), path)


def plan_to_retry(home: Home, receipt: Receipt | str | Path) -> Plan:
    """What an apply left undone, as a plan; it does not expire: `before` is its condition."""
    data = receipt_of(home, receipt).data
    return Plan(Planned(retry_plan(data), {}), config=home.config, retried=data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrying:
    """What a call says of carrying a plan out, beside its part."""

    limits: Limits | None = None
    expect: "str | Path | Plan | None" = None
    first: int | None = None
    max_failures: int | None = None
    stages: str | Sequence[int | str] = ()
    pause: float = 0.0
    windows: Any = None
    parallel: int | None = None
    skip_after: bool = False
    before_stage: Callable[[int, int, int], bool] | None = None
    on_stage: Callable[[StageEvent], None] | None = None

    def observer(self, note: Callable[[str], None], progress: Progress) -> StageObserver:
        """Whoever watches the stages."""
        return StageObserver(
            tell=self.on_stage or (lambda _: None),
            note=note,
            goes_on=self.before_stage or (lambda *_: True),
            progress=one_at_a_time(progress),
        )


def run_of(home: Home, plan: Plan, only: Selectors, carrying: Carrying) -> Run:
    """One apply, checked and ready to begin."""
    home.check_open()
    if not isinstance(plan, Plan):
        raise WrongArgument("plan", f"found {plan!r}, expected a Plan; Plan.load opens a file")
    if plan._reports:
        raise WrongArgument("plan", "it is of drift alone, and reports; make one with plan()")
    limits = carrying.limits or Limits()
    planned = _fitting(home, plan, only, carrying.expect)
    windows = () if carrying.windows is None else names("windows", carrying.windows)
    request = ApplyRequest(
        allowed=limits._allowances(),
        limit=_count("first", carrying.first),
        max_failures=_count("max_failures", carrying.max_failures),
        stages=_stages(carrying.stages),
        pause_seconds=_seconds(carrying.pause),
        asks=carrying.before_stage is not None,
        overridden_windows=windows,
        retried=plan._retried,
        parallel=_count("parallel", carrying.parallel),
        skip_after=carrying.skip_after,
    )
    apply = Apply(
        planned.plan, planned.vault, home.config, request, home.connections, planned.classifiers
    )
    apply.check()
    part = Plan(planned, config=home.config, retried=plan._retried)
    return Run(apply, home.ways.stop, carrying.observer(home.ways.note, home.ways.progress), part)


def _fitting(home: Home, plan: Plan, only: Selectors, expect: str | Path | Plan | None) -> Planned:
    """The part that is meant, when it may be applied here and now, and is the reviewed one."""
    config, data = home.config, plan.data
    if plan._file is not None:
        data = vouched_for(data, plan._file, config)
    part = selected(data, only)
    if plan._retried is None:
        saved = plan._file is not None
        check_fits(part, config, home.connections.clock.now(), saved=saved)
    else:
        check_targets(part, config)
    _check_expected(plan, expect)
    if plan._file is None and plan._retried is None:
        return replace(plan._made, plan=part)
    part = ordered(part, config)
    return Planned(part, vault_for(part, config, home.connections))


def _check_expected(plan: Plan, expect: str | Path | Plan | None) -> None:
    if expect is None:
        return
    expected = expect.changes_digest if isinstance(expect, Plan) else str(expect)
    check_expectation(expected)
    check_expected(plan.data, expected)


def _count(argument: str, given: int | None) -> int | None:
    if given is not None and (not isinstance(given, int) or isinstance(given, bool) or given < 1):
        raise WrongArgument(argument, f"found {given!r}, expected a whole number from 1")
    return given


def _seconds(given: float) -> float:
    if isinstance(given, bool) or not 0 <= given < float("inf"):
        raise WrongArgument("pause", f"found {given!r}, expected seconds from 0")
    return float(given)


def _stages(given: str | Sequence[int | str]) -> tuple[StageEnd, ...]:
    text = given if isinstance(given, str) else ",".join(map(str, given))
    return parse_stages(text) if text else ()
