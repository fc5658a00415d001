"""`reconcile plan`: show what apply would change, and save it."""

import shlex
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from reconciler import Plan
from reconciler.cli.console import Console
from reconciler.cli.edge import Steps
from reconciler.cli.files import EXISTING, OUT
from reconciler.cli.groups import OUTPUT
from reconciler.cli.opening import opened
from reconciler.cli.options import (
    Batching,
    Configured,
    Guards,
    Living,
    Selecting,
    Showing,
    SideBySide,
)
from reconciler.cli.planning import (
    HISTORIES,
    asked_of,
    closed_windows,
    histories,
    show,
)
from reconciler.cli.reporting import Reporting, publish, reporting_problems
from reconciler.cli.typed import argument, option, subcommand
from reconciler.errors import Exit
from reconciler.report.subject import about_plan


class Options(Selecting, Configured, SideBySide, Batching, Living, Guards, Showing, Reporting):
    """What `plan` is told."""

    paths: tuple[Path, ...] = argument(nargs=-1, type=EXISTING)
    out: Path | None = option(
        "-o",
        "--out",
        group=OUTPUT,
        type=OUT,
        help="Save the plan, for `reconcile apply FILE`; with --quiet, print only its totals.",
    )
    detailed_exitcode: bool = option(
        "--detailed-exitcode", group=OUTPUT, is_flag=True,
        help="Exit with 2, not 0, when there are changes.",
    )  # fmt: skip


@subcommand("plan", Options)
def command(console: Console, options: Options) -> int:
    """Show what apply would change, and save it. Nothing live is touched.

    PATHS are spec files or folders; by default all below `specs:` of the config.

    \b
    Examples
      reconcile plan
      reconcile plan specs/vip.yaml -t prod --out plan.json
      reconcile plan --format json | jq .summary
    """
    with opened(console, options.config_path) as work:
        with reporting_problems(console, "plan", work.config, options.reports), work.progress():
            plan = work.project.plan(
                **asked_of(options, options, options.paths),
                by_field=options.by_field,
                limits=options.limits(),
                life=timedelta(hours=options.ttl),
                histories=histories(options, HISTORIES),
                parallel=options.parallel,
                applied=False,
            )
        for warning in plan.warnings:
            console.note(warning)
        steps = Steps(console)
        subject = about_plan(
            "plan", plan.data, work.config,
            full=options.full, allowed_conflicts=options.limits().conflicts,
        )  # fmt: skip
        with steps.each():
            # Whoever saves the changes and wants it quiet has them in the file.
            brief = console.quiet and options.out is not None and not options.full
            show(console, replace(subject, brief=brief), options.output)
        with steps.each():
            if options.out is not None:
                plan.save(options.out)
                saved = shlex.quote(str(options.out))
                console.note(f"saved {options.out}; apply exactly this: reconcile apply {saved}")
        with steps.each():
            publish(console, subject, work.config, options.reports, options.out)
        for line in closed_windows(work, plan):
            console.note(f"apply would be refused now: {line}")
        return steps.status or status(plan, detailed=options.detailed_exitcode)


def status(plan: Plan, *, detailed: bool) -> Exit:
    """The exit status of a plan, the most serious first."""
    if plan.blocked:
        return Exit.BLOCKED
    if plan.incomplete:
        return Exit.INCOMPLETE
    return Exit.CHANGES if detailed and plan.changed_cases else Exit.OK
