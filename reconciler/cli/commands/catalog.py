"""`reconcile catalog`: what a target's domain offers."""

import json
from pathlib import Path

import click

from reconciler import Catalog
from reconciler.cli.console import Console
from reconciler.cli.files import OUT_OR_DASH
from reconciler.cli.groups import OUTPUT, WHAT
from reconciler.cli.opening import opened
from reconciler.cli.options import Configured, OneTarget
from reconciler.cli.typed import option, subcommand
from reconciler.errors import Exit

STDOUT = Path("-")


class Options(OneTarget, Configured):
    """What `catalog` is told."""

    quotas: bool = option(
        "--quotas", group=WHAT, is_flag=True,
        help="This account's own quotas instead, from Service Quotas (needs "
        "servicequotas:ListServiceQuotas).",
    )  # fmt: skip
    as_json: bool = option("--json", group=OUTPUT, is_flag=True, help="The whole catalog as JSON.")
    out: Path | None = option(
        "-o", "--out", group=OUTPUT, type=OUT_OR_DASH,
        help="Save it, for `validate --catalog` and `plan --catalog`.",
    )  # fmt: skip
    schema: Path | None = option(
        "--schema", group=OUTPUT, type=OUT_OR_DASH,
        help="Write a JSON Schema of specs here that knows this domain, for editors: they complete "
        "and check names of fields, options and templates.",
    )  # fmt: skip


@subcommand("catalog", Options)
def command(console: Console, options: Options) -> int:
    """List the fields, types, options and templates of a target. Holds no case data.

    With --quotas, list what this account may call a second, and the lines for reconcile.yaml where
    that is not the documented default.

    \b
    Examples
      reconcile catalog
      reconcile catalog -t prod --out catalog.json
      reconcile catalog -t prod --schema schemas/spec.schema.json
      reconcile catalog -t prod --quotas
    """
    from reconciler.report.text.catalog import catalog_text, quotas_text
    from reconciler.report.text.terminal import rendered

    if [options.out, options.schema].count(STDOUT) + options.as_json > 1:
        raise click.UsageError("stdout takes one of --json, --out - and --schema -; keep one")
    with opened(console, options.config_path) as work:
        if options.quotas:
            text = quotas_text(work.project.quotas(options.target))
            console.result(rendered(text, colour=console.colour, width=console.width))
            return Exit.OK
        catalog = work.project.catalog(options.target)
    if options.schema is not None:
        _save_schema(console, catalog, options.schema)
    if options.out not in (None, STDOUT):
        catalog.save(options.out)
        console.note(f"saved {options.out}")
    if options.as_json or options.out == STDOUT:
        console.data(catalog.to_json())
    elif options.out is None and options.schema is None:
        text = catalog_text(catalog.data)
        console.result(rendered(text, colour=console.colour, width=console.width))
    return Exit.OK


def _save_schema(console: Console, catalog: Catalog, path: Path) -> None:
    if path == STDOUT:
        console.result(json.dumps(catalog.schema(), ensure_ascii=False, indent=1))
        return
    catalog.save_schema(path)
    console.note(
        f"saved {path}; specs whose first line is",
        f"  # yaml-language-server: $schema=../{path.as_posix()}",
        "are completed and checked by editors (the path counts from the spec)",
    )
