"""Options that more than one command takes."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import completing
from reconciler.cli.command import Count, Finite
from reconciler.cli.files import FILE
from reconciler.cli.groups import GUARDS, HOW, OUTPUT, WHAT, WHERE
from reconciler.cli.typed import Options, option
from reconciler.model.guards import LIFTED, METAVARS, ROLLED_BACK, Limit, Takes

if TYPE_CHECKING:
    from reconciler import Limits


class Configured(Options):
    """`--config`."""

    config_path: Path | None = option(
        "--config", group=WHERE, type=FILE, envvar="RECONCILE_CONFIG",
        help="Instead of the nearest reconcile.yaml upwards.",
    )  # fmt: skip


class Targeted(Options):
    """`--target`, any number of times."""

    targets: tuple[str, ...] = option(
        "-t", "--target", group=WHERE, multiple=True, metavar="NAME",
        shell_complete=completing.targets,
        help="A target of the config; repeatable.",
    )  # fmt: skip


class OneTarget(Options):
    """`--target`, where a command is about one."""

    target: str | None = option(
        "-t", "--target", group=WHERE, metavar="NAME", shell_complete=completing.targets,
        help="A target of the config. Default: the default one.",
    )  # fmt: skip


class Selecting(Targeted):
    """Which part of a plan is meant; each kind is repeatable, and the kinds narrow each other."""

    cases: tuple[str, ...] = option(
        "--case", group=WHAT, multiple=True, metavar="ID", help="Only this case; repeatable."
    )
    fields: tuple[str, ...] = option(
        "--field", group=WHAT, multiple=True, metavar="NAME",
        help="Only this field, by id or name; repeatable.",
    )  # fmt: skip
    specs: tuple[str, ...] = option(
        "--spec", group=WHAT, multiple=True, metavar="NAME",
        help="Only what this spec sets; repeatable.",
    )  # fmt: skip
    policies: tuple[str, ...] = option(
        "--policy", group=WHAT, multiple=True, metavar="NAME",
        help="Only what this policy sets; repeatable.",
    )  # fmt: skip

    def part(self) -> dict[str, Any]:
        """The same as the library takes it."""
        kinds = ("targets", "cases", "fields", "specs", "policies")
        return {kind: getattr(self, kind) or None for kind in kinds}


class Planning(Options):
    """How a plan is made."""

    mode: str = option(
        "--mode", group=HOW, type=click.Choice(["strict", "balanced", "bulk"]), metavar="MODE",
        default="balanced", help="strict, balanced (default) or bulk.",
    )  # fmt: skip
    catalog: Path | None = option(
        "--catalog", group=WHERE, type=FILE, help="A saved catalog: names are checked offline."
    )
    attribution: int | None = option(
        "--attribution", group=HOW, type=Count(0), metavar="N",
        help="Read histories of N cases.",
        also=(("--no-attribution",), {"flag_value": 0, "type": int, "help": "Read no history."}),
    )  # fmt: skip


class Batching(Planning):
    """How a plan that is to be applied is made."""

    by_field: bool = option(
        "--by-field", group=HOW, is_flag=True,
        help="In bulk: some fields of each case at a time.",
    )  # fmt: skip


class SideBySide(Options):
    """How many lanes are at work at once."""

    parallel: int | None = option(
        "--parallel", group=HOW, type=Count(1), metavar="N",
        help="At most N accounts and Regions at once.",
    )  # fmt: skip


class Showing(Options):
    """How a plan is shown."""

    output: str = option(
        "--format", group=OUTPUT, type=click.Choice(["text", "json", "markdown", "html"]),
        metavar="FORMAT", default="text", help="text (default), json, markdown or html.",
    )  # fmt: skip
    full: bool = option(
        "--full", group=OUTPUT, is_flag=True, help="Name every case, in groups of alike ones too."
    )


class Living(Options):
    """How long a saved plan may be applied."""

    ttl: float = option(
        "--ttl", group=HOW, type=Finite(min=0, min_open=True, max=24 * 365), default=24.0,
        metavar="HOURS", help="How long a saved plan may be applied. Default: 24.",
    )  # fmt: skip


def _field_numbers(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for one in values:
        name, equals, number = one.rpartition("=")
        if not equals or not name.strip() or not (number.isascii() and number.isdigit()):
            raise click.BadParameter(f'"{one}" is not FIELD=N, such as status=20')
        if found.get(name, int(number)) != int(number):
            raise click.BadParameter(f"{name} is given two numbers, {found[name]} and {number}")
        found[name] = int(number)
    return found


_TYPES: Mapping[Takes, Mapping[str, Any]] = {
    Takes.COUNT: {"type": Count(0)},
    Takes.PERCENT: {"type": Finite(0, 100)},
    Takes.COUNT_OF_FIELD: {"multiple": True, "callback": _field_numbers},
    Takes.NAME: {"multiple": True},
    Takes.NOTHING: {"is_flag": True},
}


def _lifting(limit: Limit) -> Any:
    facts = limit.facts
    more = {"metavar": metavar} if (metavar := METAVARS[facts.takes]) else {}
    return option(facts.flag, group=GUARDS, help=facts.help, **more, **_TYPES[facts.takes])


class Lifting(Options):
    """Flags that lift a limit each, made of their table; see the classes below."""

    def __init_subclass__(cls, lifts: Iterable[Limit] = (), **more: Any) -> None:
        for limit in lifts:
            setattr(cls, f"allow_{limit}", _lifting(limit))
        super().__init_subclass__(**more)

    def limits(self) -> "Limits":
        """The same as the library takes it."""
        from reconciler import Limits

        declared = {limit: f"allow_{limit}" for limit in LIFTED}
        return Limits(
            **{limit: getattr(self, one) for limit, one in declared.items() if hasattr(self, one)}
        )


class Guards(Lifting, lifts=LIFTED):
    """All of the flags that lift a guard."""


class RollbackGuards(Lifting, lifts=ROLLED_BACK):
    """Those that lift what a rollback is held to."""


class OwnerGuard(Lifting, lifts=(Limit.OWNERS,)):
    """`--allow-owner`."""


class EmptyGuard(Lifting, lifts=(Limit.EMPTY,)):
    """`--allow-empty`."""
