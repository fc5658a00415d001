"""What one apply left behind: the plan it carried out, and what became of each case."""

from dataclasses import dataclass

from reconciler.model.event import Outcome
from reconciler.model.plan import Plan

RECEIPT_FORMAT = "2.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """Which run it was. `ci_run` is its address in CI, `retry_of` the run whose rest it tried."""

    run_id: str
    started_at: str
    finished_at: str
    complete: bool
    actor: str
    tool_version: str
    ci_run: str = ""
    overridden_windows: tuple[str, ...] = ()
    retry_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The whole plan and its outcomes; a case without an outcome was never reached.

    `unclassified_written` counts values, by the classes known when the apply ended; None in a
    receipt of before this was counted.
    """

    run: RunFacts
    plan: Plan
    outcomes: tuple[Outcome, ...]
    unclassified_written: int | None = None
