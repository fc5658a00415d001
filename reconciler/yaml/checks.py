"""The checks that every part of a file needs, each saying what was found, expected and to do."""

import os
import re
from collections.abc import Sequence
from typing import BinaryIO, Protocol

from reconciler.model.diagnostic import Problem, Source, quoted
from reconciler.model.source import Written
from reconciler.yaml.reader import ListNode, MapNode, Node
from reconciler.yaml.source_bytes import MAX_BYTES

_COUNT = re.compile("0|[1-9][0-9]{0,8}")


class Positioned(Protocol):
    """Anything read from a file that knows where it stands there."""

    @property
    def line(self) -> int:
        """Its line, from one."""
        ...

    @property
    def column(self) -> int:
        """Its column, from one."""
        ...


class Page:
    """One file being read: gathers what is wrong in it, so that reading can go on."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems

    def refuse(self, at: tuple[int, int], code: str, message: str, hint: str = "") -> None:
        """Report what is wrong at a line and column."""
        self.problems.append(Problem(self.at(at), code, message, hint))

    def at(self, position: tuple[int, int]) -> Source:
        """A line and column of this file."""
        return Source(self.file, *position)

    def fits(self, file: BinaryIO) -> bool:
        """Whether an open file is of a size that may be read; a larger one is refused."""
        # Of the open file, not of its name: the two may differ when somebody writes meanwhile.
        size = os.fstat(file.fileno()).st_size
        if size > MAX_BYTES:
            self.refuse(
                (1, 1),
                "file-too-large",
                f"found a file of {size:,} bytes, expected at most {MAX_BYTES:,}",
                "split it into several files",
            )
        return size <= MAX_BYTES

    def mapping(self, node: Node, expected: str) -> MapNode | None:
        """The node if it is a mapping; `expected` says with what."""
        if isinstance(node, MapNode):
            return node
        self._misshapen(node, f"a mapping with {expected}")
        return None

    def listing(self, node: Node, expected: str) -> ListNode | None:
        """The node if it is a list; `expected` says of what."""
        if isinstance(node, ListNode):
            return node
        self._misshapen(node, f"a list of {expected}")
        return None

    def text(self, node: Node, expected: str) -> Written | None:
        """The node if it is one value other than null."""
        if isinstance(node, Written) and not node.is_null:
            return node
        self._misshapen(node, expected)
        return None

    def name(self, node: Node, expected: str) -> Written | None:
        """The node if it is text that can name something: not null, not blank."""
        if isinstance(node, Written) and not node.text.strip():
            self.refuse(
                position(node),
                "empty-name",
                f"found no text, expected {expected}",
                "write the name",
            )
            return None
        return self.text(node, expected)

    def good_key(self, name: str, at: tuple[int, int], expected: str) -> bool:
        """Whether a key that an author may choose freely says anything."""
        if name.strip():
            return True
        self.refuse(at, "empty-name", f"found an empty key, expected {expected}", "write the name")
        return False

    def only(self, node: MapNode, known: Sequence[str], where: str) -> None:
        """Refuse every key that has no meaning in this mapping."""
        for name, (line, column, _) in node.entries.items():
            if name not in known:
                self.unknown((line, column), name, known, where)

    def unknown(self, at: tuple[int, int], name: str, known: Sequence[str], where: str) -> None:
        """Refuse one key that has no meaning here."""
        self.refuse(
            at,
            "unknown-key",
            f"found the key {quoted(name)} in {where}, expected {listed(known)}",
            nearest(name, known, "remove it, or correct its name"),
        )

    def required(self, node: MapNode, name: str, where: str) -> Node:
        """The value of a key that must be there; its absence is reported."""
        entry = node.entries.get(name)
        if entry is None:
            self.refuse(
                position(node),
                "missing-key",
                f"found no `{name}` in {where}, expected one",
                f"add `{name}: ...`",
            )
            return None
        return entry[2]

    def _misshapen(self, node: Node, expected: str) -> None:
        if node is not None:
            self.refuse(
                position(node),
                "wrong-shape",
                f"found {described(node)}, expected {expected}",
                _reshape(node, expected),
            )


def position(node: Positioned) -> tuple[int, int]:
    """The line and column of a node."""
    return node.line, node.column


def as_count(node: Node) -> int | None:
    """A plain whole number from 0 to 999,999,999; None for anything else."""
    if isinstance(node, Written) and node.plain and _COUNT.fullmatch(node.text):
        return int(node.text)
    return None


def described(node: MapNode | ListNode | Written) -> str:
    """What a node is, for the sentence that refuses it."""
    if isinstance(node, MapNode):
        return "a mapping"
    if isinstance(node, ListNode):
        return "a list"
    if node.is_null:
        return "nothing"
    return quoted(node.text)


def listed(names: Sequence[str]) -> str:
    """Known names for a sentence: a, b or c."""
    *most, last = [f"`{name}`" for name in names]
    return f"{', '.join(most)} or {last}" if most else last


def nearest(name: str, known: Sequence[str], otherwise: str) -> str:
    """A hint with the most alike known name."""
    from difflib import get_close_matches  # most runs need no hint, and it is slow to import

    # Sorted, since of two that are equally close difflib names the first.
    close = get_close_matches(name.lower(), sorted(known), n=1, cutoff=0.6)
    by_case = [one for one in known if one.lower() == name.lower()]
    found = by_case or close
    return f"did you mean `{found[0]}`?" if found else otherwise


def _reshape(node: MapNode | ListNode | Written, expected: str) -> str:
    if isinstance(node, Written) and node.is_null:
        return "fill it in, or remove the key"
    if expected.startswith("a list"):
        return "write `- ` before each item, or [one, another]"
    if expected.startswith("a mapping"):
        return "write `key: value` lines below it, indented"
    return "write one value"
