"""`reconcile export`: live cases as the specs that a person would have written."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.command import Count
from reconciler.cli.console import Console, plural
from reconciler.cli.files import OUT_OR_STDOUT, check_free, check_place, save
from reconciler.cli.groups import HOW, OUTPUT, WHAT
from reconciler.cli.opening import opened
from reconciler.cli.options import Configured, OneTarget
from reconciler.cli.typed import option, subcommand
from reconciler.errors import Exit, ReconcilerError
from reconciler.report.escaping import visible

if TYPE_CHECKING:
    from reconciler import Export

LIMIT = 10_000


class Options(OneTarget, Configured):
    """What `export` is told."""

    cases: tuple[str, ...] = option(
        "--case", group=WHAT, multiple=True, metavar="ID", help="This case; repeatable."
    )
    where: tuple[str, ...] = option(
        "--where", group=WHAT, multiple=True, metavar="EXPR",
        help="Cases of which this is true; repeatable.",
    )  # fmt: skip
    template: str | None = option(
        "--template", group=WHAT, metavar="NAME", help="Cases of this template."
    )
    tags: tuple[str, ...] = option(
        "--tag", group=WHAT, multiple=True, metavar="KEY=VALUE",
        help="Cases with this tag; repeatable.",
    )  # fmt: skip
    everything: bool = option("--all", group=WHAT, is_flag=True, help="Every case of the domain.")
    fields: tuple[str, ...] = option(
        "--field", group=WHAT, multiple=True, metavar="NAME",
        help="Only this field; repeatable. Default: all held.",
    )  # fmt: skip
    output: str = option(
        "--format", group=OUTPUT, type=click.Choice(["yaml", "csv", "jsonl"]), metavar="FORMAT",
        default="yaml", help="yaml (default): a spec; csv or jsonl: a table.",
    )  # fmt: skip
    out: Path | None = option(
        "-o", "--out", group=OUTPUT, type=OUT_OR_STDOUT, help="Write this file instead of stdout."
    )
    out_dir: Path | None = option(
        "--out-dir", group=OUTPUT, type=click.Path(path_type=Path, file_okay=False),
        metavar="FOLDER", help="Write files into this folder.",
    )  # fmt: skip
    split: str | None = option(
        "--split", group=OUTPUT, metavar="template|N",
        help="Into --out-dir: a file a template, or N cases.",
    )  # fmt: skip
    name: str | None = option("--name", group=OUTPUT, help="Of spec and file. Default: export.")
    reason: str | None = option("--reason", group=OUTPUT, help="Why, for the spec's metadata.")
    limit: int = option(
        "--limit", group=HOW, type=Count(1), default=LIMIT, metavar="N",
        help="Fail when more than N match. Default: 10000.",
    )  # fmt: skip
    mode: str = option(
        "--mode", group=HOW, type=click.Choice(["strict", "balanced"]), metavar="MODE",
        default="balanced", help="strict trusts no index; default: balanced.",
    )  # fmt: skip
    bom: bool = option("--bom", group=OUTPUT, is_flag=True, help="csv as Excel wants UTF-8.")
    force: bool = option(
        "--force", group=OUTPUT, is_flag=True, help="Overwrite files that are there."
    )


@subcommand("export", Options)
def command(console: Console, options: Options) -> int:
    """Write live cases as specs that a person would have written. Nothing live is touched.

    EXPR is `field OP value`, with = != > >= < <= or an operator of a policy's `where`; or a
    condition as a spec writes it. Sensitive fields are left out; files have mode 0600.

    \b
    \b
    Examples
      reconcile export --case 5f0c9d0e-6f1b-4a3c-9a39-2f2f6f0d1c11
      reconcile export --template Outage --where "status = open" -o specs/out.yaml
      reconcile export --all --format csv --bom -o cases.csv
    """
    tags = _tags(options)
    _check_files(options)
    name = options.name or (options.out.stem if options.out else "export")
    with opened(console, options.config_path) as work:
        if options.out:
            check_free([options.out], force=options.force)
        if options.out_dir:
            check_place(options.out_dir / name)
        with work.progress():
            export = work.project.export(
                target=options.target,
                cases=options.cases or None,
                where=options.where or None,
                template=options.template,
                tags=tags,
                everything=options.everything,
                fields=options.fields or None,
                format=options.output,
                name=name,
                reason=options.reason,
                split=options.split or "",
                bom=options.bom,
                limit=options.limit,
                mode=options.mode,
                folder=options.out_dir or (options.out.parent if options.out else None),
            )
    _write(console, export, options)
    return _account(console, export)


def _tags(options: Options) -> dict[str, str] | list[tuple[str, str]]:
    if any("=" not in tag for tag in options.tags):
        raise click.BadParameter("a tag is KEY=VALUE, such as --tag team=billing")
    selecting = bool(options.where or options.template or options.tags)
    if selecting + bool(options.cases) + options.everything != 1:
        raise click.UsageError(
            "say which cases: --case ID, or a selection (--where, --template, --tag), or --all; "
            "one of these three"
        )
    return [(key, value) for key, _, value in (tag.partition("=") for tag in options.tags)]


def _check_files(options: Options) -> None:
    split, folder, name = options.split, options.out_dir, options.name
    if folder and options.out:
        raise click.UsageError("--out names one file and --out-dir a folder; keep one of the two")
    if split and split != "template" and not (split.isdecimal() and int(split)):
        raise click.BadParameter(
            f'--split "{split}" is neither "template" nor a number of cases a file'
        )
    if name is not None and (not name.strip() or not name.isprintable()):
        raise click.BadParameter("--name must be a line of text")
    if folder and name and ("/" in name or name.startswith(".")):
        raise click.BadParameter(f'--name "{name}" is no name for a file')


def _write(console: Console, export: "Export", options: Options) -> None:
    files = export.parts()
    if options.out_dir:
        found = {options.out_dir / name: parts for name, parts in files.items()}
    elif options.out:
        found = {options.out: next(iter(files.values()))}
    else:
        for part in next(iter(files.values())):
            console.data(part)
        return
    save(found, force=options.force)
    for path in found:
        console.note(f"saved {path}")


def _account(console: Console, export: "Export") -> Exit:
    """What is in the export, and what is not, with the reason; for stderr."""
    console.note(f"{plural(export.cases, 'case')}, {plural(export.values, 'value')}")
    for line in export.strategy:
        console.detail(f"read by {line}")
    if export.bare:
        console.note(f"{plural(export.bare, 'case')} of these without any of the fields")
    if export.withheld:
        names = ", ".join(map(visible, export.withheld))
        console.note(f"left out {plural(len(export.withheld), 'sensitive field')}: {names}")
    for (field, code), count in export.left_out.items():
        name = visible(field)
        console.note(
            f"left out {plural(count, 'value')} of {name} that no spec can ask for: {code}"
        )
    for one in export.unreadable:
        why = f"unreadable: {visible(one.case)}: {one.reason}: {visible(one.detail)}"
        console.error(ReconcilerError(why))
    return Exit.INCOMPLETE if export.unreadable else Exit.OK
