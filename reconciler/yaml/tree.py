"""Hold a YAML file as entries that carry their comments and blank lines along."""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from reconciler.yaml.events import Event, Kind, events

_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*")


@dataclass(slots=True)
class Scalar:
    """One scalar: its value, its first quoting character, and how it stands in the file."""

    text: str
    style: str
    raw: str


@dataclass(slots=True)
class Collection:
    """A mapping or a list; `after` are the comments behind its last entry, at its own depth.

    In brackets it may be `spaced`, as in `{ a: b }`, `spread` over several lines, and begin `below`
    its key.
    """

    keyed: bool
    flow: bool
    column: int
    entries: list["Entry"] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    line: int = 0
    spaced: bool = False
    spread: bool = False
    below: bool = False


Item: TypeAlias = Scalar | Collection


@dataclass(slots=True)
class Entry:
    """One entry: the comments above it (an empty text is a blank line) and beside it."""

    key: Scalar | None = None
    node: Item | None = None
    before: list[str] = field(default_factory=list)
    beside: str = ""


@dataclass(slots=True)
class Document:
    """One document: what stands above its `---`, whether that is written, and what follows."""

    above: list[str] = field(default_factory=list)
    marked: bool = False
    root: Entry = field(default_factory=Entry)
    after: list[str] = field(default_factory=list)


class UnknownLayoutError(Exception):
    """Something that authors do not need and that has no place in a tree."""

    def __init__(self, line: int, column: int, what: str) -> None:
        self.line, self.column, self.what = line, column, what
        super().__init__(what)


def tree(text: str) -> list[Document]:
    """Every document of a text that the reader takes, its lines ending with a line feed."""
    return _Builder(text).build()


def comments(text: str) -> list[str]:
    """Every comment of the text, sorted."""
    found: list[str] = []
    position = 0
    for event in (*events(text), None):
        end = len(text) if event is None else event.start
        for line in text[position:end].split("\n"):
            found.extend(match.rstrip() for match in _COMMENT.findall(line))
        if event is not None:
            position = max(position, event.end)
            if event.style and event.style in "|>":
                found.extend(_COMMENT.findall(text[event.start : event.end].split("\n", 1)[0]))
    return sorted(one.rstrip() for one in found)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a gap: a comment, or a blank line; `bound` behind a mark of what comes next."""

    text: str
    column: int
    bound: bool


class _Builder:
    """Goes through the events once; what stands between two of them is shared out."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._documents: list[Document] = []
        self._open: list[Collection] = []
        self._closed: list[Collection] = []
        self._owner = Entry()
        self._key: Scalar | None = None
        self._key_line = 0
        self._new: list[tuple[Entry, int]] = []

    def build(self) -> list[Document]:
        steps = {
            Kind.DOCUMENT: self._begin,
            Kind.MAP: self._collection,
            Kind.LIST: self._collection,
            Kind.END: self._end,
            Kind.SCALAR: self._scalar,
        }
        for event in events(self._text):
            if event.kind in steps:
                steps[event.kind](event)
        if self._documents:
            self._share_out(len(self._text), self._documents[-1].after, -1)
        return self._documents

    def _begin(self, event: Event) -> None:
        if self._text.startswith("%", event.start):
            raise UnknownLayoutError(event.line, event.column, "a line that begins with %")
        document = Document(marked=event.end > event.start)
        if document.marked:
            tail = self._documents[-1].after if self._documents else document.above
            self._share_out(event.start, tail, -1)
            self._position = event.end
        self._documents.append(document)
        self._owner = document.root
        self._new.clear()
        self._closed.clear()

    def _entry(self, event: Event) -> Entry | None:
        """The entry whose value begins here; None when this is the key of one."""
        if not self._open:
            return self._documents[-1].root
        parent = self._open[-1]
        if parent.keyed and self._key is None:
            return None
        if parent.keyed:
            self._key = None
            return parent.entries[-1]
        entry = Entry()
        parent.entries.append(entry)
        self._new.append((entry, parent.column))
        return entry

    def _collection(self, event: Event) -> None:
        entry = self._entry(event)
        if entry is None:
            raise UnknownLayoutError(event.line, event.column, "a key that is not text")
        made = Collection(event.kind is Kind.MAP, event.flow, event.column, line=event.line)
        made.below = event.flow and self._key_line not in (0, event.line)
        made.spaced = event.flow and self._text[event.end : event.end + 1].isspace()
        entry.node = made
        if event.flow:
            self._solid(event, entry)
        self._open.append(made)

    def _end(self, event: Event) -> None:
        closed = self._open.pop()
        if not closed.flow:
            self._closed.append(closed)
            return
        closed.spread = event.line > closed.line
        self._share_out(event.start, closed.after, -1)
        self._position = event.end
        self._owner = self._holder()

    def _holder(self) -> Entry:
        return self._open[-1].entries[-1] if self._open else self._documents[-1].root

    def _scalar(self, event: Event) -> None:
        raw = self._text[event.start : event.end]
        scalar = Scalar(event.text, event.style, raw)
        entry = self._entry(event)
        if entry is None:
            entry = Entry(scalar)
            self._key, self._key_line = scalar, event.line
            self._open[-1].entries.append(entry)
            self._new.append((entry, event.column))
        else:
            entry.node = scalar
        self._solid(event, entry)

    def _solid(self, event: Event, entry: Entry) -> None:
        """Text stands here: what was passed over since the last text goes where it belongs."""
        first, column = self._new[0] if self._new else (entry, event.column)
        self._share_out(event.start, first.before, column)
        self._new.clear()
        self._owner = entry
        self._position = event.end
        if event.style and event.style in "|>":
            entry.node = node = block(event, self._text)
            self._position = min(event.start + len(node.raw), len(self._text))

    def _share_out(self, end: int, following: list[str], column: int) -> None:
        """Comments and blank lines up to `end`; `following` begins in `column`."""
        beside, lines = self._gap(end)
        if beside:
            if self._owner.beside:
                self._owner.before.append(self._owner.beside.lstrip())
            self._owner.beside = beside
        depth = sys.maxsize
        for blank, line in _with_blanks(lines):
            ours = [one for one in self._closed if column < one.column <= min(line.column, depth)]
            if not line.text or line.bound or not ours:
                depth, chosen = -1, following
            else:
                # A list may stand in its parent's column: the outermost of the two.
                depth = max(one.column for one in ours)
                chosen = [one for one in ours if one.column == depth][-1].after
            chosen.extend([""] * blank + [line.text] * bool(line.text))
        self._closed.clear()

    def _gap(self, end: int) -> tuple[str, list[_Line]]:
        """The comment beside what came last, with the space before it, and the lines below it."""
        position, text = self._position, self._text
        lines = text[position:end].split("\n")
        at_start = position == 0 or text[position - 1] == "\n"
        first = "" if at_start else lines.pop(0)
        found = _COMMENT.search(first)
        if found is None:
            return "", list(_lines(lines))
        before = first[: found.start()]
        space = before[len(before.rstrip(" ")) :]
        return (space or " ") + found[0].rstrip(), list(_lines(lines))


