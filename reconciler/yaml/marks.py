"""Find where YAML's marks would make something else of a scalar than its author wrote."""

import re
from collections.abc import Iterator, Set
from typing import Any, NamedTuple

from reconciler.model.diagnostic import quoted
from reconciler.model.source import Written

# Behind text, ` #` begins a comment; without a space after it, it may as well be text.
_MARK = re.compile(rb"#[^\s#]")  # begins with one byte, so that it is searched for at full speed
_BLANKS = 99  # the most that may stand before it
_REACH = _BLANKS + 3  # bytes of the longest such mark, with the last one of the text
_CONTINUATION = bytes(range(0x80, 0xC0))  # the bytes of UTF-8 that begin no character
_BOM = b"\xef\xbb\xbf"
_NO_CUTS: frozenset[tuple[int, int]] = frozenset()

NULLS = frozenset({"", "~", "null", "Null", "NULL"})  # nothing, in YAML's words


class Flaw(NamedTuple):
    """What is wrong with a scalar, and what to write instead."""

    code: str
    message: str
    hint: str


NO_VALUE = Flaw(
    "empty-value",
    "found no value, expected one",
    "write the value, its text in quotes where it begins with #; to clear a field write null",
)
_FOLDED = Flaw(
    "folded-text",
    "found a text over several lines, whose ends of lines YAML would drop",
    "write `|` and the lines below it to keep them, or `>-` to have them joined by spaces; "
    "or write one line",
)

NO_KEY = Flaw(
    "wrong-shape",
    "found a key that is not one line of text",
    "write the key as plain or quoted text",
)
MERGE_CONFLICT = Flaw(
    "merge-conflict",
    "found a mark of a merge that is not finished, expected one version of the text",
    "keep the lines that are right, and remove those that begin with <<<<<<<, ======= and >>>>>>>",
)
MERGE_KEY = Flaw(
    "merge-key",
    "found a merge key, expected the keys themselves",
    "write the keys out, so that each line means what it says",
)


class CutTexts:
    """The places in a file where text is followed by ` #` and no space, seen piece by piece."""

    def __init__(self) -> None:
        self.positions: set[tuple[int, int]] = set()  # of the end of the text, both from zero
        self._position = (0, 0)
        self._rest = b""
        self._begun = False

    def add(self, piece: bytes) -> None:
        """Look through the next piece; what may go on in the following one is kept."""
        data = self._rest + piece
        if not self._begun and data:
            data = data.removeprefix(_BOM)
            self._begun = True
        kept = max(len(data) - _REACH, 0)
        kept -= data[kept - 1 : kept] == b"\r"
        found = set(_ends_before_marks(data))
        at, position = 0, self._position
        for point in sorted({*found, kept}):
            position = _after(data[at:point], position)
            at = point
            if point in found:
                self.positions.add(position)
            if point == kept:
                self._position, self._rest = position, data[point:]


def _ends_before_marks(data: bytes) -> Iterator[int]:
    """Where texts end that have blanks and a mark behind them."""
    for mark in _MARK.finditer(data):
        at = mark.start()
        near = data[max(at - _BLANKS - 1, 0) : at]
        before = near.rstrip(b" \t")
        if before and len(before) < len(near) and not before[-1:].isspace():
            yield at - len(near) + len(before)


def _after(text: bytes, position: tuple[int, int]) -> tuple[int, int]:
    """The line and column at the end of a text that begins at a place."""
    line, column = position
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines = text.count(b"\n")
    if lines:
        text = text[text.rindex(b"\n") + 1 :]
        column = 0
    return line + lines, column + len(text.translate(None, _CONTINUATION))


def flaw_of(event: Any, cuts: Set[tuple[int, int]] = _NO_CUTS) -> Flaw | None:
    """Why a scalar is not what its author wrote; None when it is. Tags are not looked at."""
    text, style = event.value, event.style
    start, end = event.start_mark, event.end_mark
    if event.anchor is not None:
        return anchor_flaw(event.anchor)
    if not style and (end.line, end.column) in cuts:
        return cut_flaw(text)
    return _FOLDED if start.line != end.line and style not in ("|", ">") else None


def key_flaw(event: Any) -> Flaw | None:
    """Why a key is not what its author wrote; None when it is."""
    if event.anchor is not None:
        return anchor_flaw(event.anchor)
    return _FOLDED if event.start_mark.line != event.end_mark.line else None


def anchor_flaw(name: str) -> Flaw:
    """Why nothing may have an anchor."""
    return Flaw(
        "anchor",
        f"found the anchor {quoted('&' + name)}, which would not be part of the value",
        "put quotes around text that begins with &, or remove the anchor",
    )


def alias_flaw(name: str) -> Flaw:
    """Why nothing may be an alias."""
    return Flaw(
        "alias",
        f"found an alias of {quoted(name)}, expected the value itself",
        "write the value out, so that each line means what it says; put quotes around text that "
        "begins with *",
    )


def null_flaw(written: Written) -> Flaw | None:
    """Why a value is not the one word that means nothing, `null`, though YAML takes it for that."""
    text = written.text
    if not written.plain or text == "null" or text not in NULLS:
        return None
    if not text:
        return NO_VALUE
    return Flaw(
        "ambiguous-null",
        f"found {text}, which may mean nothing or this word",
        f'write null to clear the field, or "{text}" for the text',
    )


def cut_flaw(text: str) -> Flaw:
    """Why a text may not end where ` #` stands without a space behind it."""
    return Flaw(
        "cut-text",
        f"found {quoted(text) if text else 'no value'} and ` #` behind it, where YAML begins a "
        "comment",
        "put quotes around the whole text; if it is a comment, write `# ` with a space behind it",
    )
