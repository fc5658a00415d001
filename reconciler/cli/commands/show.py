"""`reconcile show`: a saved plan, or how it differs from another."""

import os
from pathlib import Path

from reconciler import Plan
from reconciler.cli.console import Console
from reconciler.cli.edge import Steps
from reconciler.cli.files import EXISTING
from reconciler.cli.groups import WHAT
from reconciler.cli.options import Showing
from reconciler.cli.planning import show
from reconciler.cli.reporting import Reporting, publish
from reconciler.cli.typed import argument, option, subcommand
from reconciler.errors import Exit, ReconcilerError
from reconciler.report.subject import about_plan


class Options(Showing, Reporting):
    """What `show` is told."""

    planfiles: tuple[Path, ...] = argument(
        nargs=-1, required=True, type=EXISTING, metavar="PLANFILE..."
    )
    join: bool = option(
        "--join", group=WHAT, is_flag=True, help="Show several plans of the same specs as one."
    )
    against: Path | None = option(
        "--against", group=WHAT, type=EXISTING, metavar="PLANFILE",
        help="Say in words how the changes of this plan differ.",
    )  # fmt: skip


@subcommand("show", Options)
def command(console: Console, options: Options) -> int:
    """Show a saved plan. Offline: no credentials, no network.

    \b
    \b
    Examples
      reconcile show plan.json
      reconcile show plan.json --format json
      reconcile show reviewed.json --against plan.json
      reconcile show --join us.json eu.json --format markdown
    """
    first, *others = options.planfiles
    if others and not options.join:
        raise ReconcilerError("found several plan files; --join shows them as one")
    plan = Plan.load(first, environment=os.environ)
    if others:
        plan = plan.joined_with(*(Plan.load(one, environment=os.environ) for one in others))
    if options.against is not None:
        lines = plan.differences(Plan.load(options.against, environment=os.environ))
        console.result("\n".join(lines) or "the two plans make the same changes")
        return Exit.OK
    subject = about_plan("show", plan.data, None, full=options.full)
    steps = Steps(console)
    with steps.each():
        show(console, subject, options.output)
    with steps.each():
        publish(console, subject, None, options.reports, first)
    return steps.status
