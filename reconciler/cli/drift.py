"""`reconcile drift`: report where live cases have left their specs."""

from pathlib import Path
from typing import Any

import click

from reconciler.cli.console import Console
from reconciler.cli.options import (
    EXISTING,
    config_option,
    framed,
    guard_options,
    planning_options,
    showing_options,
    target_option,
)
from reconciler.cli.plan import make, status
from reconciler.cli.planning import plan_request, show, subject_of
from reconciler.cli.reporting import publish, report_option, told
from reconciler.errors import Exit
from reconciler.wiring.inputs import load_config


@click.command("drift")
@click.argument("paths", nargs=-1, type=EXISTING)
@config_option
@target_option
@planning_options
@showing_options
@report_option
@guard_options
@framed
def command(
    console: Console, paths: tuple[Path, ...], config_path: Path | None, **given: Any
) -> int:
    """Report where live cases differ from their specs. It has no way to write.

    \b
    Exit status
      0  nothing differs        2  live differs
      1  error                  4  some cases could not be read

    \b
    Examples
      reconcile drift -t prod
      reconcile drift --format json
    """
    config = load_config(config_path)
    with told(console, "drift", config, given["reports"]):
        plan = make(console, config, plan_request(paths, given))
    subject = subject_of("drift", plan, config, full=given["full"])
    show(console, subject, given["output"])
    publish(console, subject, config, given["reports"])
    found = status(plan, detailed=True)
    return Exit.CHANGES if found is Exit.BLOCKED and plan.changed_cases else found
