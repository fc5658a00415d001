"""The one spelling of data in files of our own, and digests of it."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reconciler.model.plan import Sealed, Shown
from reconciler.model.value import is_whole

Data = dict[str, Any]

_LEVELS = 4  # the file, its targets, one of them, its changes
_AT_ONCE = 1_000  # spelled entries that are joined before they go on
json_text: Callable[[str], str] = json.encoder.encode_basestring
encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


class Spelled(tuple[str, ...]):
    """A list whose entries are spelled as canonical JSON already: that is done once a change."""

    __slots__ = ()


def canonical(data: object) -> bytes:
    """JSON with sorted keys and no spare space: the bytes that digests are made of.

    Half a surrogate pair, which no UTF-8 can hold, is written as JSON's own escape.
    """
    return b"".join(_bytes(_compact(data, 0)))


def _bytes(pieces: Iterator[str]) -> Iterator[bytes]:
    return (piece.encode("utf-8", "backslashreplace") for piece in pieces)


def _compact(value: object, level: int) -> Iterator[str]:
    if isinstance(value, Spelled):
        yield from _joined(value, "[", ",", "]")
    elif level < _LEVELS - 1 and value and isinstance(value, dict):
        for number, key in enumerate(sorted(value)):
            yield f"{',' if number else '{'}{encode(key)}:"
            yield from _compact(value[key], level + 1)
        yield "}"
    elif level < _LEVELS - 1 and value and isinstance(value, list):
        for number, one in enumerate(value):
            yield "," if number else "["
            yield from _compact(one, level + 1)
        yield "]"
    else:
        yield encode(value)


def _joined(entries: Spelled, begin: str, between: str, end: str) -> Iterator[str]:
    yield begin
    for at in range(0, len(entries), _AT_ONCE):
        yield between * bool(at) + between.join(entries[at : at + _AT_ONCE])
    yield end


def laid_out(data: object) -> bytes:
    """The same data for a file: what is large has lines, and each change of a case has one.

    A plan of 100,000 changes is written in a third of the time that indents take, and what
    people look for in it, a case, is still one line.
    """
    return b"".join(_bytes(_lines(data, 0))) + b"\n"


def _lines(value: object, level: int) -> Iterator[str]:
    margin, last = "\n" + " " * (level + 1), "\n" + " " * level
    if isinstance(value, Spelled) and value:
        yield from _joined(value, "[" + margin, "," + margin, last + "]")
    elif isinstance(value, Spelled):
        yield "[]"
    elif level == _LEVELS or not value or not isinstance(value, dict | list):
        yield encode(value)
    elif isinstance(value, dict):
        for number, key in enumerate(sorted(value)):
            yield f"{',' if number else '{'}{margin}{encode(key)}: "
            yield from _lines(value[key], level + 1)
        yield last + "}"
    else:
        for number, one in enumerate(value):
            yield f"{',' if number else '['}{margin}"
            yield from _lines(one, level + 1)
        yield last + "]"


def digest_of(data: Mapping[str, Any]) -> str:
    """The sha256 of a plan's data without the digest itself, and without an HMAC."""
    return _sha256({key: value for key, value in data.items() if key not in ("digest", "hmac")})


def _sha256(data: object) -> str:
    digest = hashlib.sha256()
    for piece in _bytes(_compact(data, 0)):
        digest.update(piece)
    return digest.hexdigest()


def plain(value: Shown) -> object:
    """A value as JSON shows it: whole numbers without a fraction, seals as their tag."""
    if isinstance(value, Sealed):
        return str(value)
    if isinstance(value, float) and is_whole(value):
        return int(value)
    return value
