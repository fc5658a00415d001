"""`reconcile export`: live cases as the specs that a person would have written."""

from pathlib import Path
from typing import Any

import click

from reconciler.cli.command import subcommand
from reconciler.cli.console import Console
from reconciler.cli.options import OUT_OR_STDOUT, config_option, single_target_option, with_console
from reconciler.cli.progress import progress_of
from reconciler.cli.stopping import stoppable
from reconciler.config.model import Config, Target
from reconciler.edit.export import Exported, ExportOrder
from reconciler.edit.export_files import (
    Shape,
    Spelling,
    check_free,
    save,
    schema_from,
    texts,
    unsayable,
)
from reconciler.errors import Exit, ReconcilerError
from reconciler.files.whole_file import check_place
from reconciler.model.plan import Mode
from reconciler.model.plural import plural
from reconciler.project.connections import Connections
from reconciler.project.exporting import Chosen, export_now, order_for
from reconciler.project.inputs import load_config, target_of

LIMIT = 10_000


@subcommand("export")
@config_option
@single_target_option()
@click.option("--case", "cases", multiple=True, metavar="ID", help="This case; repeatable.")
@click.option(
    "--where",
    multiple=True,
    metavar="EXPR",
    help="Cases of which this is true; repeatable, and all must be.",
)
@click.option("--template", metavar="NAME", help="Cases of this template.")
@click.option(
    "--tag", "tags", multiple=True, metavar="KEY=VALUE", help="Cases with this tag; repeatable."
)
@click.option("--all", "everything", is_flag=True, help="Every case of the domain.")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME",
    help="Only this field; repeatable. Default: every field that a spec may set and a case holds.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["yaml", "csv", "jsonl"]),
    default="yaml",
    show_default=True,
    help="A spec; or a table, for `reconcile import`.",
)
@click.option("-o", "--out", type=OUT_OR_STDOUT, help="Write this file instead of stdout.")
@click.option(
    "--out-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write files into this folder.",
)
@click.option(
    "--split", metavar="template|N", help="With --out-dir: a file a template, or for N cases each."
)
@click.option("--name", help="The spec's name, and its file's in --out-dir.  [default: export]")
@click.option("--reason", help="Why, for the spec's metadata. Default: what was selected.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=LIMIT,
    show_default=True,
    metavar="N",
    help="Fail, and write nothing, when more cases match.",
)
@click.option(
    "--mode",
    type=click.Choice(["strict", "balanced"]),
    default="balanced",
    show_default=True,
    help="strict reads each case itself, and trusts no search index for values.",
)
@click.option("--bom", is_flag=True, help="With --format csv: begin as Excel wants UTF-8 to.")
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@with_console
def command(console: Console, config_path: Path | None, **given: Any) -> int:
    """Write live cases as specs that a person would have written. Nothing live is touched.

    EXPR is `field OP value`: `status = open`, `severity in High,Low`, `score >= 4.5`,
    `created_datetime after 2026-11-01T00:00:00Z`, `title contains "on hold"`, `note empty`; with
    = != > >= < <= or an operator of a policy's `where`. Or it is a condition as a spec writes it:
    `{any: [{field: status, equals: open}, {field: note, empty: true}]}`.

    A value that no spec may ask for (an inactive option, say) is left out, and so is every
    sensitive field; stderr counts them. Files hold case data: their mode is 0600.

    \b
    Exit status
      0  done        4  some cases could not be read; stderr lists them
      1  error

    \b
    Examples
      reconcile export --case 5f0c9d0e-6f1b-4a3c-9a39-2f2f6f0d1c11
      reconcile export --template Outage --where "status = open" -o specs/out.yaml
      reconcile export --all --format csv --bom -o cases.csv
    """
    chosen = _chosen(given)
    _check_files(given)
    config = load_config(config_path)
    target = target_of(config, given["target"])
    name = given["name"] or (given["out"].stem if given["out"] else "export")
    folder = given["out_dir"] or (given["out"].parent if given["out"] else None)
    shape = Shape(
        format=given["output"],
        name=name,
        reason=given["reason"] or _reason(target, chosen),
        schema=schema_from(config, folder),
        split=given["split"] or "",
        bom=given["bom"],
    )
    if given["out"]:
        check_free([given["out"]], force=given["force"])
    if given["out_dir"]:
        check_place(given["out_dir"] / name)
    order = order_for(chosen, given["fields"], shape, Mode(given["mode"]), given["limit"])
    spelling = Spelling.of(_read(console, config, target, order))
    files = list(texts(spelling, target.name, shape))
    _write(console, files, given)
    return _account(console, spelling)


