"""Options that more than one command takes, and the frame that every command runs in."""

import functools
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from reconciler.cli import completing
from reconciler.cli.command import Finite
from reconciler.cli.console import Console, terminal_width, wants_colour
from reconciler.cli.edge import failed
from reconciler.errors import Unwritable
from reconciler.model.selectors import Selectors

Command = TypeVar("Command", bound=Callable[..., Any])


class File(click.Path):
    """The path of a file; a dash alone is no name, though most programs would make a file of it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; a dash is refused, since no stream is meant here."""
        if value == "-":
            self.fail(_NO_STREAM, param, ctx)
        return super().convert(value, param, ctx)


class OutFile(click.Path):
    """A file to write; one that cannot be written is refused before anything else is done.

    A dash alone stands for `dash`; without that it is refused.
    """

    def __init__(self, **dash: Path | None) -> None:
        super().__init__(path_type=Path, dir_okay=False, readable=False)
        self._dash = dash

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, tried."""
        from reconciler.files.whole_file import check_place

        if value == "-" and self._dash:
            return self._dash["dash"]
        if value == "-":
            self.fail(_NO_STREAM, param, ctx)
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if ctx is not None and ctx.resilient_parsing:  # a shell completes a word
            return path
        try:
            check_place(path)
        except Unwritable as error:
            self.fail(str(error), param, ctx)
        return path


_NO_STREAM = "- stands for no stream here; name a file (./- for one of that name)"
FILE = File(path_type=Path, dir_okay=False)
OUT = OutFile()
OUT_OR_DASH = OutFile(dash=Path("-"))
OUT_OR_STDOUT = OutFile(dash=None)  # stdout, as without the option
EXISTING = click.Path(path_type=Path, exists=True)


def with_console(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command its Console as first argument, and turn our errors into exit statuses."""

    @click.option("--no-color", is_flag=True, help="Plain text, also on a terminal.")
    @click.option("-q", "--quiet", is_flag=True, help="Only the result and errors.")
    @click.option("-v", "--verbose", is_flag=True, help="Also say what is done on the way.")
    @click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="The shape of what goes to stderr.",
    )
    @functools.wraps(function)
    def command(
        *, no_color: bool, quiet: bool, verbose: bool, log_format: str, **arguments: Any
    ) -> int:
        if quiet and verbose:
            raise click.UsageError("--quiet and --verbose: only one can hold; keep one")
        console = Console(
            colour=wants_colour(no_color),
            width=terminal_width(),
            quiet=quiet,
            verbose=verbose,
            json_log=log_format == "json",
        )
        try:
            return int(function(console, **arguments))
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001 - the edge
            return failed(console, error)

    return command


def config_option(function: Command) -> Command:
    """`--config`."""
    return click.option(
        "--config",
        "config_path",
        type=FILE,
        envvar="RECONCILE_CONFIG",
        help="The config to use instead of the nearest reconcile.yaml upwards.",
    )(function)


def target_option(function: Command) -> Command:
    """`--target`."""
    return click.option(
        "-t",
        "--target",
        "targets",
        multiple=True,
        metavar="NAME",
        shell_complete=completing.targets,
        help="A target of the config; repeatable. Default: those the specs are about.",
    )(function)


def single_target_option(
    about: str = "A target of the config. Default: the default one.",
) -> Callable[[Command], Command]:
    """`--target`, where a command is about one."""
    return click.option(
        "-t", "--target", metavar="NAME", shell_complete=completing.targets, help=about
    )


