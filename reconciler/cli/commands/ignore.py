"""`reconcile ignore`: rules that leave differences of a saved plan alone."""

from pathlib import Path

import click

from reconciler import Plan
from reconciler.cli.console import Console
from reconciler.cli.files import EXISTING, OUT
from reconciler.cli.groups import HOW, OUTPUT, WHAT
from reconciler.cli.opening import opened
from reconciler.cli.options import Configured
from reconciler.cli.planfiles import ends
from reconciler.cli.typed import option, subcommand
from reconciler.errors import Exit


def _printable(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise click.BadParameter("write why this is left alone, on one line")
    return value


def _until(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    if not ends(value):
        raise click.BadParameter(
            f'"{value}" is neither a day, such as 2026-12-31, nor a time with an offset'
        )
    return value


class Options(Configured):
    """What `ignore` is told."""

    planfile: Path = option(
        "--from-plan", group=WHAT, type=EXISTING, required=True,
        help="The saved plan to choose from.",
    )  # fmt: skip
    cases: tuple[str, ...] = option(
        "--case", group=WHAT, multiple=True, metavar="ID", help="Only this case; repeatable."
    )
    fields: tuple[str, ...] = option(
        "--field", group=WHAT, multiple=True, metavar="NAME",
        help="Only this field, by id or name; repeatable.",
    )  # fmt: skip
    everything: bool = option(
        "--all", group=WHAT, is_flag=True, help="Every field that the plan would change."
    )
    reason: str = option(
        "--reason", group=HOW, required=True, callback=_printable,
        help="Why it is left alone; every report shows it.",
    )  # fmt: skip
    until: str = option(
        "--until", group=HOW, required=True, callback=_until, metavar="DATE",
        help="The last day, all of it in UTC, or a time with an offset.",
    )  # fmt: skip
    scope: str = option(
        "--scope", group=HOW, type=click.Choice(["both", "drift", "apply"]), default="both",
        show_default=True,
        help="drift: left out of `drift` only. apply: left as it is, and reported by `drift`.",
    )  # fmt: skip
    out: Path | None = option(
        "--out", group=OUTPUT, type=OUT,
        help="The spec file to write to, new or not. Default: ignore.yaml in the specs folder.",
    )  # fmt: skip


@subcommand("ignore", Options)
def command(console: Console, options: Options) -> int:
    """Leave chosen differences of a saved plan alone for a while.

    Writes one rule for each chosen field of each chosen case into a spec of kind Ignore, and
    keeps everything else in the file as it is. Nothing live is read or touched.

    \b
    \b
    Examples
      reconcile ignore --from-plan plan.json --case 5f0c9d0e \\
          --reason "CHG-7" --until 2026-12-31
      reconcile ignore --from-plan plan.json --field note --scope drift \\
          --reason "agents triage by hand" --until 2026-12-31
    """
    if options.everything == bool(options.cases or options.fields):
        raise click.UsageError("say what is left alone: --case, --field or both; or --all alone")
    with opened(console, options.config_path) as work:
        new = work.project.ignore(
            Plan.load(options.planfile),
            reason=options.reason,
            until=options.until,
            cases=options.cases or None,
            fields=options.fields or None,
            scope=options.scope,
            out=options.out,
        )
    if new.there:
        console.note(f"{new.there:,} of the fields had a rule there already; edit its `until`")
    if new.text:
        console.data(new.text)
        console.note(f"wrote {new.path}; review and commit it, as every spec")
    return Exit.OK
