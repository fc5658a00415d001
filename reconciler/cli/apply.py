"""`reconcile apply`: carry out a saved plan, or plan, show, ask and carry out."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
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
    target_option,
)
from reconciler.cli.planning import allowances, plan_request, show, subject_of
from reconciler.cli.progress import progress_of
from reconciler.cli.reporting import publish, report_option, told
from reconciler.cli.stopping import Stop, stoppable
from reconciler.engine.tally import verdict
from reconciler.errors import Exit, ReconcilerError, Stopped
from reconciler.model.config import Config
from reconciler.model.event import Outcome
from reconciler.model.plan import Plan
from reconciler.model.value import Value
from reconciler.ports import Progress
from reconciler.report.subject import Subject
from reconciler.wiring.applying import (
    Apply,
    ApplyRequest,
    check_expected,
    check_fits,
    check_guards,
    saved_plan,
    vault_for,
)
from reconciler.wiring.connections import Connections
from reconciler.wiring.inputs import load_config
from reconciler.wiring.planning import plan_now


@click.command("apply")
@click.argument("paths", nargs=-1, type=EXISTING, metavar="[PLANFILE | PATHS]...")
@config_option
@target_option
@planning_options
@click.option("--yes", is_flag=True, help="Do not ask. Needed where there is no terminal.")
@click.option(
    "--expect",
    metavar="DIGEST|PLANFILE",
    help="Refuse unless the changes are these: a plan's changes_digest, or its file.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help="Write the first N cases only; the others are listed as not attempted.",
)
@click.option(
    "--max-failures",
    type=click.IntRange(1),
    metavar="N",
    help="Attempt no further case after N that failed or conflicted.",
)
@report_option
@guard_options
@framed
def command(
    console: Console, paths: tuple[Path, ...], config_path: Path | None, **given: Any
) -> int:
    """Send the UpdateCase calls that make live cases equal to their specs, and no others.

    Given a plan file it applies exactly that. Given spec paths, or nothing, it plans, shows the
    plan, asks, and applies. Each case is read right before it is written: a value that somebody
    changed since the plan is never overwritten, and is reported as a conflict.

    \b
    Exit status
      0  everything in the plan is now true     4  some cases failed, conflicted, are unknown
      1  error before any write                    or were not attempted; they are listed
      3  a guard refused                        5  the saved plan does not fit
      130, 143  interrupted; the journal says what was done

    \b
    Examples
      reconcile apply plan.json
      reconcile apply --yes
      reconcile apply specs/vip.yaml -t prod --allow-cases 250
    """
    config = load_config(config_path)
    request = ApplyRequest(
        allowed=allowances(given),
        empty_allowed=given["allow_empty"],
        limit=given["limit"],
        max_failures=given["max_failures"],
    )
    with stoppable() as stop, Connections(config, stop.event) as connections:
        try:
            plan, vault = _plan(console, paths, config, connections, given)
            if plan is None:
                return Exit.ERROR
            apply = Apply(plan, vault, config, request, connections)
            with progress_of(console, connections) as progress:
                outcomes = list(
                    _noted(console, apply.run(stop.event), plan.changed_cases, progress)
                )
            subject = replace(subject_of("apply", plan, config), outcomes=tuple(outcomes))
            status = _report(console, apply, subject, stop)
            publish(console, subject, config, given["reports"])
            return status
        except Stopped as error:
            error.status = stop.status
            raise


def _plan(
    console: Console,
    paths: tuple[Path, ...],
    config: Config,
    connections: Connections,
    given: Mapping[str, Any],
) -> tuple[Plan | None, Mapping[str, Value]]:
    """The plan to apply and the values behind its seals; None when the user said no."""
    saved = _saved(paths)
    if saved is not None:
        plan = saved_plan(saved)
        check_fits(plan, config, connections.clock.now())
        if given["expect"]:
            check_expected(plan, given["expect"])
        return plan, vault_for(plan, config, connections)
    if not given["yes"] and not sys.stdin.isatty():
        raise ReconcilerError(
            "there is no terminal to ask on; give --yes, or apply a saved plan file"
        )
    with (
        told(console, "apply", config, given["reports"]),
        progress_of(console, connections, accounted=False) as progress,
    ):
        planned = plan_now(config, plan_request(paths, given), connections, progress)
    show(console, subject_of("plan", planned.plan, config), "text")
    if given["expect"]:
        check_expected(planned.plan, given["expect"])
    request = ApplyRequest(allowed=allowances(given), empty_allowed=given["allow_empty"])
    check_guards(planned.plan, config, request)
    if planned.plan.changed_cases and not given["yes"]:
        count = planned.plan.changed_cases
        if not click.confirm(f"Write {count:,} case{'s' if count != 1 else ''}?", err=True):
            console.note("nothing was written")
            return None, {}
    return planned.plan, planned.vault


def _saved(paths: tuple[Path, ...]) -> Path | None:
    """The one path given, when it is a plan file (whole or not) and no spec."""
    plans = [path for path in paths if path.is_file() and _looks_like_a_plan(path)]
    if plans and len(paths) > 1:
        raise ReconcilerError(f"{plans[0]} is a plan file; apply it alone")
    return plans[0] if plans else None


def _looks_like_a_plan(path: Path) -> bool:
    if path.suffix != ".json":
        return False
    with path.open("rb") as file:
        head = file.read(65_536)
    return b'"apiVersion"' not in head


def _report(console: Console, apply: Apply, subject: Subject, stop: Stop) -> int:
    plan = subject.plan
    assert plan is not None
    if apply.resumed:
        console.note(f"{apply.resumed:,} cases were done by an earlier run of this plan")
    show(console, subject, "text")
    if plan.changed_cases:
        console.note(f"journal {apply.journal}")
    if stop.event.is_set():
        return stop.status
    unknown = Exit.INCOMPLETE if plan.unknown_cases else Exit.OK
    return max(verdict(subject.outcomes), unknown)


def _noted(
    console: Console, outcomes: Iterator[Outcome], total: int, progress: Progress
) -> Iterator[Outcome]:
    for number, outcome in enumerate(outcomes, 1):
        progress("applying", number, total)
        console.detail(f"{number:,}/{total:,} {type(outcome).__name__} {outcome.case_id}")
        yield outcome
