"""`reconcile show`: a saved plan, or how it differs from another."""

from pathlib import Path

import click

from reconciler.cli.command import subcommand
from reconciler.cli.console import Console
from reconciler.cli.edge import Steps
from reconciler.cli.options import EXISTING, showing_options, with_console
from reconciler.cli.planning import show, subject_of
from reconciler.cli.reporting import publish, report_option
from reconciler.errors import Exit


@subcommand("show")
@click.argument("planfile", type=EXISTING)
@click.option(
    "--against", type=EXISTING, help="Say in words how the changes of this other plan differ."
)
@showing_options
@report_option
@with_console
def command(
    console: Console,
    planfile: Path,
    against: Path | None,
    output: str,
    full: bool,
    reports: tuple[tuple[str, Path], ...],
) -> int:
    """Show a saved plan. Offline: no credentials, no network.

    \b
    Exit status: 0 shown, 5 the file is no whole, unedited plan of a known format.

    \b
    Examples
      reconcile show plan.json
      reconcile show plan.json --format json
      reconcile show reviewed.json --against plan.json
    """
    from reconciler.plan.file.saved import saved_plan

    plan = saved_plan(planfile)
    if against is None:
        subject = subject_of("show", plan, None, {}, full=full)
        steps = Steps(console)
        with steps.each():
            show(console, subject, output)
        with steps.each():
            publish(console, subject, None, reports, planfile)
        return steps.status
    from reconciler.plan.compare import differences

    lines = differences(plan, saved_plan(against))
    console.result("\n".join(lines) or "the two plans make the same changes")
    return Exit.OK
