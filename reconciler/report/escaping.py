"""Make text that strangers wrote visible and harmless, without losing any of it."""

import re

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Runners obey GitHub's `##[name ...]` and Azure's `##vso[...]` wherever they stand in a line, and
# GitHub's `::name ...::` where a line begins with it, blanks aside.
_ORDER, _NO_ORDER = re.compile(r"##([A-Za-z]*)\["), r"##\1\\u005b"
_COMMAND = re.compile(r"(\s*):(?=:)")


def visible(text: str) -> str:
    """Every character that would act, or not be seen, as an escape; a backslash is doubled.

    Python calls those not printable: controls, formats (bidi, zero-width), surrogates, private
    use, unassigned, and every separator but the plain space, which others only look like.
    """
    if not (text.isprintable() and "\\" not in text):
        text = "".join(_shown(character) for character in text)
    return _ORDER.sub(_NO_ORDER, text) if "##" in text else text


def one_line(text: str) -> str:
    """A message that may quote strangers, as a line in which nothing acts.

    Backslashes stay as they are: messages hold paths, and escapes of their own.
    """
    if not text.isprintable():
        text = "".join(one if one == "\\" else _shown(one) for one in text)
    if "##" in text:
        text = _ORDER.sub(_NO_ORDER, text)
    begins = _COMMAND.match(text)
    return f"{begins[1]}\\u003a{text[begins.end() :]}" if begins else text


def json_line(text: str) -> str:
    """A line of JSON that means the same, in which nothing acts; the escapes are JSON's own."""
    if not text.isprintable():
        text = "".join(one if one.isprintable() else _unit_escapes(one) for one in text)
    return _ORDER.sub(_NO_ORDER, text)


def _unit_escapes(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def cut(text: str, most: int) -> str:
    """At most so many characters, the last of them an ellipsis where something is missing."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _shown(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character in _NAMED:
        return _NAMED[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
