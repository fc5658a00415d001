"""Check plain data against a shape, to the letter, and say where it differs."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

Shape: TypeAlias = Callable[[Any], None]

LARGEST = 10**12  # of any count; larger numbers are nobody's
_SHOWN = 40


class Misshapen(ValueError):
    """What was found, what was expected, and by `within` where."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.place = ""

    def within(self, step: str | int) -> "Misshapen":
        """The same, seen from one level further out."""
        outer = f"[{step}]" if isinstance(step, int) else step
        dot = "." if self.place and not self.place.startswith("[") else ""
        self.place = f"{outer}{dot}{self.place}"
        return self

    def __str__(self) -> str:
        return f"at {self.place}: {self.message}" if self.place else self.message


def named(value: object) -> str:
    """What a value is, for a sentence, without showing more of it than a glance."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        cut = value if len(value) <= _SHOWN else value[:_SHOWN] + "..."
        return f"the text {cut!a}"
    if isinstance(value, int | float):
        return f"the number {value!r}" if abs(value) < LARGEST else "a huge number"
    return "a list" if isinstance(value, list) else "an object"


def expected(value: object, what: str) -> Misshapen:
    """The complaint about a value that is not what it should be."""
    return Misshapen(f"found {named(value)}, expected {what}")


def text(value: Any) -> None:
    """Any text."""
    if type(value) is not str:
        raise expected(value, "a text")


def truth(value: Any) -> None:
    """True or false."""
    if type(value) is not bool:
        raise expected(value, "true or false")


def count(value: Any) -> None:
    """A whole number from 0."""
    if type(value) is not int or not 0 <= value <= LARGEST:
        raise expected(value, "a whole number from 0")


def place(value: Any) -> None:
    """A whole number from 1."""
    if type(value) is not int or not 1 <= value <= LARGEST:
        raise expected(value, "a whole number from 1")


def number(value: Any) -> None:
    """A number from 0, whole or not."""
    if type(value) not in (int, float) or not 0 <= value <= LARGEST:
        raise expected(value, "a number from 0")


def matching(pattern: str, what: str) -> Shape:
    """A text of this pattern."""
    fits = re.compile(pattern).fullmatch

    def check(value: Any) -> None:
        if type(value) is not str or fits(value) is None:
            raise expected(value, what)

    return check


def one_of(values: Iterable[str]) -> Shape:
    """One of these texts."""
    known = frozenset(map(str, values))

    def check(value: Any) -> None:
        if type(value) is not str or value not in known:
            raise expected(value, " or ".join(sorted(known)))

    return check


def optional(shape: Shape) -> Shape:
    """Null, or of that shape."""

    def check(value: Any) -> None:
        if value is not None:
            shape(value)

    return check


def each(shape: Shape, what: str) -> Shape:
    """A list of things of that shape."""

    def check(value: Any) -> None:
        if type(value) is not list:
            raise expected(value, f"a list of {what}")
        index = 0
        try:
            for index, entry in enumerate(value):  # noqa: B007 - the index names the culprit
                shape(entry)
        except Misshapen as wrong:
            raise wrong.within(index) from None

    return check


def mapped(shape: Shape, what: str) -> Shape:
    """An object with any keys, each with a value of that shape."""

    def check(value: Any) -> None:
        if type(value) is not dict:
            raise expected(value, f"an object with {what}")
        for key, entry in value.items():
            try:
                shape(entry)
            except Misshapen as wrong:
                raise wrong.within(ascii(key)) from None

    return check


def record(
    shapes: Mapping[str, Shape],
    *,
    may_have: Mapping[str, Shape] | None = None,
    rule: Callable[[dict[str, Any]], None] | None = None,
) -> Shape:
    """An object with exactly these keys, and a rule about all of them together."""
    known = {**shapes, **(may_have or {})}
    required = frozenset(shapes)

    def check(value: Any) -> None:
        if type(value) is not dict:
            raise expected(value, "an object")
        if not value.keys() >= required:
            raise Misshapen(f"found no `{min(required - value.keys())}`, expected one")
        key = ""
        try:
            for key, entry in value.items():
                shape = known.get(key)
                if shape is None:
                    raise Misshapen("found a key that this version does not know")
                shape(entry)
        except Misshapen as wrong:
            raise wrong.within(key if key in known else ascii(key[:_SHOWN])) from None
        if rule is not None:
            rule(value)

    return check
