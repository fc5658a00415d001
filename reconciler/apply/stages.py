"""Cut an apply into stages, and decide after each whether the next may begin."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Protocol

from reconciler.apply.turns import Ask
from reconciler.errors import ReconcilerError
from reconciler.model.argument import argument
from reconciler.model.event import Outcome, StageStarted
from reconciler.model.outcomes import KINDS, detail, kind_of
from reconciler.model.plan import CaseChange, TargetPlan
from reconciler.model.plural import plural
from reconciler.state.tally import counted

Work = tuple[TargetPlan, CaseChange]

_STAGE = re.compile(r"([0-9]{1,9})(%?)")


@dataclass(frozen=True, slots=True)
class StageEnd:
    """How far a stage goes, counted from the first case: a number of cases, or a percentage."""

    amount: int
    percent: bool = False

    def __str__(self) -> str:
        return f"{self.amount}%" if self.percent else str(self.amount)

    def of(self, total: int) -> int:
        """The number of cases done when this stage ends; a percentage is rounded up."""
        return min(total, ceil(total * self.amount / 100) if self.percent else self.amount)


ALL = StageEnd(100, percent=True)


def parse_stages(text: str) -> tuple[StageEnd, ...]:
    """Stages as `1%,10%,100%` or `5,50,100%`; each must go further than the one before."""
    found: list[StageEnd] = []
    for part in text.split(","):
        match = _STAGE.fullmatch(part.strip())
        if match is None or not int(match[1]) or (match[2] and int(match[1]) > 100):
            raise ReconcilerError(
                f'{argument("stages")}: found "{part.strip()}", expected a number of cases or a '
                "percentage from 1% to 100%, such as 1%,10%,100%"
            )
        found.append(StageEnd(int(match[1]), bool(match[2])))
    for percent in (False, True):
        alike = [one for one in found if one.percent is percent]
        for first, second in pairwise(alike):
            if second.amount <= first.amount:
                raise ReconcilerError(
                    f"{argument('stages')}: found {second} after {first}, expected more: each "
                    "stage counts from the first case, such as 1%,10%,100%"
                )
    return tuple(found)


def cut(work: Sequence[Work], ends: Sequence[StageEnd]) -> tuple[list[Sequence[Work]], int]:
    """The stages that have cases, and how many cases they hold together."""
    parts: list[Sequence[Work]] = []
    done = 0
    for end in ends:
        upto = end.of(len(work))
        if upto > done:
            parts.append(work[done:upto])
            done = upto
    return parts, done


def stage_problem(stage: int, stages: int, found: Iterable[Outcome]) -> str:
    """Why a stage is no reason to go on; empty when every case of it is done."""
    counts = [
        plural(count, KINDS[name].stops)
        for name, count in counted(filter(is_failure, found))
        if count
    ]
    return f"stage {stage} of {stages} had {', '.join(counts)}" if counts else ""


def is_failure(outcome: Outcome) -> bool:
    """Whether an outcome counts against --max-failures, and stops the next stage.

    A conflict of the specs was there before the run, and says nothing about it.
    """
    return bool(kind_of(outcome).stops) and not detail(outcome).known_before


class Gate(Protocol):
    """Is asked before a stage of an apply; says why it may not begin, or nothing."""

    def __call__(self, target: TargetPlan, due: StageStarted, ask: Ask, /) -> str: ...


def open_gate(target: TargetPlan, due: StageStarted, ask: Ask) -> str:
    """Let every stage begin."""
    return ""