def selecting_options(function: Command) -> Command:
    """Which part of a plan is meant; each kind is repeatable, and the kinds narrow each other."""
    options = [
        click.option(
            "--case", "cases", multiple=True, metavar="ID", help="Only this case; repeatable."
        ),
        click.option(
            "--field",
            "fields",
            multiple=True,
            metavar="NAME",
            help="Only this field, by id or name; repeatable.",
        ),
        click.option(
            "--spec",
            "specs",
            multiple=True,
            metavar="NAME",
            help="Only what this spec sets, by its metadata.name; repeatable.",
        ),
        click.option(
            "--policy",
            "policies",
            multiple=True,
            metavar="NAME",
            help="Only what this policy sets, and no named case overrides; repeatable.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return target_option(function)


def selectors(given: Mapping[str, Any]) -> Selectors:
    """What the selecting options say, whichever of them a command has."""
    kinds = ("targets", "cases", "fields", "specs", "policies")
    return Selectors(**{kind: given.get(kind, ()) for kind in kinds})


def planning_options(function: Command) -> Command:
    """What `plan`, `drift` and `apply` share."""
    options = [
        click.option(
            "--mode",
            type=click.Choice(["strict", "balanced", "bulk"]),
            default="balanced",
            show_default=True,
            help="strict trusts no search index; bulk writes alike changes by the hundred.",
        ),
        click.option(
            "--catalog",
            type=FILE,
            help="A catalog saved by `reconcile catalog --out`: names, types and options are "
            "then checked before any call.",
        ),
        click.option(
            "--attribution",
            type=click.IntRange(0),
            metavar="N",
            help="Read the histories of up to N differing cases of each target, to say who changed "
            "what: one GetCaseAuditEvents for 25 events. Default: 100; drift 1,000; --yes 0.",
        ),
        click.option(
            "--no-attribution",
            "attribution",
            flag_value=0,
            type=int,
            help="Read no history.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def showing_options(function: Command) -> Command:
    """How a plan is shown: `--format` and `--full`."""
    function = click.option(
        "--full", is_flag=True, help="Name every case, also in groups of alike changes."
    )(function)
    return click.option(
        "--format",
        "output",
        type=click.Choice(["text", "json", "markdown", "html"]),
        default="text",
        show_default=True,
        help="How it is shown.",
    )(function)


def guard_options(function: Command) -> Command:
    """The flags that lift one guard each."""
    return number_guards(class_guards(allow_owner(allow_empty(function))))


def class_guards(function: Command) -> Command:
    """The flags about the classes of values, which a rollback does not have."""
    conflicts = _number(
        "conflicts", "Write up to N values in conflict; where there are more, none."
    )
    return conflicts(
        _number("unclassified", "Let N values change whose class no history tells.")(function)
    )


def allow_empty(function: Command) -> Command:
    """`--allow-empty`."""
    return click.option("--allow-empty", is_flag=True, help="Let a run be about no spec at all.")(
        function
    )


def number_guards(function: Command) -> Command:
    """The flags that lift one guard each, by a number."""
    options = [
        _number("cases", "Let N cases change."),
        click.option(
            "--allow-percent",
            type=Finite(0, 100),
            metavar="N",
            help="Let N percent of the managed cases change.",
        ),
        _number("clears", "Let N values be cleared."),
        click.option(
            "--allow-field",
            "allow_fields",
            multiple=True,
            metavar="FIELD=N",
            callback=_field_numbers,
            help="Let N values of one field change; repeatable.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def _number(guard: str, said: str) -> Callable[[Command], Command]:
    return click.option(f"--allow-{guard}", type=click.IntRange(0), metavar="N", help=said)


def allow_owner(function: Command) -> Command:
    """`--allow-owner`."""
    return click.option(
        "--allow-owner",
        "allow_owners",
        multiple=True,
        metavar="NAME",
        help="Let specs of others change what NAME owns; repeatable.",
    )(function)


def _field_numbers(
    ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]
) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for one in given:
        name, equals, number = one.rpartition("=")
        if not equals or not name.strip() or not (number.isascii() and number.isdigit()):
            raise click.BadParameter(f'"{one}" is not FIELD=N, such as status=20')
        if found.get(name, int(number)) != int(number):
            raise click.BadParameter(f"{name} is given two numbers, {found[name]} and {number}")
        found[name] = int(number)
    return found
