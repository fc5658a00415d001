"""`reconcile catalog`: what a target's domain offers."""

from pathlib import Path
from typing import Any

import click

from reconciler.cli.command import subcommand
from reconciler.cli.console import Console
from reconciler.cli.options import OUT_OR_DASH, config_option, single_target_option, with_console
from reconciler.cli.stopping import stoppable
from reconciler.errors import Exit
from reconciler.model.catalog import Catalog
from reconciler.project.connections import Connection, Connections
from reconciler.project.inputs import load_config, target_of

STDOUT = Path("-")


@subcommand("catalog")
@config_option
@single_target_option()
@click.option("--json", "as_json", is_flag=True, help="The whole catalog as JSON.")
@click.option(
    "-o", "--out", type=OUT_OR_DASH, help="Save it, for `validate --catalog` and `plan --catalog`."
)
@click.option(
    "--schema",
    type=OUT_OR_DASH,
    help="Write a JSON Schema of specs here that knows this domain, for editors: they complete "
    "and check names of fields, options and templates.",
)
@click.option(
    "--quotas",
    is_flag=True,
    help="This account's own quotas instead, from Service Quotas "
    "(needs servicequotas:ListServiceQuotas).",
)
@with_console
def command(
    console: Console,
    config_path: Path | None,
    **given: Any,
) -> int:
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
    from reconciler.report.text.catalog import catalog_text
    from reconciler.report.text.terminal import rendered
    from reconciler.service.catalog import read_whole
    from reconciler.service.catalog_data import catalog_data
    from reconciler.service.catalog_file import rendered as as_bytes
    from reconciler.service.catalog_file import save_catalog

    if [given["out"], given["schema"]].count(STDOUT) + given["as_json"] > 1:
        raise click.UsageError("stdout takes one of --json, --out - and --schema -; keep one")
    config = load_config(config_path)
    target = target_of(config, given["target"])
    with stoppable() as stop, Connections(config, stop.event, console.note) as connections:
        connection = connections.open(target)
        if given["quotas"]:
            _show_quotas(console, connection)
            return Exit.OK
        catalog = read_whole(connection.domain, connection.catalog)
    if given["schema"] is not None:
        _save_schema(console, catalog, given["schema"])
    data = catalog_data(catalog)
    out = given["out"]
    if out not in (None, STDOUT):
        save_catalog(data, out)
        console.note(f"saved {out}")
    if given["as_json"] or out == STDOUT:
        console.data(as_bytes(data))
    elif out is None and given["schema"] is None:
        console.result(rendered(catalog_text(catalog), colour=console.colour, width=console.width))
    return Exit.OK


def _show_quotas(console: Console, connection: Connection) -> None:
    from reconciler.report.text.catalog import quotas_text
    from reconciler.report.text.terminal import rendered
    from reconciler.service.aws.account_quotas import account_quotas

    found = account_quotas(connection.service.quotas_client())
    console.result(rendered(quotas_text(found), colour=console.colour, width=console.width))


def _save_schema(console: Console, catalog: Catalog, path: Path) -> None:
    from reconciler.files.schema_check import schema_data
    from reconciler.service.catalog_file import rendered, save_catalog
    from reconciler.specs.catalog_schema import domain_schema

    schema = domain_schema(schema_data("spec"), catalog)
    if path == STDOUT:
        console.result(rendered(schema).decode())
        return
    save_catalog(schema, path)
    console.note(
        f"saved {path}; specs whose first line is",
        f"  # yaml-language-server: $schema=../{path.as_posix()}",
        "are completed and checked by editors (the path counts from the spec)",
    )
