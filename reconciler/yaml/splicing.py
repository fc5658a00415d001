"""Find values of a spec file by their places, and the splices that give them others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from reconciler.yaml.events import Event, Kind, events, is_text, may_be_plain
from reconciler.yaml.marks import NULLS
from reconciler.yaml.source_bytes import json_as_yaml
from reconciler.yaml.tree import block
from reconciler.yaml.words import in_json, in_quotes, means_more, plain_is_right

_BOM = "\ufeff"

Position: TypeAlias = tuple[int, int]


class CannotEditError(Exception):
    """This file cannot be changed here without changing more than was asked for."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What to write at a place: that of a field's name, or of its value.

    What is `plain` (a number, true, null) is written as it stands, any other text as text.
    """

    at: Position
    text: str
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Addition:
    """The field to add to the case that begins at a place."""

    at: Position
    name: str
    text: str
    plain: bool = False


Change: TypeAlias = Edit | Addition


@dataclass(slots=True)
class _Node:
    """One value and where its text ends; `flow` where it stands in brackets, or is them."""

    event: Event
    flow: bool
    last: int
    pairs: list[tuple[Event, "_Node"]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Splice:
    """A piece of the text, and what is to stand there."""

    start: int
    end: int
    text: str


class Page:
    """One file's text, and its values by their places."""

    def __init__(self, data: bytes, is_json: bool) -> None:
        text = data.decode("utf-8")
        self._bom = _BOM if text.startswith(_BOM) else ""
        self._text = text.removeprefix(_BOM)
        self._is_json = is_json
        self._by_position: dict[Position, _Node] = {}
        self._maps: dict[Position, _Node] = {}
        # JSON is read by the same parser, so that every place counts alike in both.
        read = json_as_yaml(self._text.encode()).decode() if is_json else self._text
        following = events(read)
        for event in following:
            if event.kind in (Kind.SCALAR, Kind.MAP, Kind.LIST):
                self._node(event, following, False)

    def value(self, at: Position) -> _Node:
        """The scalar of the field whose name or value stands here."""
        node = self._by_position.get(at)
        if node is not None and node.event.kind is Kind.MAP:
            node = next((value for key, value in node.pairs if key.text == "value"), None)
        if node is None or node.event.kind is not Kind.SCALAR:
            raise CannotEditError(f"found no single value at line {at[0]}, column {at[1]}")
        return node

    def splice(self, changes: Sequence[Change]) -> Splice:
        """One edit, or all additions to one case."""
        [first, *_] = changes
        if isinstance(first, Edit):
            return self._changed(first)
        return self._added([one for one in changes if isinstance(one, Addition)])

    def _changed(self, change: Edit) -> Splice:
        """The value that stands there replaced."""
        node = self.value(change.at)
        event = node.event
        if event.style and event.style in "|>":
            return self._in_block(event, change)
        word = self._word(change, event, node.flow)
        return Splice(event.start, event.end, word)

    def spliced(self, splices: Sequence[Splice]) -> bytes:
        parts, position = [self._bom], 0
        for one in sorted(splices, key=lambda one: one.start):
            parts += (self._text[position : one.start], one.text)
            position = one.end
        return "".join((*parts, self._text[position:])).encode()

    def _node(self, event: Event, following: Iterator[Event], flow: bool) -> _Node:
        node = _Node(event, flow or event.flow, event.end)
        position = (event.line, event.column)
        if event.kind is Kind.SCALAR:
            self._by_position.setdefault(position, node)
            if event.style and event.style in "|>":
                node.last = event.start + len(block(event, self._text).raw)
            return node
        if event.kind is Kind.MAP:
            self._maps[position] = node
        while (inside := next(following)).kind is not Kind.END:
            if event.kind is Kind.LIST:
                node.last = self._node(inside, following, node.flow).last
                continue
            value = self._node(next(following), following, node.flow)
            node.pairs.append((inside, value))
            node.last = value.last
            self._by_position[inside.line, inside.column] = value
        if event.flow:
            node.last = inside.end
        return node

    def _word(self, change: Edit | Addition, old: Event | None, flow: bool) -> str:
        """A value on one line, quoted like the old one where that reads right."""
        return change.text if change.plain else self._text_word(change.text, old, flow)

    def _text_word(self, value: str, old: Event | None, flow: bool) -> str:
        if self._is_json:
            return in_json(value)
        # Single quotes know no escapes: what does not print has to go into double ones.
        if old is not None and old.style == "'" and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        if old is not None and old.style == '"':
            return in_quotes(value)
        right = plain_is_right(value, flow=flow)
        return value if right or _as_before(value, old, flow) else in_quotes(value)

    def _in_block(self, event: Event, change: Edit) -> Splice:
        """A block again when there are lines enough for one, else a value beside its name."""
        raw = block(event, self._text).raw
        header, *body = raw.split("\n")
        # The file keeps its own ends of line, or git would show every line as changed.
        ending = "\r\n" if header.endswith("\r") else "\n"
        comment = header.rstrip("\r")[len(header.split(" ")[0].rstrip("\r")) :]
        inside = next((line for line in body if line.strip(" \r")), "")
        indent = inside[: len(inside) - len(inside.lstrip(" "))]
        deeper = event.text.lstrip("\n").startswith(" ")
        value = change.text
        if not change.plain and indent and not deeper and _may_be_block(value):
            lines = value.removesuffix("\n").split("\n")
            head = "|" if value.endswith("\n") else "|-"
            made = [head + comment, *(indent + line if line else "" for line in lines)]
        else:
            made = [self._word(change, None, False) + comment]
        return Splice(event.start, event.start + len(raw), "".join(one + ending for one in made))

    def _added(self, additions: Sequence[Addition]) -> Splice:
        """All of these fields at the end of one case's `fields`."""
        at = additions[0].at
        case = self._maps.get(at)
        if case is None:
            raise CannotEditError(f"found no case at line {at[0]}, column {at[1]}")
        fields = next((value for key, value in case.pairs if key.text == "fields"), None)
        in_brackets = [self._entry(one, True) for one in additions]
        if fields is None:
            key = self._text_word("fields", None, True)
            entry = f"{key}: {{{', '.join(in_brackets)}}}"
            return self._inside(case, [entry]) if case.event.flow else self._below(case, [entry])
        if fields.event.kind is not Kind.MAP:
            raise CannotEditError("found `fields` without a mapping")
        if fields.event.flow:
            return self._inside(fields, in_brackets)
        return self._below(fields, [self._entry(one, False) for one in additions])

    def _entry(self, one: Addition, flow: bool) -> str:
        return f"{self._text_word(one.name, None, flow)}: {self._word(one, None, flow)}"

    @staticmethod
    def _inside(node: _Node, entries: Sequence[str]) -> Splice:
        """Further entries before the closing bracket."""
        text = ", ".join(entries)
        if not node.pairs:
            return Splice(node.event.end, node.event.end, text)
        last = node.pairs[-1][1].last
        return Splice(last, last, f", {text}")

    def _below(self, node: _Node, entries: Sequence[str]) -> Splice:
        """Further entries, each on a line of its own."""
        indent = " " * (node.pairs[0][0].column - 1)
        at, text = node.last, self._text
        ending = "\r\n" if "\r\n" in text else "\n"
        if text[at - 1 : at] != "\n":
            at = text.find("\n", at) + 1
        if at == 0 or at > len(text):
            lines = "".join(f"{ending}{indent}{entry}" for entry in entries)
            return Splice(len(text), len(text), lines)
        return Splice(at, at, "".join(f"{indent}{entry}{ending}" for entry in entries))


def _as_before(text: str, old: Event | None, flow: bool) -> bool:
    """Whether a text may be plain because the author wrote one alike that way."""
    return (
        old is not None
        and old.text not in NULLS
        and text not in NULLS
        and may_be_plain(text, flow=flow)
        and (is_text(text) or not is_text(old.text))
        and (not means_more(text) or means_more(old.text))
    )


def _may_be_block(text: str) -> bool:
    lines = text.removesuffix("\n").split("\n")
    return (
        len(lines) > 1
        and all(line.isprintable() for line in lines)
        and lines[0].strip(" ") != ""
        and not lines[0].startswith(" ")
        and lines[-1].strip(" ") != ""
    )
