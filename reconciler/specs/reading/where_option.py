"""Read the conditions of a command line: `status = open`, or as a spec writes them."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO

from reconciler.model.condition import Condition
from reconciler.model.operators import OPERATORS, Operands
from reconciler.model.source import Written
from reconciler.model.value import NUMBER, instant
from reconciler.specs.reading.select import SelectReader
from reconciler.yaml.checks import Page
from reconciler.yaml.reader import ListNode, MapNode, Node, reading
from reconciler.yaml.source_bytes import FileBytes

# Each pattern goes over the text once; what `.*?` would try again and again is cut off by hand.
_QUOTED = r'"(?:[^"\\]++|\\.)*+"'
_NAME = re.compile(_QUOTED, re.DOTALL)

# What may stand between a field and its operand: the operator that it means, and for an operator
# with a truth after it the truth that needs no writing.
_SYMBOLS = {symbol: (one, "") for one in OPERATORS.values() for symbol in one.symbols}
_TRUTHS = [one for one in OPERATORS.values() if one.operands is Operands.TRUTH]
_WORDS = {
    **{one.name: (one, "") for one in OPERATORS.values()},
    **{f"is {one.name}": (one, "") for one in _TRUTHS},
    **{f"not {one.name}": (one, "false") for one in _TRUTHS},
    **{f"is not {one.name}": (one, "false") for one in _TRUTHS},
}


def _one_of(words: Iterable[str]) -> str:
    """A pattern of these words, the longest first: `>=` is not `>`; any blanks part two words."""
    longest = sorted(words, key=len, reverse=True)
    return "|".join(r"\s++".join(map(re.escape, word.split())) for word in longest)


_OPERATOR = re.compile(rf"(?P<symbol>{_one_of(_SYMBOLS)})|\s(?P<word>{_one_of(_WORDS)})(?=\s|$)")
_ITEM = re.compile(rf"\s*+(?P<item>{_QUOTED}(?=\s*(?:,|$))|[^,]*+)\s*(?:,|$)", re.DOTALL)


def read_where(text: str, page: Page) -> Condition | None:
    """One `--where`; None when something is wrong with it, which goes to the page."""
    before = len(page.problems)
    node = _written_out(text, page) if text.lstrip().startswith("{") else _simple(text)
    if node is None and len(page.problems) == before:
        page.refuse(
            (1, 1),
            "bad-condition",
            "found no condition, expected a field, an operator and a value",
            "write `status = open`, `score >= 4.5`, `severity in High,Low`, `note empty`; a name "
            'that holds an operator goes in double quotes: `"Paid in full" = true`',
        )
    return SelectReader(page).condition(node)


def _written_out(text: str, page: Page) -> Node:
    """The spec's own form."""
    pieces = FileBytes(BytesIO(text.encode("utf-8", "surrogateescape")), is_json=False)
    with reading(pieces, page.file, page.problems) as reader:
        if reader.next_document():
            return reader.node()
    return None


def _simple(text: str) -> MapNode | None:
    parts = _parts(text)
    if parts is None:
        return None
    field, found = parts
    value = text[found.end() :].strip()
    at = len(text) - len(text[found.end() :].lstrip())
    symbol, word = found["symbol"], found["word"]
    operator, truth = _SYMBOLS[symbol] if symbol else _WORDS[" ".join(word.split())]
    if truth and value:  # `note not empty false`: nothing that was typed is passed over
        return None
    name = operator.name
    node: Node
    if operator.operands is Operands.TRUTH:
        node = Written(truth or value or "true", True, 1, at + 1)
    elif operator.operands is Operands.SEVERAL:
        node = ListNode(1, at + 1, tuple(_items(value, at)))
    else:
        node = _scalar(value, at)
        if instant(node.text) is not None:
            name = operator.of_times or name
    where = (1, found.start("symbol" if symbol else "word") + 1, node)
    return MapNode(1, 1, {"field": (1, field.column, field), name: where})


def _parts(text: str) -> tuple[Written, re.Match[str]] | None:
    """The field and the first operator behind it; None when one of them is missing."""
    start = len(text) - len(text.lstrip())
    quoted = _NAME.match(text, start)
    if text.startswith('"', start):
        found = _OPERATOR.search(text, quoted.end()) if quoted else None
        name = "" if found is None else text[start : found.start()].rstrip()
        if quoted is None or name != quoted[0]:
            return None
    else:
        found = _OPERATOR.search(text, start + 1)
        name = "" if found is None else text[start : found.start()].rstrip()
    return None if found is None or not name else (_scalar(name, start), found)


def _items(text: str, at: int) -> Iterator[Written]:
    for found in _ITEM.finditer(text):
        if found["item"] or found[0]:
            yield _scalar(found["item"].rstrip(), at + found.start("item"))


def _scalar(text: str, at: int) -> Written:
    """Quoted: these characters; else plain where only that gives a number or truth its meaning."""
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        return Written(re.sub(r"\\(.)", r"\1", text[1:-1]), False, 1, at + 1)
    plain = text in ("", "null", "true", "false") or NUMBER.fullmatch(text) is not None
    return Written(text, plain, 1, at + 1)
