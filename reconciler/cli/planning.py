"""What `plan`, `drift`, `show` and `apply` do alike with a plan once there is one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler import Plan
from reconciler.cli.console import Console
from reconciler.cli.opening import Work
from reconciler.report.formats import report
from reconciler.report.subject import Subject

if TYPE_CHECKING:
    from reconciler.cli.options import Planning, Selecting
    from reconciler.config.model import Config
    from reconciler.model import plan as data

# Of how many differing cases the histories are read; 96 take a minute at the default quotas.
HISTORIES = 100
HISTORIES_OF_DRIFT = 1_000  # where telling drift apart is what the run is for


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


def subject_of(
    command: str,
    plan: "data.Plan",
    config: "Config | None",
    *,
    full: bool = False,
    allowed_conflicts: int | None = None,
) -> Subject:
    """What the reports of a command are about."""
    limits = {name: target.limits for name, target in config.targets.items()} if config else {}
    return Subject(
        command=command,
        plan=plan,
        limits=limits,
        allowed_conflicts=allowed_conflicts,
        full=full,
    )


def show(console: Console, subject: Subject, output: str) -> None:
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
    from reconciler.project.admission import window_refusals

    return window_refusals(plan.data, work.config, (), SystemClock().now())
