"""What is asked of one planning run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeVar

from reconciler.config.model import OwnerRule, Target
from reconciler.model.plan import Git, Mode
from reconciler.model.progress import Progress, no_progress
from reconciler.model.selectors import EVERYTHING, Selectors
from reconciler.model.spec import SpecSet
from reconciler.parallel import ALL_AT_ONCE, Lanes
from reconciler.plan.guard import Allowances
from reconciler.read.preparing import Unreached, target_of, tried
from reconciler.service.lanes import lane_of

Step = TypeVar("Step")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOrder:
    """What is asked of one planning run.

    `attribution` is of how many differing cases of a target the histories may be read;
    `for_drift` says which rules of kind Ignore hold. What is `applied` at once is classified
    while it is written. `names` are the lanes of all its targets.
    """

    specs: SpecSet
    git: Git
    mode: Mode
    by_field: bool = False
    tool_version: str
    life: timedelta
    only: Selectors = EVERYTHING
    allowed: Allowances = field(default_factory=Allowances)
    for_drift: bool = False
    owners: tuple[OwnerRule, ...] = ()
    progress: Progress = no_progress
    attribution: int = 0
    applied: bool = False
    lanes: Lanes = ALL_AT_ONCE
    names: tuple[str, ...] = ()

    def in_lanes(
        self, step: Callable[[Step], Result], ones: Sequence[Step | Unreached]
    ) -> list[Result | Unreached]:
        """The next step of every target, the lanes at once; one that fails fails alone."""
        return self.lanes.each(partial(tried, step), ones, lambda one: lane_of(target_of(one)))

    def progress_of(self, target: Target) -> Progress:
        """Whom a target tells how far it is; where there are several lanes, with its own."""
        if len(set(self.names)) < 2:
            return self.progress
        lane = lane_of(target)
        return lambda phase, done, total: self.progress(f"{lane}: {phase}", done, total)
