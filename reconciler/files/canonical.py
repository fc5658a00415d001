"""The one spelling of data in files of our own, and digests of it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from reconciler.model.plan import Sealed, Shown
from reconciler.model.value import is_whole

Data = dict[str, Any]

_LEVELS = 4  # the file, its targets, one of them, its changes
_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def canonical(data: object) -> bytes:
    """JSON with sorted keys and no spare space: the bytes that digests are made of.

    Half a surrogate pair, which no UTF-8 can hold, is written as JSON's own escape.
    """
    return _encode(data).encode("utf-8", "backslashreplace")


def laid_out(data: object) -> bytes:
    """The same data for a file: what is large has lines, and each change of a case has one.

    A plan of 100,000 changes is written in a third of the time that indents take, and what
    people look for in it, a case, is still one line.
    """
    return (_lines(data, 0) + "\n").encode("utf-8", "backslashreplace")


def _lines(value: object, level: int) -> str:
    if level == _LEVELS or not value or not isinstance(value, dict | list):
        return _encode(value)
    if isinstance(value, dict):
        begin, end = "{}"
        parts = [f"{_encode(key)}: {_lines(value[key], level + 1)}" for key in sorted(value)]
    else:
        begin, end = "[]"
        parts = [_lines(one, level + 1) for one in value]
    margin = "\n" + " " * (level + 1)
    return f"{begin}{margin}{(',' + margin).join(parts)}\n{' ' * level}{end}"


def digest_of(data: Mapping[str, Any]) -> str:
    """The sha256 of a plan's data without the digest itself, and without an HMAC."""
    return _sha256({key: value for key, value in data.items() if key not in ("digest", "hmac")})


def _sha256(data: object) -> str:
    return hashlib.sha256(canonical(data)).hexdigest()


def plain(value: Shown) -> object:
    """A value as JSON shows it: whole numbers without a fraction, seals as their tag."""
    if isinstance(value, Sealed):
        return str(value)
    if isinstance(value, float) and is_whole(value):
        return int(value)
    return value
