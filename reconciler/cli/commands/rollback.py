"""`reconcile rollback`: plan the inverse of what an apply did, and carry it out if told to."""

import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from reconciler.apply.inverse import without_sealed
from reconciler.cli.carrying import agreed, carry_out
from reconciler.cli.command import Finite, subcommand
from reconciler.cli.console import Console
from reconciler.cli.options import (
    EXISTING,
    OUT,
    allow_owner,
    config_option,
    number_guards,
    selecting_options,
    selectors,
    showing_options,
    with_console,
)
from reconciler.cli.planning import allowances, show, subject_of
from reconciler.cli.progress import progress_of
from reconciler.cli.reporting import publish, report_option
from reconciler.cli.staging import apply_request, staging_options
from reconciler.cli.stopping import stoppable
from reconciler.config.model import Config
from reconciler.errors import Exit, ReconcilerError
from reconciler.model.plan import Plan
from reconciler.plan.file.data import to_data
from reconciler.plan.file.disk import save_plan
from reconciler.project.admission import check_guards, check_windows
from reconciler.project.applying import Apply, ApplyRequest
from reconciler.project.connections import Connections
from reconciler.project.inputs import load_config
from reconciler.project.rollback import RollbackRequest, rollback_now
from reconciler.secrets.vouching import signed_here
from reconciler.state.receipts import saved_receipt


@subcommand("rollback")
@click.argument("receipt", type=EXISTING)
@config_option
@selecting_options
@click.option("-o", "--out", type=OUT, help="Save the plan here, for `reconcile apply FILE`.")
@click.option(
    "--ttl",
    type=Finite(min=0, min_open=True, max=24 * 365),
    default=24.0,
    show_default=True,
    metavar="HOURS",
    help="How long a saved plan may be applied.",
)
@click.option("--yes", is_flag=True, help="Carry it out at once, without asking.")
@showing_options
@report_option
@staging_options
@number_guards
@allow_owner
@with_console
def command(console: Console, receipt: Path, config_path: Path | None, **given: Any) -> int:
    """Undo what an apply did, from its RECEIPT in .reconcile/runs.

    A field is put back only if the case's audit history shows that this very apply wrote it last.
    A value that somebody else wrote since is left alone and listed, also when it is the same one.
    The plan is shown; nothing is written without --yes, or a yes on a terminal.

    \b
    Exit status
      0  the plan undoes all of it, or with --yes: all of it is undone
      1  error
      3  a guard or a change window refused
      4  some fields are left alone, or could not be read; or as for apply
      5  the receipt does not fit: edited, newer, other domain

    \b
    Examples
      reconcile rollback .reconcile/runs/20261201T090000Z-c0ffee12.receipt.json
      reconcile rollback RECEIPT --out undo.json && reconcile apply undo.json
      reconcile rollback RECEIPT --yes --canary 5
    """
    config = load_config(config_path)
    if given["out"] is not None and given["yes"]:
        raise ReconcilerError("--out saves the plan and --yes carries it out; give one of the two")
    request = apply_request(given)
    asked = RollbackRequest(
        receipt=saved_receipt(receipt, config),
        life=timedelta(hours=given["ttl"]),
        allowed=allowances(given),
        only=selectors(given),
    )
    with stoppable() as stop, Connections(config, stop.event, console.note) as connections:
        with progress_of(console, connections, accounted=False) as progress:
            planned = rollback_now(config, asked, connections, progress)
        plan = planned.plan
        if given["out"] is not None:
            plan = without_sealed(plan)
            save_plan(signed_here(to_data(plan), config), given["out"])
        _show(console, plan, config, given)
        if not _goes_on(console, plan, config, request, connections, given):
            return status(plan)
        apply = Apply(plan, planned.vault, config, request, connections)
        carried = carry_out(console, apply, config, connections, stop, given)
        return carried or status(plan)


def _show(console: Console, plan: Plan, config: Config, given: Mapping[str, Any]) -> None:
    subject = subject_of("plan", plan, config, given, full=given["full"])
    show(console, subject, given["output"])
    if not given["yes"]:
        publish(console, subject, config, given["reports"], given["out"])


def _goes_on(
    console: Console,
    plan: Plan,
    config: Config,
    request: ApplyRequest,
    connections: Connections,
    given: Mapping[str, Any],
) -> bool:
    """Whether the plan is to be carried out now; else the user is told how to go on."""
    if given["out"] is not None:
        console.note(f"saved {given['out']}; to put it back: reconcile apply {given['out']}")
        return False
    if not plan.changed_cases:
        console.note("there is nothing to put back")
        return False
    if not given["yes"] and not sys.stdin.isatty():
        console.note("nothing was written; to put it back: --yes, or --out FILE and apply FILE")
        return False
    check_guards(plan, config, request.allowed)
    check_windows(plan, config, request.overridden_windows, connections.clock.now())
    return agreed(console, plan, given)


def status(plan: Plan) -> Exit:
    """The exit status of a rollback's plan: what it does not undo makes it incomplete."""
    if plan.blocked:
        return Exit.BLOCKED
    left = plan.incomplete or any(target.ignored for target in plan.targets)
    return Exit.INCOMPLETE if left else Exit.OK
