"""`reconcile ignore`: rules that leave differences of a saved plan alone."""

from pathlib import Path
from typing import Any

import click

from reconciler.cli.command import subcommand
from reconciler.cli.console import Console
from reconciler.cli.options import EXISTING, OUT, config_option, with_console
from reconciler.clock import SystemClock
from reconciler.errors import Exit
from reconciler.model.ignore import Scope, end_of
from reconciler.project.ignoring import IgnoreRequest, ignore_now
from reconciler.project.inputs import load_config


def _printable(ctx: click.Context, parameter: click.Parameter, given: str) -> str:
    if not given.strip() or not given.isprintable():
        raise click.BadParameter("write why this is left alone, on one line")
    return given


def _until(ctx: click.Context, parameter: click.Parameter, given: str) -> str:
    if end_of(given) is None:
        raise click.BadParameter(
            f'"{given}" is neither a day, such as 2026-12-31, nor a time with an offset'
        )
    return given


@subcommand("ignore")
@click.option(
    "--from-plan", "planfile", type=EXISTING, required=True, help="The saved plan to choose from."
)
@click.option("--case", "cases", multiple=True, metavar="ID", help="Only this case; repeatable.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME",
    help="Only this field, by id or name; repeatable.",
)
@click.option("--all", "everything", is_flag=True, help="Every field that the plan would change.")
@click.option(
    "--reason",
    required=True,
    callback=_printable,
    help="Why it is left alone; every report shows it.",
)
@click.option(
    "--until",
    required=True,
    callback=_until,
    metavar="DATE",
    help="The last day, all of it in UTC, or a time with an offset.",
)
@click.option(
    "--scope",
    type=click.Choice(["both", "drift", "apply"]),
    default="both",
    show_default=True,
    help="drift: left out of `drift` only. apply: left as it is, and reported by `drift`.",
)
@click.option(
    "--out",
    type=OUT,
    help="The spec file to write to, new or not. Default: ignore.yaml in the specs folder.",
)
@config_option
@with_console
def command(
    console: Console, planfile: Path, config_path: Path | None, out: Path | None, **given: Any
) -> int:
    """Leave chosen differences of a saved plan alone for a while.

    Writes one rule for each chosen field of each chosen case into a spec of kind Ignore, and
    keeps everything else in the file as it is. Nothing live is read or touched.

    \b
    Exit status: 0 written, or there already; 1 error, nothing written.

    \b
    Examples
      reconcile ignore --from-plan plan.json --case 5f0c9d0e \\
          --reason "CHG-7" --until 2026-12-31
      reconcile ignore --from-plan plan.json --field note --scope drift \\
          --reason "agents triage by hand" --until 2026-12-31
    """
    if given["everything"] == bool(given["cases"] or given["fields"]):
        raise click.UsageError("say what is left alone: --case, --field or both; or --all alone")
    request = IgnoreRequest(
        planfile=planfile,
        out=out,
        cases=given["cases"],
        fields=given["fields"],
        reason=given["reason"],
        until=given["until"],
        scope=Scope(given["scope"]),
    )
    new = ignore_now(request, load_config(config_path), SystemClock().now())
    if new.there:
        console.note(f"{new.there:,} of the fields had a rule there already; edit its `until`")
    if new.text:
        console.data(new.text)
        console.note(f"wrote {new.path}; review and commit it, as every spec")
    return Exit.OK
