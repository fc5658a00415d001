"""What one apply left behind: the plan it carried out, and what became of each case."""

from dataclasses import dataclass
from typing import Annotated

from reconciler.model.event import Outcome
from reconciler.model.marks import Mark
from reconciler.model.plan import Plan
from reconciler.model.value import instant

RECEIPT_FORMAT = "2.0"


def _is_instant(text: str) -> bool:
    return instant(text) is not None


_TIME = Mark(fits=_is_instant, expected="a time with an offset")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """The run that wrote this receipt."""

    run_id: Annotated[
        str,
        Mark(
            says="The name of the journal without its suffix",
            pattern="[!-~]{1,200}",
            expected="the id of a run",
        ),
    ]
    started_at: Annotated[str, _TIME]
    finished_at: Annotated[str, _TIME]
    complete: Annotated[bool, Mark(says="Everything in the plan was true at the end")]
    actor: str
    tool_version: str
    ci_run: Annotated[str, Mark(says="The address of the CI run, or empty")] = ""
    overridden_windows: Annotated[
        tuple[str, ...], Mark(says="Change windows overridden by name", expected="windows")
    ] = ()
    skipped_after: Annotated[
        tuple[str, ...],
        Mark(
            says="Targets that were begun whatever became of those that come before them",
            expected="targets",
            left_out=True,
        ),
    ] = ()
    retry_of: Annotated[str, Mark(says="The run whose rest this one tried again, or empty")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The whole plan and its outcomes; a case without an outcome was never reached.

    `unclassified_written` counts values, by the classes known when the apply ended; None in a
    receipt of before this was counted.
    """

    run: RunFacts
    plan: Plan
    outcomes: tuple[Outcome, ...]
    unclassified_written: Annotated[
        int | None,
        Mark(
            says="Values that were written and are of the class `unclassified`, by what was known "
            "when the apply ended",
            left_out=True,
        ),
    ] = None
