"""Hand over the bytes of one file a piece at a time, keeping their digest."""

import re
from collections.abc import Set
from typing import Any, BinaryIO

from reconciler.yaml.marks import CutTexts

MAX_BYTES = 64 * 1024 * 1024

_PIECE = 256 * 1024
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# Ends of line to libyaml, ordinary characters to JSON and YAML 1.2: the text would not survive.
_SEPARATORS = ("\x85", "\u2028", "\u2029")
_SEPARATOR_BYTES = tuple(separator.encode() for separator in _SEPARATORS)
# Compiled at its first use: it is large, and most files are good.
_NO_TEXT = "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
# One that is never closed goes on to the end: were it no match, its every quote would be tried.
_JSON_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_JSON_ESCAPE = re.compile(rb"\\u([Dd][89ABab]..)\\u([Dd][C-Fc-f]..)|\\.")


class FileBytes:
    """An open file that libyaml can read, JSON spelled so that YAML understands all of it."""

    def __init__(self, file: BinaryIO, *, is_json: bool, digested: bool = True) -> None:
        self._file = file
        self._is_json = is_json
        self._digest: Any = None
        if digested:
            from hashlib import sha256  # loads OpenSSL: not for a run that only validates

            self._digest = sha256()
        self._end = b""
        self._cut_texts = CutTexts()

    @property
    def cuts(self) -> Set[tuple[int, int]]:
        """Where a text that was read ends at a ` #` that may have been part of it."""
        return self._cut_texts.positions

    def read(self, size: int = 0, /) -> bytes:
        """The next piece, empty at the end; UnicodeError at bytes that YAML would misread."""
        piece = self._file.read(MAX_BYTES if self._is_json else max(size, _PIECE))
        if self._digest is not None:
            self._digest.update(piece)
        seen = self._end + piece
        if not self._end and piece.startswith(_UTF_16):
            raise UnicodeError("a byte order mark of UTF-16")
        if any(separator in seen for separator in _SEPARATOR_BYTES):
            raise UnicodeError("a separator of lines that is not the end of a line")
        # A separator has up to three bytes, and may be cut between two pieces.
        self._end = seen[-2:]
        made = json_as_yaml(piece) if self._is_json else piece
        self._cut_texts.add(made)
        return made

    def digest(self) -> str:
        """The SHA-256 of the whole file, however much of it was understood; empty if not asked."""
        if self._digest is None:
            return ""
        # The rest of a file that broke off counts too: the digest is of what git has.
        while piece := self._file.read(_PIECE):
            self._digest.update(piece)
        return str(self._digest.hexdigest())

    def text(self) -> str:
        """All of the file once more, to say what is wrong in it."""
        return self._whole().decode("utf-8-sig", "replace")

    def _whole(self) -> bytes:
        # Only for a file that has a problem: a good one is read once, piece by piece.
        position = self._file.tell()
        self._file.seek(0)
        data = self._file.read(MAX_BYTES)
        self._file.seek(position)
        return data

    def fault(self) -> tuple[int, int, str, str]:
        """The line and column of the first byte that is not text, what it is, and what to do."""
        data = self._whole()
        if data.startswith(_UTF_16):
            return 1, 1, "found a file in UTF-16, expected UTF-8", "save the file as UTF-8"
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8-sig", "replace")
            found = f"found the byte 0x{data[error.start]:02x}, which is not UTF-8"
            return (*_end_of(before), found, "save the file as UTF-8")
        wrong = re.search(_NO_TEXT, text)
        if wrong is None:
            return 1, 1, "found bytes that are not text", "save the file as UTF-8"
        found = f"found the character U+{ord(wrong[0]):04X}, expected text and ends of lines"
        hint = "remove it, or write it as an escape in double quotes"
        return (*_end_of(text[: wrong.start()]), found, hint)


def json_as_yaml(data: bytes) -> bytes:
    r"""JSON spelled so that YAML reads the same, every line and column staying where it is.

    YAML has no surrogate pairs (`\ud83d\ude00` is one character), and no tabs before or after
    the outermost brackets.
    """
    body = data.strip()
    lead = data[: data.find(body)].replace(b"\t", b" ")
    tail = data[len(lead) + len(body) :].replace(b"\t", b" ")
    if b"\\ud" in body or b"\\uD" in body:
        body = _JSON_STRING.sub(_without_pairs, body)
    return lead + body + tail


def _without_pairs(string: re.Match[bytes]) -> bytes:
    joined = _JSON_ESCAPE.sub(_one_character, string[0])
    # Padded to the old length, so that columns in problems are those of the file.
    return joined + b" " * (len(string[0]) - len(joined))


def _one_character(escape: re.Match[bytes]) -> bytes:
    if escape[1] is None:
        return escape[0]
    try:
        high, low = int(escape[1], 16), int(escape[2], 16)
    except ValueError:
        return escape[0]
    return b"\\U%08x" % (0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _end_of(text: str) -> tuple[int, int]:
    """The line and column right after this text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1