def _reason(target: Target, chosen: Chosen) -> str:
    """Where the values are from; conditions may hold sensitive ones, and are then not repeated."""
    return f"exported from {target.name}" + ("" if target.sensitive else f": {chosen}")


def _chosen(given: dict[str, Any]) -> Chosen:
    tags = tuple(tuple(tag.partition("=")[::2]) for tag in given["tags"])
    if any("=" not in tag for tag in given["tags"]):
        raise click.BadParameter("a tag is KEY=VALUE, such as --tag team=billing")
    selecting = bool(given["where"] or given["template"] or tags)
    if selecting + bool(given["cases"]) + given["everything"] != 1:
        raise click.UsageError(
            "say which cases: --case ID, or a selection (--where, --template, --tag), or --all; "
            "one of these three"
        )
    return Chosen(
        cases=given["cases"],
        where=given["where"],
        template=given["template"],
        tags=tags,
    )


def _check_files(given: dict[str, Any]) -> None:
    split, folder, name = given["split"], given["out_dir"], given["name"]
    if folder and given["out"]:
        raise click.UsageError("--out names one file and --out-dir a folder; keep one of the two")
    if split and split != "template" and not (split.isdecimal() and int(split)):
        raise click.BadParameter(
            f'--split "{split}" is neither "template" nor a number of cases a file'
        )
    if name is not None and (not name.strip() or not name.isprintable()):
        raise click.BadParameter("--name must be a line of text")
    if folder and name and ("/" in name or name.startswith(".")):
        raise click.BadParameter(f'--name "{name}" is no name for a file')


def _read(console: Console, config: Config, target: Target, order: ExportOrder) -> Exported:
    with (
        stoppable() as stop,
        Connections(config, stop.event, console.note) as connections,
        progress_of(console, connections) as progress,
    ):
        return export_now(target, order, connections, progress)


def _write(console: Console, files: list[tuple[str, bytes]], given: dict[str, Any]) -> None:
    if given["out_dir"]:
        found = {given["out_dir"] / name: content for name, content in files}
    elif given["out"]:
        found = {given["out"]: files[0][1]}
    else:
        console.data(files[0][1])
        return
    save(found, force=given["force"])
    for path in found:
        console.note(f"saved {path}")


def _account(console: Console, spelling: Spelling) -> Exit:
    """What is in the export, and what is not, with the reason; for stderr."""
    from reconciler.report.escaping import visible

    exported = spelling.exported
    bare = sum(not one.fields for one in spelling.cases)
    said = sum(len(one.fields) for one in spelling.cases)
    console.note(f"{plural(len(spelling.cases), 'case')}, {plural(said, 'value')}")
    for line in exported.strategy:
        console.detail(f"read by {line}")
    if bare:
        console.note(f"{plural(bare, 'case')} of these without any of the fields")
    if exported.withheld:
        names = ", ".join(visible(field.name) for field in exported.withheld)
        console.note(f"left out {plural(len(exported.withheld), 'sensitive field')}: {names}")
    for (key, code), count in unsayable(spelling).items():
        name = visible(exported.catalog.by_id[key].name)
        console.note(
            f"left out {plural(count, 'value')} of {name} that no spec can ask for: {code}"
        )
    for one in exported.unreadable:
        why = f"unreadable: {visible(one.case)}: {one.reason}: {visible(one.detail)}"
        console.error(ReconcilerError(why))
    return Exit.INCOMPLETE if exported.unreadable else Exit.OK
