"""`reconcile import`: a table, as people keep them, becomes a spec."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import Console, plural
from reconciler.cli.files import EXISTING, FILE, OUT_OR_STDOUT, check_free, is_config, save
from reconciler.cli.groups import HOW, OUTPUT, WHERE
from reconciler.cli.opening import opened
from reconciler.cli.options import Configured, OneTarget
from reconciler.cli.typed import argument, option, subcommand
from reconciler.errors import Exit

if TYPE_CHECKING:
    from reconciler import Imported, Project


class Options(OneTarget, Configured):
    """What `import` is told."""

    path: Path = argument(type=EXISTING, metavar="FILE")
    catalog: Path | None = option(
        "--catalog", group=WHERE, type=FILE,
        help="A saved catalog: names and types are checked offline.",
    )  # fmt: skip
    format: str | None = option(
        "--format", group=HOW, type=click.Choice(["csv", "jsonl"]),
        help="What FILE is.  [default: what its suffix says]",
    )  # fmt: skip
    out: Path | None = option(
        "-o", "--out", group=OUTPUT, type=OUT_OR_STDOUT, help="Write this file instead of stdout."
    )
    name: str | None = option(
        "--name", group=OUTPUT, help="The spec's name.  [default: that of the file]"
    )
    reason: str = option("--reason", group=OUTPUT, default="", help="Why, for the spec's metadata.")
    empty: str = option(
        "--empty", group=HOW, type=click.Choice(["leave", "clear"]), default="leave",
        show_default=True, help="What an empty cell does to its field.",
    )  # fmt: skip
    null: str | None = option(
        "--null", group=HOW, metavar="TEXT", help="A cell of exactly this text clears its field."
    )
    force: bool = option(
        "--force", group=OUTPUT, is_flag=True, help="Overwrite the file that is there."
    )


@subcommand("import", Options)
def command(console: Console, options: Options) -> int:
    """Make a spec of FILE, a .csv or .jsonl table with a row for each case.

    One column is case_id (or id), or reference; every other is a field, by id or by name. A column
    whose name begins with # is passed over. Comma, semicolon and tab are understood, and so is a
    byte order mark. The apostrophe that export puts before = + - or @, so that no spreadsheet runs
    a cell, is taken off. Without -t or --catalog nothing but the table itself is read.

    In .jsonl each line is {"case_id": "...", "fields": {"status": "open", "note": null}}.

    \b
    \b
    Examples
      reconcile import fixes.csv --reason CHG-1042 -o specs/fixes.yaml
      reconcile import fixes.csv --catalog catalog.json --null "(none)"
      reconcile export --all --format csv |
          reconcile import --format csv /dev/stdin
    """
    if options.out:
        check_free([options.out], force=options.force)
    imported = _imported(console, options)
    if options.out:
        save({options.out: imported.text.encode()}, force=options.force)
        console.note(f"saved {options.out}")
    else:
        console.data(imported.text)
    console.note(plural(imported.cases, "case"))
    return Exit.OK


def _imported(console: Console, options: Options) -> "Imported":
    """The spec; a table alone needs no config."""
    if options.target is None and not is_config(options.config_path):
        return _read(None, options)
    with opened(console, options.config_path) as work:
        return _read(work.project, options)


def _read(project: "Project | None", options: Options) -> "Imported":
    from reconciler import Imported

    return Imported.read(
        options.path,
        project=project,
        name=options.name,
        reason=options.reason,
        target=options.target,
        catalog=options.catalog,
        format=options.format or "",
        clear_empty=options.empty == "clear",
        null=options.null,
        folder=options.out.parent if options.out else None,
    )
