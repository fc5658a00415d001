"""Options that more than one command takes."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import completing
from reconciler.cli.command import Count, Finite
from reconciler.cli.files import FILE
from reconciler.cli.groups import GUARDS, HOW, OUTPUT, WHAT, WHERE
from reconciler.cli.typed import Options, option

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
        help="Read the histories of N cases.",
        also=(("--no-attribution",), {"flag_value": 0, "type": int, "help": "Read no history."}),
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


def _number(guard: str, said: str) -> Any:
    return option(f"--allow-{guard}", group=GUARDS, type=Count(0), metavar="N", help=said)


class NumberGuards(Options):
    """The flags that lift one guard each, by a number."""

    allow_cases: int | None = _number("cases", "Let N cases change.")
    allow_percent: float | None = option(
        "--allow-percent", group=GUARDS, type=Finite(0, 100), metavar="N",
        help="Let N percent of the managed cases change.",
    )  # fmt: skip
    allow_clears: int | None = _number("clears", "Let N values be cleared.")
    allow_fields: Mapping[str, int] = option(
        "--allow-field", group=GUARDS, multiple=True, metavar="FIELD=N", callback=_field_numbers,
        help="Let N values of one field change; repeatable.",
    )  # fmt: skip

    def limits(self) -> "Limits":
        """The same as the library takes it."""
        from reconciler import Limits

        return Limits(
            cases=self.allow_cases,
            percent=self.allow_percent,
            clears=self.allow_clears,
            fields=self.allow_fields,
            conflicts=getattr(self, "allow_conflicts", None),
            unclassified=getattr(self, "allow_unclassified", None),
            owners=getattr(self, "allow_owners", ()),
            empty=getattr(self, "allow_empty", False),
        )


class ClassGuards(Options):
    """The flags about the classes of values, which a rollback does not have."""

    allow_conflicts: int | None = _number(
        "conflicts", "Write up to N values in conflict; where there are more, none."
    )
    allow_unclassified: int | None = _number(
        "unclassified", "Let N values change whose class no history tells."
    )


class OwnerGuard(Options):
    """`--allow-owner`."""

    allow_owners: tuple[str, ...] = option(
        "--allow-owner", group=GUARDS, multiple=True, metavar="NAME",
        help="Let specs of others change what NAME owns; repeatable.",
    )  # fmt: skip


class EmptyGuard(Options):
    """`--allow-empty`."""

    allow_empty: bool = option(
        "--allow-empty", group=GUARDS, is_flag=True, help="Let a run be about no spec at all."
    )


class Guards(NumberGuards, ClassGuards, OwnerGuard, EmptyGuard):
    """All of the flags that lift a guard."""
