"""A command that ignores nothing of what was typed.

It refuses an option that is given twice, one that is empty, and one that would do nothing in this
use.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from inspect import cleandoc
from math import isfinite
from typing import Any

import click

from reconciler.cli.helping import write_options
from reconciler.cli.statuses import status_words
from reconciler.cli.uses import USES, idle

# What every command takes, about how it talks.
TALK = ("--no-color", "--quiet", "--verbose", "--log-format", "--help")
_TYPED = "reconcile.typed"


class Command(click.Command):
    """A command whose options each have an entry in the table of uses.

    `options` is the type of what is typed, which that table looks at.
    """

    def __init__(self, *args: Any, options: Callable[[Any], Any] = dict, **more: Any) -> None:
        super().__init__(*args, **more)
        self.made_options = options

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it does, then examples, then the rest, and what it can end with."""
        text = self.help
        first, *rest = cleandoc(text or "").split("\n\n")
        rest.sort(key=lambda part: not part.lstrip("\b\n ").startswith("Example"))
        self.help = "\n\n".join([first, *rest, status_words(_path(ctx))])
        super().format_help_text(ctx, formatter)
        self.help = text

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options by what they are about; those that every command has, and guards, briefly."""
        write_options(self.get_params(ctx), ctx, formatter)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, after a look at what was typed: of two values it would take the last."""
        if not ctx.resilient_parsing:
            values, _, order = self.make_parser(ctx).parse_args(list(args))
            typed = [one for one in order if isinstance(one, click.Option)]
            ctx.meta[_TYPED] = list(dict.fromkeys(map(_name, typed)))
            _refuse_repeated(ctx, typed)
            _refuse_empty(ctx, order, values)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it, unless an option that was typed would do nothing."""
        for option in ctx.meta.get(_TYPED, ()):
            _refuse_idle(ctx, option, self.made_options)
        return super().invoke(ctx)


class Commands(click.Group):
    """Commands below a command."""

    command_class = Command


class Count(click.IntRange):
    """A whole number from a least one on; --help says what it counts, and not from where."""

    def _describe_range(self) -> str:
        return ""


class Finite(click.FloatRange):
    """A range of numbers without those that no clock or quota knows."""

    def _describe_range(self) -> str:
        return ""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number; infinity and NaN are refused as other words are."""
        number = float(super().convert(value, param, ctx))
        if not isfinite(number):
            self.fail(f"{value} is no number that can be counted to", param, ctx)
        return number


def _path(ctx: click.Context) -> str:
    """A command as it is typed, without the program's own name."""
    return ctx.command_path.partition(" ")[2]


def _name(option: click.Parameter) -> str:
    """The name of an option as messages say it: the longest of its names."""
    return max(option.opts, key=len)


def _refuse_repeated(ctx: click.Context, typed: Sequence[click.Option]) -> None:
    """An option takes one value: the others would be ignored."""
    single = [one for one in typed if not one.multiple and not one.count]
    for name, count in Counter(one.name for one in single).items():
        several = [one for one in single if one.name == name]
        if count == 1 or (all(one.is_flag for one in several) and len(set(several)) == 1):
            continue
        names = " and ".join(dict.fromkeys(map(_name, several)))
        ctx.fail(
            f"{names}: given together, and only one can hold; keep one"
            if " and " in names
            else f"{names}: given {count} times, and only one value can hold; keep one"
        )


def _refuse_empty(ctx: click.Context, order: Iterable[click.Parameter], values: Any) -> None:
    """An empty word is most likely a variable that is not set, and never what was meant."""
    for one in dict.fromkeys(order):
        typed = values.get(one.name)
        words = typed if isinstance(typed, list | tuple) else [typed]
        if any(word == "" for word in words) and _needs_text(one):
            name = _name(one) if isinstance(one, click.Option) else one.make_metavar(ctx)
            ctx.fail(f"{name}: found nothing but an empty word; is a variable not set?")


def _needs_text(parameter: click.Parameter) -> bool:
    return parameter.name not in ("null", "values")


def _refuse_idle(ctx: click.Context, option: str, made: Callable[[Any], Any]) -> None:
    name = _path(ctx)
    if option in TALK or name not in USES:
        return
    found = idle(name, option, made(ctx.params))
    if found is not None:
        instead = found.instead.format(option=option)
        ctx.fail(f"{option} has no effect here: {found.why}; {instead}")
