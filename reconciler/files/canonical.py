"""The one spelling of data in files of our own, and digests of it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from reconciler.model.plan import (
    Sealed,
    Shown,
)

Data = dict[str, Any]


def canonical(data: object) -> bytes:
    """JSON with sorted keys and no spare space: the bytes that digests are made of.

    Half a surrogate pair, which no UTF-8 can hold, is written as JSON's own escape.
    """
    text = json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8", "backslashreplace")


def digest_of(data: Mapping[str, Any]) -> str:
    """The sha256 of a plan's data without the digest itself, and without an HMAC."""
    return _sha256({key: value for key, value in data.items() if key not in ("digest", "hmac")})


def _sha256(data: object) -> str:
    return hashlib.sha256(canonical(data)).hexdigest()


def plain(value: Shown) -> object:
    """A value as JSON shows it: whole numbers without a fraction, seals as their tag."""
    if isinstance(value, Sealed):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
