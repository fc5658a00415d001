"""`reconcile rollback`: plan the inverse of what an apply did, and carry it out if told to."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from reconciler import Plan
from reconciler.cli.carrying import agreed, carry_out, goes_on, telling
from reconciler.cli.console import Console
from reconciler.cli.files import OUT
from reconciler.cli.groups import HOW, OUTPUT, WHAT
from reconciler.cli.opening import Work, opened
from reconciler.cli.options import (
    Configured,
    Living,
    RollbackGuards,
    Selecting,
    Showing,
    SideBySide,
)
from reconciler.cli.planning import show
from reconciler.cli.reporting import Reporting, publish
from reconciler.cli.staging import Staging
from reconciler.cli.typed import argument, option, subcommand
from reconciler.errors import Exit, ReconcilerError
from reconciler.report.subject import about_plan

LAST = "last"


class Options(
    Selecting, Configured, SideBySide, Living, Staging, RollbackGuards, Showing, Reporting
):
    """What `rollback` is told."""

    receipt: str | None = argument(required=False, metavar="[RECEIPT|RUN]")
    last: bool = option(
        "--last", group=WHAT, is_flag=True, help="The last apply that was no rollback."
    )
    out: Path | None = option(
        "-o", "--out", group=OUTPUT, type=OUT, help="Save the plan, for `reconcile apply FILE`."
    )
    yes: bool = option(
        "--yes", group=HOW, is_flag=True, help="Carry it out at once, without asking."
    )


@subcommand("rollback", Options)
def command(console: Console, options: Options) -> int:
    """Roll back what an apply wrote, by its RECEIPT in .reconcile/runs.

    A field is rolled back only if the case's history shows that this very apply wrote
    it last. Nothing is written without --yes, or a yes on a terminal.

    \b
    Examples
      reconcile rollback --last
      reconcile rollback 20261201T090000.123456Z-c0ffee12-4a2f
      reconcile rollback RECEIPT --out back.json && reconcile apply back.json
    """
    if options.out is not None and options.yes:
        raise ReconcilerError("--out saves the plan and --yes carries it out; give one of the two")
    with opened(console, options.config_path) as work:
        order = _order(options)
        receipt = _named(options)
        with work.progress(accounted=False):
            plan = work.project.rollback(
                receipt,
                **options.part(),
                limits=options.limits(),
                life=timedelta(hours=options.ttl),
                parallel=options.parallel,
            )
        if options.out is not None:
            plan = plan.for_file()
            plan.save(options.out)
        _show(work, plan, options)
        if not _goes_on(console, plan, options):
            return status(plan)
        run = work.project.apply(plan, **order, on_stage=telling(console))
        if not agreed(console, plan.changed_cases, yes=options.yes):
            return status(plan)
        with run:
            asks = order["before_stage"] is not None
            return carry_out(work, run, options.reports, asks=asks) or status(plan)


def _named(options: Options) -> str:
    """What is rolled back, as the library takes it."""
    if options.last and options.receipt is not None:
        raise ReconcilerError("--last and a RECEIPT or RUN each name an apply; give one of the two")
    if not options.last and options.receipt is None:
        raise ReconcilerError(
            "found nothing to roll back, expected the file of a RECEIPT, the name of a RUN, or "
            "--last; `reconcile runs list` shows the runs"
        )
    return options.receipt or LAST


def _order(options: Options) -> dict[str, Any]:
    """How the plan is carried out, as the library takes it."""
    seconds, asks = options.waits()
    return {
        "limits": options.limits(),
        "max_failures": options.max_failures,
        "stages": options.stage_list(),
        "pause": seconds,
        "windows": options.overridden_windows or None,
        "parallel": options.parallel,
        "skip_after": options.skip_after,
        "before_stage": goes_on if asks else None,
    }


def _show(work: Work, plan: Plan, options: Options) -> None:
    subject = about_plan("plan", plan.data, work.config, full=options.full)
    show(work.console, subject, options.output)
    if not options.yes:
        publish(work.console, subject, work.config, options.reports, options.out)


def _goes_on(console: Console, plan: Plan, options: Options) -> bool:
    """Whether the plan may be carried out now; else the user is told how to go on."""
    if options.out is not None:
        console.note(f"saved {options.out}; to roll back: reconcile apply {options.out}")
        return False
    if not plan.changed_cases:
        console.note("there is nothing to roll back")
        return False
    if not options.yes and not sys.stdin.isatty():
        console.note("nothing was written; to roll back: --yes, or --out FILE and apply FILE")
        return False
    return True


def status(plan: Plan) -> Exit:
    """The exit status of a rollback's plan: what it does not undo makes it incomplete."""
    if plan.blocked:
        return Exit.BLOCKED
    left = plan.incomplete or any(target.ignored for target in plan.data.targets)
    return Exit.INCOMPLETE if left else Exit.OK
