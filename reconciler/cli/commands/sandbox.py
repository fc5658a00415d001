"""`reconcile sandbox`: run the local stand-in for Amazon Connect Cases."""

import sys
from pathlib import Path
from typing import Any

import click

from reconciler.cli.command import Commands, Finite
from reconciler.cli.console import Console
from reconciler.cli.files import FILE
from reconciler.cli.groups import HOW, OUTPUT, WHAT, WHERE
from reconciler.cli.typed import Options as Typed
from reconciler.cli.typed import argument, below, option


class Stored(Typed):
    """`--db`."""

    db: Path = option(
        "--db", group=WHERE, type=FILE, required=True, help="The database file of the sandbox."
    )


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


class Placed(Stored):
    """`--db`, `--account`, `--region`."""

    account: str = option(
        "--account", group=WHERE, default="", metavar="ID",
        help="The account it is; else the database's, or 111122223333.",
    )  # fmt: skip
    region: str = option(
        "--region", group=WHERE, default="", metavar="REGION",
        help="The Region it is; else the database's, or us-west-2.",
    )  # fmt: skip


class Serving(Placed):
    """What `sandbox serve` is told."""

    port: int = option(
        "--port", group=WHERE, type=click.IntRange(0, 65535), default=0, help="0: any free port."
    )
    fast: bool = option("--fast", group=HOW, is_flag=True, help="Lift all quotas.")
    quota_scale: float = option(
        "--quota-scale", group=HOW, type=Finite(min=0, min_open=True), default=1.0, metavar="X",
        help="Multiply every quota's rate; bursts stay.",
    )  # fmt: skip
    latency: float = option(
        "--latency", group=HOW, type=Finite(0), default=0.0, metavar="MS", help="Delay every reply."
    )
    faults: Path | None = option(
        "--faults", group=HOW, type=FILE, help="JSON rules of faults to inject."
    )
    switches: tuple[str, ...] = option(
        "--set", group=HOW, multiple=True, metavar="SWITCH=VALUE",
        help="Choose how an undocumented behaviour goes; repeatable.",
    )  # fmt: skip
    log_path: Path | None = option(
        "--log", group=OUTPUT, type=FILE, help="Access log file instead of stderr."
    )


@below(command, "serve", Serving)
def serve(console: Console, options: Serving) -> int:
    """Serve the sandbox on the loopback address until interrupted.

    Prints one line, http://127.0.0.1:PORT, when it is ready.

    \b
    Examples
      reconcile sandbox serve --db .reconcile/demo.db --port 8181
      reconcile sandbox serve --db .reconcile/demo.db --fast --latency 30
    """
    api = _sandbox()
    path = options.log_path
    log = path.open("a", encoding="utf-8", buffering=1) if path else sys.stderr
    try:
        _once([one.partition("=")[0] for one in options.switches])
        api.serve(
            options.db,
            port=options.port,
            fast=options.fast,
            quota_scale=options.quota_scale,
            latency_ms=options.latency,
            faults=options.faults,
            switches=api.parse_assignments(options.switches),
            access_log=log,
            account=options.account,
            region=options.region,
            ready=lambda url: click.echo(url),
        )
    except api.SandboxError as error:
        raise click.ClickException(str(error)) from error
    finally:
        if path:
            log.close()
    return 0


def _once(names: list[str]) -> None:
    """Of two values for one name, one would be ignored."""
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise click.BadParameter(f"{twice[0]} is given twice, and only one value can hold")


class Seeding(Placed):
    """What `sandbox seed` is told."""

    domain: str = option(
        "--domain", group=WHAT, default="support", show_default=True,
        help="Name of the domain to make.",
    )  # fmt: skip
    cases: int = option(
        "--cases", group=WHAT, type=click.IntRange(0), default=200, show_default=True,
        help="How many cases.",
    )  # fmt: skip
    number: int = option(
        "--seed", group=WHAT, type=int, default=1, show_default=True, help="Same seed, same data."
    )


@below(command, "seed", Seeding)
def seed(console: Console, options: Seeding) -> int:
    """Make a domain with believable data; prints the domain's id.

    \b
    Examples
      reconcile sandbox seed --db .reconcile/demo.db
      reconcile sandbox seed --db .reconcile/demo.db --domain training --seed 2
      reconcile sandbox seed --db eu.db --account 444455556666
    """
    api = _sandbox()
    options.db.parent.mkdir(parents=True, exist_ok=True)
    try:
        click.echo(
            api.seed(
                options.db,
                domain=options.domain,
                cases=options.cases,
                seed=options.number,
                account=options.account,
                region=options.region,
            )
        )
    except api.SandboxError as error:
        raise click.ClickException(str(error)) from error
    return 0


class Editing(Stored):
    """What `sandbox edit` is told."""

    values: tuple[str, ...] = argument(nargs=-1, required=True, metavar="FIELD=VALUE...")
    case_id: str = option(
        "--case", group=WHAT, required=True, metavar="ID", help="The case to change."
    )
    by: str = option(
        "--by", group=HOW, default="jane.doe", show_default=True, help="The agent's name."
    )


@below(command, "edit", Editing)
def edit(console: Console, options: Editing) -> int:
    """Change a case behind reconcile's back, as an agent would. An empty VALUE clears.

    \b
    Example
      reconcile sandbox edit --db .reconcile/demo.db --case ID severity=Low
      reconcile sandbox edit --db .reconcile/demo.db --case ID "Next step="
    """
    api = _sandbox()
    typed = [one.partition("=") for one in options.values]
    wrong = [name for name, equals, _ in typed if not equals]
    if wrong:
        raise click.BadParameter(f"{', '.join(wrong)} is not FIELD=VALUE")
    _once([name for name, _, _ in typed])
    try:
        api.edit(options.db, options.case_id, {name: value for name, _, value in typed}, options.by)
    except api.SandboxError as error:
        raise click.ClickException(str(error)) from error
    return 0


@below(command, "reset", Stored)
def reset(console: Console, options: Stored) -> int:
    """Remove a sandbox database.

    \b
    Examples
      reconcile sandbox reset --db .reconcile/demo.db
    """
    api = _sandbox()
    try:
        api.reset(options.db)
    except api.SandboxError as error:
        raise click.ClickException(str(error)) from error
    return 0
