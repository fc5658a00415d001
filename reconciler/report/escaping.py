"""Make text that strangers wrote visible and harmless, without losing any of it."""

import unicodedata

# Controls, formats (bidi, zero-width), surrogates, private use, unassigned, line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """Every character that would act, or not be seen, as an escape; a backslash is doubled."""
    if text.isprintable() and "\\" not in text and text.isascii():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character in _NAMED:
        return _NAMED[character]
    if unicodedata.category(character) not in _UNSEEN:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
