"""Make text that strangers wrote visible and harmless, without losing any of it."""

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# GitHub's runner obeys its oldest commands, `##[name ...]`, wherever they stand in a line.
_ORDER, _NO_ORDER = "##[", "##\\u005b"


def visible(text: str) -> str:
    """Every character that would act, or not be seen, as an escape; a backslash is doubled.

    Python calls those not printable: controls, formats (bidi, zero-width), surrogates, private
    use, unassigned, and every separator but the plain space, which others only look like.
    """
    if not (text.isprintable() and "\\" not in text):
        text = "".join(_shown(character) for character in text)
    return text.replace(_ORDER, _NO_ORDER)


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
