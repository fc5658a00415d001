"""What `plan`, `drift`, `show` and `apply` do alike with a plan once there is one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler import Plan
from reconciler.cli.console import Console
from reconciler.cli.opening import Work
from reconciler.project.project import HISTORIES as HISTORIES
from reconciler.project.project import HISTORIES_OF_DRIFT as HISTORIES_OF_DRIFT
from reconciler.report.formats import report

if TYPE_CHECKING:  # `--help` must not load plans, events and the types of configs
    from reconciler.cli.options import Planning, Selecting
    from reconciler.report.subject import Subject


def asked_of(options: "Selecting", how: "Planning", paths: tuple[Path, ...]) -> dict[str, Any]:
    """What the options say of a plan, as the library takes it."""
    return {
        **options.part(),
        "paths": paths or None,
        "mode": how.mode,
        "catalog": how.catalog,
    }


def histories(how: "Planning", usual: int, *, read: bool = True) -> int:
    """Of how many differing cases the history is read; of none where nobody reads the plan."""
    if how.attribution is not None:
        return how.attribution
    return usual if read else 0


def show(console: Console, subject: "Subject", output: str) -> None:
    """The subject on stdout, in the format asked for."""
    here = replace(subject, colour=console.colour, width=console.width)
    text = report(output, here)
    if output == "text":
        console.result(text)
    else:
        console.data(text if text.endswith("\n") else f"{text}\n")


def closed_windows(work: Work, plan: Plan) -> Iterator[str]:
    """A sentence for each change window that would refuse an apply now."""
    from reconciler.clock import SystemClock
    from reconciler.project.admission import closed_window_lines

    return closed_window_lines(plan.data, work.config, (), SystemClock().now())
