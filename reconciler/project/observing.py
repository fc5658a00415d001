"""Whoever watches an apply."""

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.model.event import StageEvent, StageStarted
from reconciler.model.progress import Progress, no_progress


@dataclass(frozen=True, slots=True, kw_only=True)
class StageObserver:
    """Whoever watches an apply: is told of its stages, and may be asked between them."""

    tell: Callable[[StageEvent], None] = lambda _: None
    note: Callable[[str], None] = lambda _: None
    goes_on: Callable[[int, int, int], bool] = lambda *_: True
    progress: Progress = no_progress

    def asked(self, due: StageStarted) -> bool:
        """Whether the next stage of a target is wanted; of several, it is named before."""
        if due.target:
            self.note(f"next is target {due.target}, stage {due.stage} of {due.stages}")
        return self.goes_on(due.stage, due.stages, due.cases)
