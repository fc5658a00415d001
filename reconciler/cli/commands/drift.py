"""`reconcile drift`: report where live cases have left their specs."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from reconciler.cli.command import subcommand
from reconciler.cli.commands.plan import make
from reconciler.cli.console import Console
from reconciler.cli.edge import Steps
from reconciler.cli.options import (
    EXISTING,
    allow_empty,
    config_option,
    planning_options,
    selecting_options,
    showing_options,
    with_console,
)
from reconciler.cli.planning import HISTORIES_OF_DRIFT, plan_request, show, subject_of
from reconciler.cli.reporting import publish, report_option, told
from reconciler.errors import Exit
from reconciler.model.classes import ChangeClass
from reconciler.model.plan import Plan
from reconciler.project.inputs import load_config


@subcommand("drift")
@click.argument("paths", nargs=-1, type=EXISTING)
@config_option
@selecting_options
@planning_options
@showing_options
@report_option
@allow_empty
@with_console
def command(
    console: Console, paths: tuple[Path, ...], config_path: Path | None, **given: Any
) -> int:
    """Report where live cases have left their specs, and who changed them. It cannot write.

    A value that is still as it was last applied, while its spec changed since, has not drifted:
    it is pending, and only counted here.

    \b
    Exit status
      0  nothing drifted   2  live values drifted, conflict, or are new to specs
      1  error             4  some cases could not be read

    \b
    Examples
      reconcile drift -t prod
      reconcile drift --format json
    """
    config = load_config(config_path)
    with told(console, "drift", config, given["reports"]):
        request = plan_request(paths, given, HISTORIES_OF_DRIFT)
        plan = make(console, config, replace(request, for_drift=True))
    subject = subject_of("drift", plan, config, given, full=given["full"])
    steps = Steps(console)
    with steps.each():
        show(console, subject, given["output"])
    with steps.each():
        publish(console, subject, config, given["reports"])
    return steps.status or drift_status(plan)


def drift_status(plan: Plan) -> Exit:
    """Spec edits that wait to be applied are no drift; what could not be classified may be."""
    if plan.blocked and not plan.changed_cases:
        return Exit.BLOCKED
    if plan.incomplete:
        return Exit.INCOMPLETE
    drifted = any(plan.classes[kind] for kind in ChangeClass if kind.facts.drifts)
    return Exit.CHANGES if drifted else Exit.OK
