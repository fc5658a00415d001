"""What a file means to our own reader, without its layout: equal before and after a rewriting."""

from io import BytesIO
from typing import TypeAlias

from reconciler.adapters.spec_bytes import FileBytes
from reconciler.adapters.yaml_reader import ListNode, MapNode, Node, reading
from reconciler.adapters.yaml_words import means_more
from reconciler.model.diagnostic import Problem

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
            _gather(reader.node(), (number,), found)
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
        if node.is_null:
            found[way] = ("null", True)
        else:
            found[way] = (node.text, node.plain and means_more(node.text))