def block(event: Event, text: str) -> Scalar:
    """A block scalar without the blank lines below it, unless they are kept (`|+`)."""
    raw = text[event.start : event.end]
    lines = raw.split("\n")
    keeps = "+" in lines[0].split("#")[0]
    depth = indentation(event.text, lines[1:])
    # Spaces beyond the indentation are part of the text.
    while len(lines) > 1 and not lines[-1].strip(" \r") and len(lines[-1].rstrip("\r")) <= depth:
        lines.pop()
        if keeps:  # that was the indentation of what comes next
            break
    return Scalar(event.text, event.style, "\n".join(lines) + "\n")


def indentation(text: str, lines: Sequence[str]) -> int:
    """How far the lines of a block scalar are indented, as far as that is not part of its text."""
    inside = next((line for line in lines if line.strip(" \r")), None)
    if inside is None:
        return sys.maxsize
    first = text.lstrip("\n")
    return len(inside) - len(inside.lstrip(" ")) - (len(first) - len(first.lstrip(" ")))


def _lines(lines: list[str]) -> Iterator[_Line]:
    """The comments and blank lines of a gap; what the last line holds is the text after it."""
    for number, line in enumerate(lines):
        found = _COMMENT.search(line)
        if found is not None:
            bound = bool(line[: found.start()].strip())
            yield _Line(found[0].rstrip(), found.start() + 1, bound)
        elif not line.strip() and number < len(lines) - 1:
            yield _Line("", 0, False)


def _with_blanks(lines: list[_Line]) -> Iterator[tuple[bool, _Line]]:
    """Every comment, and whether blank lines stand above it; at last blank lines alone."""
    blank = False
    for line in lines:
        if line.text:
            yield blank, line
        blank = not line.text
    if blank:
        yield True, _Line("", 0, False)
