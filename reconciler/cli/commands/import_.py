"""`reconcile import`: a table, as people keep them, becomes a spec."""

from pathlib import Path
from typing import Any

import click

from reconciler.cli.command import subcommand
from reconciler.cli.console import Console
from reconciler.cli.options import (
    EXISTING,
    FILE,
    OUT_OR_STDOUT,
    config_option,
    single_target_option,
    with_console,
)
from reconciler.cli.stopping import stoppable
from reconciler.config.model import Config
from reconciler.edit.export_files import check_free, save, schema_from
from reconciler.errors import Exit
from reconciler.model.plural import plural
from reconciler.project.connections import Connections
from reconciler.project.importing import Imported, ImportRequest, import_now
from reconciler.project.inputs import config_if_any, load_config
from reconciler.specs.writing import SCHEMA
from reconciler.tables.rows import TableRules


@subcommand("import")
@click.argument("path", type=EXISTING, metavar="FILE")
@config_option
@single_target_option(
    "The spec's target; without --catalog, names and types are checked against its domain."
)
@click.option(
    "--catalog",
    type=FILE,
    help="A catalog saved by `reconcile catalog --out`: names and types are checked offline.",
)
@click.option(
    "--format",
    "format",
    type=click.Choice(["csv", "jsonl"]),
    help="What FILE is.  [default: what its suffix says]",
)
@click.option("-o", "--out", type=OUT_OR_STDOUT, help="Write this file instead of stdout.")
@click.option("--name", help="The spec's name.  [default: that of the file]")
@click.option("--reason", default="", help="Why, for the spec's metadata.")
@click.option(
    "--empty",
    type=click.Choice(["leave", "clear"]),
    default="leave",
    show_default=True,
    help="What an empty cell means: the field is left alone, or cleared.",
)
@click.option("--null", metavar="TEXT", help="A cell of exactly this text clears its field.")
@click.option("--force", is_flag=True, help="Overwrite the file that is there.")
@with_console
def command(console: Console, path: Path, config_path: Path | None, **given: Any) -> int:
    """Make a spec of FILE, a .csv or .jsonl table with a row for each case.

    One column is case_id (or id), or reference; every other is a field, by id or by name. A column
    whose name begins with # is passed over. Comma, semicolon and tab are understood, and so is a
    byte order mark. The apostrophe that export puts before = + - or @, so that no spreadsheet runs
    a cell, is taken off. Without -t or --catalog nothing but the table itself is read.

    In .jsonl each line is {"case_id": "...", "fields": {"status": "open", "note": null}}, where
    null clears a field.

    \b
    Exit status: 0 done, 1 problems, each as FILE:LINE:COLUMN.

    \b
    Examples
      reconcile import fixes.csv --reason CHG-1042 -o specs/fixes.yaml
      reconcile import fixes.csv --catalog catalog.json --null "(none)"
      reconcile export --all --format csv |
          reconcile import --format csv /dev/stdin
    """
    if given["out"]:
        check_free([given["out"]], force=given["force"])
    target = given["target"]
    config = load_config(config_path) if target else config_if_any(config_path)
    request = ImportRequest(
        path=path,
        format=given["format"] or "",
        name=given["name"] or path.stem,
        reason=given["reason"],
        target=target,
        catalog=given["catalog"],
        rules=TableRules(clear_empty=given["empty"] == "clear", null=given["null"]),
        schema=_schema(config, given["out"]),
    )
    imported = _import(console, request, config)
    if given["out"]:
        save({given["out"]: imported.text.encode()}, force=given["force"])
        console.note(f"saved {given['out']}")
    else:
        console.data(imported.text)
    console.note(plural(imported.cases, "case"))
    return Exit.OK


def _schema(config: Config | None, out: Path | None) -> str:
    if config is None or out is None:
        return SCHEMA
    return schema_from(config, out.parent)


def _import(console: Console, request: ImportRequest, config: Config | None) -> Imported:
    if request.target is None or request.catalog is not None or config is None:
        return import_now(request, config, None)
    with stoppable() as stop, Connections(config, stop.event, console.note) as connections:
        return import_now(request, config, connections)
