"""What a file means to our own reader, without its layout: equal before and after a rewriting."""

from collections.abc import Iterator
from io import BytesIO
from typing import TypeAlias

from reconciler.model.diagnostic import Problem, Source
from reconciler.yaml.marks import NO_VALUE
from reconciler.yaml.reader import ListNode, MapNode, Node, reading
from reconciler.yaml.source_bytes import FileBytes
from reconciler.yaml.words import means_more

# Every leaf by the way to it: keys and numbers of items, and as what it is read.
Meaning: TypeAlias = dict[tuple[str | int, ...], tuple[str, bool]]


def meaning(data: bytes, file: str, *, is_json: bool = False) -> tuple[Meaning, list[Problem]]:
    """Every value of the file and its problems; with problems, no more than was understood."""
    problems: list[Problem] = []
    found: Meaning = {}
    pieces = FileBytes(BytesIO(data), is_json=is_json, digested=False)
    with reading(pieces, file, problems) as reader:
        number = 0
        while reader.next_document():
            node = reader.node()
            _gather(node, (number,), found)
            problems.extend(Problem(Source(file, *at), *NO_VALUE) for at in _empty(node))
            number += 1
    return found, problems


def _gather(node: Node, way: tuple[str | int, ...], found: Meaning) -> None:
    if isinstance(node, MapNode):
        found[way] = ("{}", False)
        for name, (_, _, value) in node.entries.items():
            _gather(value, (*way, name), found)
    elif isinstance(node, ListNode):
        found[way] = ("[]", False)
        for number, item in enumerate(node.items):
            _gather(item, (*way, number), found)
    elif node is not None:
        found[way] = (node.text, node.plain and means_more(node.text))


def _empty(node: Node) -> Iterator[tuple[int, int]]:
    """Where nothing is written at all, which no file of ours may hold."""
    if isinstance(node, MapNode):
        for _, _, value in node.entries.values():
            yield from _empty(value)
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _empty(item)
    elif node is not None and node.plain and not node.text:
        yield node.line, node.column
