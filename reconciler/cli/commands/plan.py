"""`reconcile plan`: show what apply would change, and save it."""

import shlex
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from reconciler.cli.command import Finite, subcommand
from reconciler.cli.console import Console
from reconciler.cli.edge import Steps
from reconciler.cli.options import (
    EXISTING,
    OUT,
    config_option,
    guard_options,
    planning_options,
    selecting_options,
    showing_options,
    with_console,
)
from reconciler.cli.planning import plan_request, show, subject_of
from reconciler.cli.progress import progress_of
from reconciler.cli.reporting import publish, report_option, told
from reconciler.cli.stopping import stoppable
from reconciler.clock import SystemClock
from reconciler.config.model import Config
from reconciler.errors import Exit
from reconciler.model.plan import Plan
from reconciler.plan.file.data import to_data
from reconciler.plan.file.disk import save_plan
from reconciler.project.admission import window_refusals
from reconciler.project.connections import Connections
from reconciler.project.inputs import load_config
from reconciler.project.planning import PlanRequest, plan_now
from reconciler.secrets.vouching import signed_here


@subcommand("plan")
@click.argument("paths", nargs=-1, type=EXISTING)
@config_option
@selecting_options
@planning_options
@click.option("-o", "--out", type=OUT, help="Save the plan here, for `reconcile apply FILE`.")
@showing_options
@report_option
@click.option(
    "--detailed-exitcode", is_flag=True, help="Exit with 2, not 0, when there are changes."
)
@click.option(
    "--ttl",
    type=Finite(min=0, min_open=True, max=24 * 365),
    default=24.0,
    show_default=True,
    metavar="HOURS",
    help="How long the saved plan may be applied.",
)
@guard_options
@with_console
def command(
    console: Console, paths: tuple[Path, ...], config_path: Path | None, **given: Any
) -> int:
    """Show what apply would change, and save it. Nothing live is touched.

    PATHS are spec files or folders; by default every spec below `specs:` of the config.

    \b
    Exit status
      0  done          2  there are changes (--detailed-exitcode)
      1  error         3  a guard blocks this plan; it is shown and saved
                       4  some cases could not be read; they are listed

    \b
    Examples
      reconcile plan
      reconcile plan specs/vip.yaml -t prod --out plan.json
      reconcile plan --format json | jq .summary
    """
    config = load_config(config_path)
    request = plan_request(paths, given)
    request = replace(request, life=timedelta(hours=given["ttl"]))
    with told(console, "plan", config, given["reports"]):
        plan = make(console, config, request)
    subject = subject_of("plan", plan, config, given, full=given["full"])
    steps = Steps(console)
    with steps.each():
        show(console, subject, given["output"])
    with steps.each():
        if given["out"] is not None:
            save_plan(signed_here(to_data(plan), config), given["out"])
            saved = shlex.quote(str(given["out"]))
            console.note(f"saved {given['out']}; apply exactly this: reconcile apply {saved}")
    with steps.each():
        publish(console, subject, config, given["reports"], given["out"])
    for line in window_refusals(plan, config, (), SystemClock().now()):
        console.note(f"apply would be refused now: {line}")
    return steps.status or status(plan, detailed=given["detailed_exitcode"])


def make(console: Console, config: Config, request: PlanRequest) -> Plan:
    """Plan now; a signal ends the reading."""
    with (
        stoppable() as stop,
        Connections(config, stop.event, console.note) as connections,
        progress_of(console, connections) as progress,
    ):
        planned = plan_now(config, request, connections, progress)
    for warning in planned.warnings:
        console.note(warning)
    return planned.plan


def status(plan: Plan, *, detailed: bool) -> Exit:
    """The exit status of a plan, the most serious first."""
    if plan.blocked:
        return Exit.BLOCKED
    if plan.incomplete:
        return Exit.INCOMPLETE
    return Exit.CHANGES if detailed and plan.changed_cases else Exit.OK
