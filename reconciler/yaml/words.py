"""Spell one scalar so that every reader of YAML reads the same characters."""

import json
import re
from functools import lru_cache

from reconciler.model.value import NUMBER
from reconciler.yaml.events import is_text, may_be_plain
from reconciler.yaml.tree import Scalar

# Plain, these mean more than their characters; the field's type decides, so the author does.
_WORDS = frozenset({"true", "false", "null", "~", "", "Null", "NULL"})
# YAML 1.1 makes a time of this, which is what it is; quotes would say no more.
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_ESCAPE = re.compile(r'\\[^"]')  # other than that of the quotes themselves
# Ids, and words that are longer than those of YAML's that mean something: most of what is written.
_CERTAINLY_TEXT = re.compile(
    r"[A-Za-z][A-Za-z0-9]{5,}(?:[ -][A-Za-z0-9]+)*"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def means_more(text: str) -> bool:
    """Whether our own reader takes these characters for something else when they are plain."""
    return text in _WORDS or NUMBER.fullmatch(text) is not None


def word(scalar: Scalar, *, flow: bool, key: bool = False) -> str:
    """One scalar on one line, plain or in quotes."""
    text, style = scalar.text, scalar.style
    if not key and means_more(text):
        return scalar.raw if style in ('"', "") else in_quotes(text)
    if plain_is_right(text, flow=flow):
        return text
    escaped = style == '"' and (_ESCAPE.search(scalar.raw) or '"' not in text)
    # An escape that the author wrote may be there to be seen: it is kept as it stands.
    if escaped or (style == "'" and "\\" in text):
        return scalar.raw
    return best_quotes(text)


def plain_is_right(text: str, *, flow: bool) -> bool:
    """Whether YAML and our own reader both read these characters without quotes."""
    if _CERTAINLY_TEXT.fullmatch(text) and not means_more(text):
        return True
    return _plain_is_right(text, flow=flow)


@lru_cache(maxsize=4_096)  # most of a large file is the same few words
def _plain_is_right(text: str, *, flow: bool) -> bool:
    if _INSTANT.fullmatch(text):
        return True
    return is_text(text) and not means_more(text) and may_be_plain(text, flow=flow)


def best_quotes(text: str) -> str:
    """In double quotes, or in single ones around double ones, as Prettier has it."""
    if '"' in text and "\\" not in text and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return in_quotes(text)


def in_quotes(text: str) -> str:
    """The text in double quotes, whatever does not show as an escape."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def in_json(text: str) -> str:
    """The same in JSON's spelling."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
