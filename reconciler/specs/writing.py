"""Write a spec of named cases the way a person would, so that reading it gives exactly that back.

A value stands plain wherever YAML itself reads its characters; a text of several lines is a block
where every line survives an editor; anything else is in double quotes. `reconcile fmt` leaves the
file as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reconciler.model.diagnostic import quoted
from reconciler.model.source import Written
from reconciler.specs.reading.document import API_VERSION
from reconciler.yaml.words import best_quotes, plain_is_right

SCHEMA = "../schemas/spec.schema.json"  # from the folder of specs that `reconcile init` makes

_FIELDS_INDENT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands above the cases; `comments` stand before them."""

    name: str
    reason: str = ""
    target: str = ""
    schema: str = SCHEMA
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseText:
    """One case to be written: its fields in order, and comments for its reader.

    A value that is `plain` is written as it stands; any other is quoted where it must be.
    """

    key: str
    fields: Sequence[tuple[str, Written]]
    by_reference: bool = False
    comment: str = ""
    left_out: tuple[str, ...] = ()


def spec_text(heading: Heading, cases: Iterable[CaseText]) -> str:
    """The whole file."""
    return "".join(spec_lines(heading, cases))


def spec_lines(heading: Heading, cases: Iterable[CaseText]) -> Iterator[str]:
    """The file in parts, each of whole lines; `cases: []` when there is no case."""
    yield "".join(f"{line}\n" for line in _heading(heading))
    before = "cases:\n"
    for case in cases:
        yield before + "".join(f"{line}\n" for line in _case(case))
        before = ""
    if before:
        yield "cases: []\n"


def _heading(heading: Heading) -> Iterator[str]:
    yield f"# yaml-language-server: $schema={heading.schema}"
    yield from (f"# {_comment(comment)}".rstrip() for comment in heading.comments)
    yield f"apiVersion: {API_VERSION}"
    yield "kind: Cases"
    yield "metadata:"
    yield f"  name: {one_line(heading.name)}"
    if heading.reason:
        yield f"  reason: {one_line(heading.reason)}"
    if heading.target:
        yield f"target: {one_line(heading.target)}"


def _case(case: CaseText) -> Iterator[str]:
    word = "reference" if case.by_reference else "id"
    comment = f" # {_comment(case.comment)}" if case.comment.strip() else ""
    yield f"  - {word}: {one_line(case.key)}{comment}"
    yield from (f"    # left out: {_comment(one)}".rstrip() for one in case.left_out)
    yield "    fields:"
    for name, value in case.fields:
        yield f"{' ' * _FIELDS_INDENT}{_name(name)}: {_value(value)}"


@lru_cache(maxsize=1_024)
def _name(name: str) -> str:
    """A field's name, which every case repeats."""
    return one_line(name)


def _comment(text: str) -> str:
    """Text that cannot break out of its comment, nor hide anything in it."""
    return quoted(" ".join(text.split()))[1:-1]


def _value(value: Written) -> str:
    if value.plain:
        return value.text
    return _block(value.text) if _may_be_block(value.text) else one_line(value.text)


def one_line(text: str) -> str:
    """A text as one scalar on one line."""
    return text if plain_is_right(text, flow=False) else best_quotes(_whole(text))


def _whole(text: str) -> str:
    """The text without half characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _may_be_block(text: str) -> bool:
    """Whether the text survives as a block: nothing unseen, nothing that an editor would trim."""
    lines = text.removesuffix("\n").split("\n")
    return (
        "\n" in text
        and lines[0] != ""
        and lines[-1] != ""
        and not lines[0].startswith(" ")
        and all(line.isprintable() and not line.endswith(" ") for line in lines)
    )


def _block(text: str) -> str:
    indent = " " * (_FIELDS_INDENT + 2)
    lines = text.removesuffix("\n").split("\n")
    body = "\n".join(indent + line if line else "" for line in lines)
    return f"{'|' if text.endswith(chr(10)) else '|-'}\n{body}"
