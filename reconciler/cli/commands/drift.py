"""`reconcile drift`: report where live cases have left their specs."""

from pathlib import Path

from reconciler import Plan
from reconciler.cli.console import Console
from reconciler.cli.edge import Steps
from reconciler.cli.files import EXISTING
from reconciler.cli.opening import opened
from reconciler.cli.options import Configured, EmptyGuard, Planning, Selecting, Showing, SideBySide
from reconciler.cli.planning import HISTORIES_OF_DRIFT, asked_of, histories, show
from reconciler.cli.reporting import Reporting, publish, reporting_problems
from reconciler.cli.typed import argument, subcommand
from reconciler.errors import Exit
from reconciler.report.subject import about_plan


class Options(Selecting, Configured, SideBySide, Planning, EmptyGuard, Showing, Reporting):
    """What `drift` is told."""

    paths: tuple[Path, ...] = argument(nargs=-1, type=EXISTING)


@subcommand("drift", Options)
def command(console: Console, options: Options) -> int:
    """Report where live cases have left their specs, and who changed them. It cannot write.

    A value that is still as it was last applied, while its spec changed since, has not drifted:
    it is pending, and only counted here.

    \b
    Examples
      reconcile drift -t prod
      reconcile drift --format json
    """
    with opened(console, options.config_path) as work:
        with reporting_problems(console, "drift", work.config, options.reports), work.progress():
            plan = work.project.drift(
                **asked_of(options, options, options.paths),
                limits=options.limits(),
                histories=histories(options, HISTORIES_OF_DRIFT),
                parallel=options.parallel,
            )
        for warning in plan.warnings:
            console.note(warning)
        subject = about_plan("drift", plan.data, work.config, full=options.full)
        steps = Steps(console)
        with steps.each():
            show(console, subject, options.output)
        with steps.each():
            publish(console, subject, work.config, options.reports)
        return steps.status or drift_status(plan)


def drift_status(plan: Plan) -> Exit:
    """Spec edits that wait to be applied are no drift; what could not be classified may be."""
    if plan.blocked and not plan.changed_cases:
        return Exit.BLOCKED
    if plan.incomplete:
        return Exit.INCOMPLETE
    return Exit.CHANGES if plan.drifted else Exit.OK
