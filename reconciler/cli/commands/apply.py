"""`reconcile apply`: carry out a saved plan, or plan, show, ask and carry out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler import Plan
from reconciler.cli.carrying import agreed, carry_out, goes_on, telling
from reconciler.cli.command import Count
from reconciler.cli.console import Console
from reconciler.cli.files import EXISTING
from reconciler.cli.groups import HOW
from reconciler.cli.opening import Work, opened
from reconciler.cli.options import Batching, Configured, Guards, Selecting, SideBySide
from reconciler.cli.planfiles import check_expectation, plan_among
from reconciler.cli.planning import HISTORIES, asked_of, histories, show
from reconciler.cli.reporting import Reporting, reporting_problems
from reconciler.cli.staging import Staging
from reconciler.cli.typed import argument, option, subcommand
from reconciler.errors import Exit, ReconcilerError
from reconciler.report.subject import about_plan

if TYPE_CHECKING:
    from reconciler import Receipt, Run


class Options(Selecting, Configured, SideBySide, Batching, Staging, Guards, Reporting):
    """What `apply` is told."""

    paths: tuple[Path, ...] = argument(nargs=-1, type=EXISTING, metavar="[PLANFILE | PATHS]...")
    yes: bool = option(
        "--yes", group=HOW, is_flag=True, help="Do not ask. Needed where there is no terminal."
    )
    expect: str | None = option(
        "--expect", group=HOW, metavar="DIGEST|PLANFILE",
        help="Refuse unless these are the changes.",
    )  # fmt: skip
    limit: int | None = option(
        "--limit",
        group=HOW,
        type=Count(1),
        metavar="N",
        help="Write the first N cases of each target only.",
    )
    retry: str | None = option(
        "--retry", group=HOW, metavar="RECEIPT|RUN|last",
        help="Try again what an apply left undone.",
    )  # fmt: skip

    def order(self) -> dict[str, Any]:
        """How a plan is carried out, as the library takes it."""
        seconds, asks = self.waits()
        return {
            "limits": self.limits(),
            "expect": self.expect,
            "first": self.limit,
            "max_failures": self.max_failures,
            "stages": self.stage_list(),
            "pause": seconds,
            "windows": self.overridden_windows or None,
            "parallel": self.parallel,
            "skip_after": self.skip_after,
            "before_stage": goes_on if asks else None,
        }


@subcommand("apply", Options)
def command(console: Console, options: Options) -> int:
    """Send the UpdateCase calls that make live cases equal to their specs.

    \b
    Examples
      reconcile apply plan.json
      reconcile apply specs/vip.yaml -t prod --allow-cases 250 --yes
      reconcile apply plan.json --stages 1%,10%,100% --pause 60
    """
    if options.expect:
        check_expectation(options.expect)
    with opened(console, options.config_path) as work:
        receipt = _receipt(work, options)
        order = {**options.order(), "on_stage": telling(console)}
        if receipt is not None:
            plan = _rest(console, work, receipt)
            if not plan.changed_cases:
                return _nothing_left(console, receipt, plan)
            run = work.project.apply(plan, **options.part(), **order)
        elif (saved := plan_among(options.paths)) is not None:
            plan = Plan.load(saved)
            run = work.project.apply(plan, **options.part(), **order)
        else:
            plan = _made(work, options)
            run = work.project.apply(plan, **order)
            if not agreed(console, plan.changed_cases, yes=options.yes):
                return Exit.ERROR
        _say_part(console, plan, run)
        with run:
            return carry_out(
                work, run, options.reports,
                asks=order["before_stage"] is not None,
                allowed_conflicts=options.limits().conflicts,
            )  # fmt: skip


def _receipt(work: Work, options: Options) -> "Receipt | None":
    if options.retry is None:
        return None
    if options.paths:
        raise ReconcilerError("--retry names all there is to do; give no plan file or path beside")
    return work.project.receipt(options.retry)


def _conflicts(receipt: "Receipt") -> int:
    from reconciler import Conflict

    return sum(isinstance(one, Conflict) for one in receipt.outcomes)


def _rest(console: Console, work: Work, receipt: "Receipt") -> Plan:
    """What the receipt's apply left undone. It does not expire: `before` is its condition."""
    rest = work.project.rest(receipt)
    if count := _conflicts(receipt):
        again = "`reconcile rollback`" if rest.data.rollback_of else "`reconcile plan`"
        said = "1 conflict is" if count == 1 else f"{count:,} conflicts are"
        console.note(f"{said} not tried again; a new plan is needed: {again}")
    return rest


def _say_part(console: Console, plan: Plan, run: "Run") -> None:
    """How much of a plan that was made before the selectors mean."""
    part = run.plan
    if part.data.part_of and part.changed_fields != plan.changed_fields:
        cases = f"{part.changed_cases:,} of {plan.changed_cases:,} cases"
        fields = f"{part.changed_fields:,} of {plan.changed_fields:,} values"
        console.note(f"a part of the plan is applied: {cases}, {fields}")


def _nothing_left(console: Console, receipt: "Receipt", rest: Plan) -> Exit:
    """What was never planned cannot be tried again, and is not done either."""
    from reconciler.report.sentences import unreadable_words

    for line in unreadable_words(rest.data):
        console.note(f"not applied: {line}; it needs a new plan")
    if not rest.incomplete:
        console.note("there is nothing to try again")
    return Exit.INCOMPLETE if _conflicts(receipt) or rest.incomplete else Exit.OK


def _made(work: Work, options: Options) -> Plan:
    """The plan of the specs, shown."""
    if not options.yes and not sys.stdin.isatty():
        raise ReconcilerError(
            "there is no terminal to ask on; give --yes, or apply a saved plan file"
        )
    console = work.console
    with (
        reporting_problems(console, "apply", work.config, options.reports),
        work.progress(accounted=False),
    ):
        plan = work.project.plan(
            **asked_of(options, options, options.paths),
            by_field=options.by_field,
            limits=options.limits(),
            histories=histories(options, HISTORIES, read=not options.yes),
            parallel=options.parallel,
        )
    subject = about_plan(
        "plan", plan.data, work.config, allowed_conflicts=options.limits().conflicts
    )
    show(console, subject, "text")
    return plan
