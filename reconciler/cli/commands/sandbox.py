"""`reconcile sandbox`: run the local stand-in for Amazon Connect Cases."""

import sys
from pathlib import Path
from typing import Any

import click

from reconciler.cli.command import Commands, Finite
from reconciler.cli.options import FILE

DATABASE = click.option("--db", type=FILE, required=True, help="The database file of the sandbox.")


@click.group("sandbox", cls=Commands)
def command() -> None:
    """Run the local stand-in for Amazon Connect Cases; no AWS account needed.

    \b
    Examples
      reconcile sandbox seed --db .reconcile/demo.db --cases 200
      reconcile sandbox serve --db .reconcile/demo.db --port 8181
      aws connectcases list-domains --endpoint-url http://127.0.0.1:8181
    """


def _sandbox() -> Any:
    """The sandbox's public entry points; it is heavy, so it is imported only here."""
    from reconciler.sandbox import api

    return api


@command.command("serve")
@DATABASE
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0: any free port.")
@click.option("--fast", is_flag=True, help="Lift all quotas.")
@click.option(
    "--quota-scale",
    type=Finite(min=0, min_open=True),
    default=1.0,
    metavar="X",
    help="Multiply every quota's rate; bursts stay.",
)
@click.option("--latency", type=Finite(0), default=0.0, metavar="MS", help="Delay every reply.")
@click.option("--faults", type=FILE, help="JSON rules of faults to inject.")
@click.option(
    "--set",
    "switches",
    multiple=True,
    metavar="SWITCH=VALUE",
    help="Choose how an undocumented behaviour goes; repeatable.",
)
@click.option("--log", "log_path", type=FILE, help="Access log file instead of stderr.")
def serve(  # noqa: PLR0913  (one parameter an option)
    db: Path,
    port: int,
    fast: bool,
    quota_scale: float,
    latency: float,
    faults: Path | None,
    switches: tuple[str, ...],
    log_path: Path | None,
) -> int:
    """Serve the sandbox on the loopback address until interrupted.

    Prints one line, http://127.0.0.1:PORT, when it is ready.

    \b
    Examples
      reconcile sandbox serve --db .reconcile/demo.db --port 8181
      reconcile sandbox serve --db .reconcile/demo.db --fast --latency 30
    """
    api = _sandbox()
    log = log_path.open("a", encoding="utf-8", buffering=1) if log_path else sys.stderr
    try:
        _once([one.partition("=")[0] for one in switches])
        api.serve(
            db,
            port=port,
            fast=fast,
            quota_scale=quota_scale,
            latency_ms=latency,
            faults=faults,
            switches=api.parse_assignments(switches),
            access_log=log,
            ready=lambda url: click.echo(url),
        )
    except api.SandboxError as error:
        raise click.ClickException(str(error)) from error
    finally:
        if log_path:
            log.close()
    return 0


def _once(names: list[str]) -> None:
    """Of two values for one name, one would be ignored."""
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise click.BadParameter(f"{twice[0]} is given twice, and only one value can hold")


@command.command("seed")
@DATABASE
@click.option("--domain", default="support", show_default=True, help="Name of the domain to make.")
@click.option(
    "--cases", type=click.IntRange(0), default=200, show_default=True, help="How many cases."
)
@click.option(
    "--seed", "number", type=int, default=1, show_default=True, help="Same seed, same data."
)
def seed(db: Path, domain: str, cases: int, number: int) -> int:
    """Make a domain with believable data; prints the domain's id.

    \b
    Examples
      reconcile sandbox seed --db .reconcile/demo.db
      reconcile sandbox seed --db .reconcile/demo.db --domain training --seed 2
    """
    api = _sandbox()
    db.parent.mkdir(parents=True, exist_ok=True)
    try:
        click.echo(api.seed(db, domain=domain, cases=cases, seed=number))
    except api.SandboxError as error:
        raise click.ClickException(str(error)) from error
    return 0


@command.command("edit")
@DATABASE
@click.option("--case", "case_id", required=True, metavar="ID", help="The case to change.")
@click.option("--by", default="jane.doe", show_default=True, help="The agent's name.")
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE...")
def edit(db: Path, case_id: str, by: str, values: tuple[str, ...]) -> int:
    """Change a case behind reconcile's back, as an agent would. An empty VALUE clears.

    \b
    Example
      reconcile sandbox edit --db .reconcile/demo.db --case ID severity=Low
      reconcile sandbox edit --db .reconcile/demo.db --case ID "Next step="
    """
    api = _sandbox()
    given = [one.partition("=") for one in values]
    wrong = [name for name, equals, _ in given if not equals]
    if wrong:
        raise click.BadParameter(f"{', '.join(wrong)} is not FIELD=VALUE")
    _once([name for name, _, _ in given])
    try:
        api.edit(db, case_id, {name: value for name, _, value in given}, by)
    except api.SandboxError as error:
        raise click.ClickException(str(error)) from error
    return 0


@command.command("reset")
@DATABASE
def reset(db: Path) -> int:
    """Remove a sandbox database.

    \b
    Examples
      reconcile sandbox reset --db .reconcile/demo.db
    """
    api = _sandbox()
    try:
        api.reset(db)
    except api.SandboxError as error:
        raise click.ClickException(str(error)) from error
    return 0
