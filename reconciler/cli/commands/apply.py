"""`reconcile apply`: carry out a saved plan, or plan, show, ask and carry out."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from reconciler.apply.retry_plan import conflicts, retry_plan
from reconciler.cli.carrying import agreed, carry_out
from reconciler.cli.command import subcommand
from reconciler.cli.console import Console
from reconciler.cli.options import (
    EXISTING,
    FILE,
    config_option,
    guard_options,
    planning_options,
    selecting_options,
    selectors,
    with_console,
)
from reconciler.cli.planfiles import plan_among
from reconciler.cli.planning import plan_request, show, subject_of
from reconciler.cli.progress import progress_of
from reconciler.cli.reporting import report_option, told
from reconciler.cli.staging import apply_request, staging_options
from reconciler.cli.stopping import stoppable
from reconciler.config.model import Config
from reconciler.errors import Exit, ReconcilerError
from reconciler.model.plan import Plan
from reconciler.model.receipt import Receipt
from reconciler.plan.file.saved import (
    check_expectation,
    check_expected,
    check_fits,
    check_targets,
    ordered,
    saved_plan,
)
from reconciler.plan.planning import Planned
from reconciler.plan.selecting import selected
from reconciler.project.admission import check_guards, check_windows
from reconciler.project.applying import Apply, ApplyRequest
from reconciler.project.connections import Connections
from reconciler.project.inputs import load_config
from reconciler.project.planning import plan_now
from reconciler.project.vault import vault_for
from reconciler.report.sentences import unread_words
from reconciler.state.receipts import saved_receipt


@subcommand("apply")
@click.argument("paths", nargs=-1, type=EXISTING, metavar="[PLANFILE | PATHS]...")
@config_option
@selecting_options
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
    "--retry",
    type=FILE,
    metavar="RECEIPT",
    help="Try again what an earlier apply left undone, and nothing else; conflicts are left out.",
)
@staging_options
@report_option
@guard_options
@with_console
def command(
    console: Console, paths: tuple[Path, ...], config_path: Path | None, **given: Any
) -> int:
    """Send the UpdateCase calls that make live cases equal to their specs, and no others.

    Given a plan file it applies exactly that. Given spec paths, or nothing, it plans, shows the
    plan, asks, and applies. Each case is read right before it is written: a value that somebody
    changed since the plan is never overwritten, and is reported as a conflict. What was done is
    in a receipt, from which the rest can be tried again (--retry) and all of it be undone
    (reconcile rollback).

    \b
    Exit status
      0  everything in the plan is now true
      1  error before any write
      3  a guard or a change window refused
      4  some cases failed, conflicted, are unknown or were not attempted
      5  the saved plan does not fit
      130, 143  interrupted; the journal says what was done

    \b
    Examples
      reconcile apply plan.json
      reconcile apply --yes
      reconcile apply specs/vip.yaml -t prod --allow-cases 250
      reconcile apply plan.json --stages 1%,10%,100% --pause 60
    """
    if given["expect"]:
        check_expectation(given["expect"])
    config = load_config(config_path)
    receipt = _receipt(given["retry"], paths, config)
    request = apply_request(given, retried=receipt)
    with stoppable() as stop, Connections(config, stop.event, console.note) as connections:
        planned: Planned | None
        if receipt is not None:
            planned = _rest(console, receipt, config, connections, given)
        elif (saved := plan_among(paths)) is not None:
            planned = _opened(console, saved_plan(saved, config), config, connections, given)
        else:
            planned = _made(console, paths, config, connections, request, given)
        if planned is None:
            return Exit.ERROR
        if receipt is not None and not planned.plan.changed_cases:
            return _nothing_left(console, receipt, planned.plan)
        apply = Apply(
            planned.plan, planned.vault, config, request, connections, planned.classifiers
        )
        return carry_out(console, apply, config, connections, stop, given)


def _receipt(path: Path | None, paths: tuple[Path, ...], config: Config) -> Receipt | None:
    if path is None:
        return None
    if paths:
        raise ReconcilerError("--retry names all there is to do; give no plan file or path beside")
    return saved_receipt(path, config)


def _rest(
    console: Console,
    receipt: Receipt,
    config: Config,
    connections: Connections,
    given: Mapping[str, Any],
) -> Planned:
    """What the receipt's apply left undone. It does not expire: `before` is its condition."""
    rest = retry_plan(receipt)
    if given["expect"]:
        check_expected(rest, given["expect"])
    if count := conflicts(receipt.outcomes):
        again = "`reconcile rollback`" if rest.rollback_of else "`reconcile plan`"
        said = "1 conflict is" if count == 1 else f"{count:,} conflicts are"
        console.note(f"{said} not tried again; a new plan is needed: {again}")
    if not rest.changed_cases:
        return Planned(rest, {})
    plan = _part(console, rest, given, "the rest has")
    check_targets(plan, config)
    plan = ordered(plan, config)
    return Planned(plan, vault_for(plan, config, connections))


def _part(console: Console, plan: Plan, given: Mapping[str, Any], where: str) -> Plan:
    """What the selectors mean of a plan that was made before."""
    part = selected(plan, selectors(given), where)
    if part is not plan:
        cases = f"{part.changed_cases:,} of {plan.changed_cases:,} cases"
        fields = f"{part.changed_fields:,} of {plan.changed_fields:,} values"
        console.note(f"a part of the plan is applied: {cases}, {fields}")
    return part


def _nothing_left(console: Console, receipt: Receipt, rest: Plan) -> Exit:
    """What was never planned cannot be tried again, and is not done either."""
    for line in unread_words(rest):
        console.note(f"not applied: {line}; it needs a new plan")
    if not rest.incomplete:
        console.note("there is nothing to try again")
    return Exit.INCOMPLETE if conflicts(receipt.outcomes) or rest.incomplete else Exit.OK


def _opened(
    console: Console,
    whole: Plan,
    config: Config,
    connections: Connections,
    given: Mapping[str, Any],
) -> Planned:
    plan = _part(console, whole, given, "the plan has")
    check_fits(plan, config, connections.clock.now())
    if given["expect"]:
        check_expected(whole, given["expect"])
    plan = ordered(plan, config)
    return Planned(plan, vault_for(plan, config, connections))


def _made(
    console: Console,
    paths: tuple[Path, ...],
    config: Config,
    connections: Connections,
    request: ApplyRequest,
    given: Mapping[str, Any],
) -> Planned | None:
    """The plan of the specs, shown and agreed to; None when the user said no."""
    if not given["yes"] and not sys.stdin.isatty():
        raise ReconcilerError(
            "there is no terminal to ask on; give --yes, or apply a saved plan file"
        )
    with (
        told(console, "apply", config, given["reports"]),
        progress_of(console, connections, accounted=False) as progress,
    ):
        asked = replace(plan_request(paths, given), applied=True)
        planned = plan_now(config, asked, connections, progress)
    plan = planned.plan
    show(console, subject_of("plan", plan, config, given), "text")
    if given["expect"]:
        check_expected(plan, given["expect"])
    check_guards(plan, config, request.allowed, empty_allowed=request.empty_allowed)
    check_windows(plan, config, request.overridden_windows, connections.clock.now())
    if not agreed(console, plan, given):
        return None
    return planned
