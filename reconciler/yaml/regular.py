"""Lay out a long list of cases in the usual style, of which a pattern says all that YAML would.

A parser and a tree take twenty times as long, and fifty times the memory of the file. The pattern
takes one spelling for each thing: what is written otherwise, or has a comment, is for the parser.
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from reconciler.yaml.tree import Collection, Scalar, tree
from reconciler.yaml.words import word

_STEP = "  "
_PLAIN = r"[^\W_][\w./@+\-]*+(?: [\w(][\w./@+\-()]*+)*+"
_QUOTED = r"""\"[^"\\\n]*+\"|'[^'\\\n]*+'"""
_KEY = rf"(?:{_PLAIN}|{_QUOTED})"
_VALUE = rf"(?:[^\W_][\w./@+\-]*+(?:[ :][\w(][\w./@+\-()]*+)*+|{_QUOTED})"
_FIELD = re.compile(rf" *({_KEY}): ({_VALUE})\n")
_LIST = "cases:\n"
_LONGEST_KEY = 200  # characters; YAML has a limit, and no name of a field comes near it


@cache
def _item(margin: str) -> re.Pattern[str]:
    return re.compile(
        rf"{margin}- (id|reference): ({_VALUE})\n{margin}  fields:\n"
        rf"((?:{margin}    {_KEY}: {_VALUE}\n)+)"
    )


def regular_layout(text: str, laid_out: Callable[[str], str | None]) -> str | None:
    """The text in canonical layout, where all behind its first case is regular; else None.

    `laid_out` lays out what stands up to there, and gives None where anything is wrong with it.
    """
    start = 0 if text.startswith(_LIST) else text.find("\n" + _LIST) + 1
    at = start + len(_LIST)
    margin = text[at : at + 2].removesuffix("- ").removesuffix("-")
    first = _item(margin).match(text, at) if text.startswith(_LIST, start) else None
    if first is None or first.end() == len(text):
        return None
    rest = _items(text, first.end(), margin)
    if rest is None:
        return None
    head = text[: first.end()]
    made, case = laid_out(head), _laid_out(first)
    if made is None or case is None or not _ends_in(head, first):
        return None
    return made + "".join(rest) if made.endswith(f"\n{_LIST}{case}") else None


def _items(text: str, at: int, margin: str) -> list[str] | None:
    found: list[str] = []
    match = _item(margin).match
    while at < len(text):
        item = match(text, at)
        made = _laid_out(item) if item is not None else None
        if item is None or made is None:
            return None
        found.append(made)
        at = item.end()
    return found


def _ends_in(head: str, first: re.Match[str]) -> bool:
    """Whether the parser too sees the first of the cases at the end of this text."""
    root = tree(head)[-1].root.node
    node = root.entries[-1].node if isinstance(root, Collection) and root.entries else None
    return (
        isinstance(node, Collection)
        and not node.flow
        and len(node.entries) == 1
        and node.line == head.count("\n", 0, first.start()) + 1
    )


def _laid_out(item: re.Match[str]) -> str | None:
    """One case in canonical layout; None where it is not regular after all."""
    kind, name, block = item.groups()
    fields = _FIELD.findall(block)
    words = [_one_line(name), *(_one_line(value) for _, value in fields)]
    keys = [_key(key) for key, _ in fields]
    if None in words or None in keys or len(set(keys)) < len(keys):
        return None
    lines = map("{}{}: {}\n".format, [_STEP * 3] * len(keys), keys, words[1:])
    return f"{_STEP}- {kind}: {words[0]}\n{_STEP * 2}fields:\n{''.join(lines)}"


@lru_cache(maxsize=4_096)
def _one_line(raw: str) -> str | None:
    """A value as the canonical layout has it; None where characters in it do not show."""
    scalar = _scalar(raw)
    return word(scalar, flow=False) if scalar.text.isprintable() else None


@lru_cache(maxsize=4_096)
def _key(raw: str) -> str | None:
    scalar = _scalar(raw)
    right = scalar.text.isprintable() and len(raw) < _LONGEST_KEY
    return word(scalar, flow=False, key=True) if right else None


def _scalar(raw: str) -> Scalar:
    style = raw[0] if raw[0] in "\"'" else ""
    return Scalar(raw[1:-1] if style else raw, style, raw)
