"""`reconcile catalog`: what a target's domain offers."""

from pathlib import Path
from typing import Any

import click

from reconciler.cli.command import subcommand
from reconciler.cli.console import Console
from reconciler.cli.options import OUT_OR_DASH, config_option, framed, single_target_option
from reconciler.cli.stopping import stoppable
from reconciler.errors import Exit
from reconciler.model.catalog import Catalog
from reconciler.wiring.connections import Connection, Connections
from reconciler.wiring.inputs import load_config, target_of

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
@framed
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
    from reconciler.adapters.catalog_file import rendered as as_bytes
    from reconciler.adapters.catalog_file import save_catalog
    from reconciler.engine.catalog_data import catalog_data
    from reconciler.report.catalog import catalog_text
    from reconciler.report.terminal import rendered
    from reconciler.workflow.catalog import read_whole

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
    from reconciler.adapters.aws_quotas import account_quotas
    from reconciler.report.catalog import quotas_text
    from reconciler.report.terminal import rendered

    found = account_quotas(connection.session.quotas_client())
    console.result(rendered(quotas_text(found), colour=console.colour, width=console.width))


def _save_schema(console: Console, catalog: Catalog, path: Path) -> None:
    from reconciler.adapters.catalog_file import rendered, save_catalog
    from reconciler.adapters.schema_check import schema_data
    from reconciler.engine.catalog_schema import domain_schema

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
