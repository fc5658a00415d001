"""A command's options as one typed, frozen object, and the decorator that makes the command.

class Options(Selecting):
    out: Path | None = option("-o", "--out", type=OUT, group=OUTPUT, help="Save it here.")

@subcommand("plan", Options)
def command(console: Console, options: Options) -> int: ...
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar

import click

from reconciler.cli.command import Command
from reconciler.cli.console import Console, terminal_width, wants_colour
from reconciler.cli.edge import failed
from reconciler.cli.groups import TALKING

T = TypeVar("T", bound="Options")


class _Declared:
    """An option or argument as its class declares it."""

    def __init__(self, make: Callable[..., click.Parameter], names: tuple[str, ...], said: Any):
        self._make = make
        self._names = names
        self._said = said
        self._group = said.pop("group", "")
        self._short: tuple[tuple[str, ...], dict[str, Any]] | None = said.pop("also", None)

    def parameters(self, name: str) -> Iterator[click.Parameter]:
        """The parameters of click, by the name of the attribute."""
        yield self._grouped(self._make([*self._names, name], **self._said))
        if self._short is not None:
            names, said = self._short
            yield self._grouped(self._make([*names, name], **said))

    def _grouped(self, made: click.Parameter) -> click.Parameter:
        made.group = self._group  # type: ignore[attr-defined]
        return made


def option(*names: str, group: str, **said: Any) -> Any:
    """An attribute that an option fills; `also` is a second spelling with values of its own."""
    return _Declared(click.Option, names, {"group": group, **said})


def argument(**said: Any) -> Any:
    """An attribute that what stands without an option fills."""
    return _Declared(lambda names, **more: click.Argument(names, **more), (), said)


class Options:
    """What somebody typed; it does not change."""

    _declared: ClassVar[Mapping[str, _Declared]] = {}

    def __init_subclass__(cls) -> None:
        own = {name: one for name, one in vars(cls).items() if isinstance(one, _Declared)}
        inherited: dict[str, _Declared] = {}
        for base in cls.__bases__:
            inherited |= getattr(base, "_declared", {})
        cls._declared = inherited | own

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update({name: values[name] for name in self._declared})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name}: options do not change")

    @classmethod
    def parameters(cls) -> list[click.Parameter]:
        """Everything that may be typed, arguments first."""
        made = [each for name, one in cls._declared.items() for each in one.parameters(name)]
        return sorted(made, key=lambda one: isinstance(one, click.Option))

    def but(self, **changed: Any) -> Self:
        """The same with other values, for a test or a call that stands for another."""
        return type(self)({**{name: getattr(self, name) for name in self._declared}, **changed})


class Talk(Options):
    """How a command talks; every one takes these."""

    no_color: bool = option(
        "--no-color", group=TALKING, is_flag=True, help="Plain text, also on a terminal."
    )
    quiet: bool = option(
        "-q", "--quiet", group=TALKING, is_flag=True, help="Only the result and errors."
    )
    verbose: bool = option(
        "-v", "--verbose", group=TALKING, is_flag=True, help="Also say what is done on the way."
    )
    log_format: str = option(
        "--log-format", group=TALKING, type=click.Choice(["text", "json"]), default="text",
        show_default=True, help="The shape of what goes to stderr.",
    )  # fmt: skip

    def console(self) -> Console:
        """Where the command talks to."""
        if self.quiet and self.verbose:
            raise click.UsageError("--quiet and --verbose: only one can hold; keep one")
        return Console(
            colour=wants_colour(self.no_color),
            width=terminal_width(),
            quiet=self.quiet,
            verbose=self.verbose,
            json_log=self.log_format == "json",
        )


_PLAIN = {"no_color": False, "quiet": False, "verbose": False}


def subcommand(
    name: str, options: type[T]
) -> Callable[[Callable[[Console, T], int]], click.Command]:
    """Make a command of a function that is given its console and its options.

    Errors of ours become exit statuses here.
    """

    return functools.partial(_made, name, options, (*options.parameters(), *Talk.parameters()))


def below(
    group: click.Group, name: str, options: type[T]
) -> Callable[[Callable[[Console, T], int]], click.Command]:
    """Make a command of a group, which talks plainly."""

    def made(function: Callable[[Console, T], int]) -> click.Command:
        command = _made(name, options, options.parameters(), function)
        group.add_command(command)
        return command

    return made


def _made(
    name: str,
    options: type[T],
    parameters: Sequence[click.Parameter],
    function: Callable[[Console, T], int],
) -> click.Command:
    @functools.wraps(function)
    def run(**values: Any) -> int:
        console = Talk({"log_format": "text", **_PLAIN, **values}).console()
        try:
            return int(function(console, options(values)))
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001 - the edge
            return failed(console, error)

    return Command(
        name, callback=run, params=list(parameters), help=function.__doc__, options=options
    )
