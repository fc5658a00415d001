"""Prove that a plan or a receipt was written by somebody who holds the seal key."""

import hmac
from collections.abc import Mapping
from typing import Any

from reconciler.files.canonical import Data, canonical

SIGNATURE = "hmac"


def signed(data: Mapping[str, Any], key: bytes | None) -> Data:
    """The data with an HMAC over all the rest of it; as it is without a key."""
    bare = unsigned(data)
    return bare if key is None else bare | {SIGNATURE: _signature(bare, key)}


def unsigned(data: Mapping[str, Any]) -> Data:
    """The data without its HMAC."""
    return {name: value for name, value in data.items() if name != SIGNATURE}


def is_signed(data: Mapping[str, Any], key: bytes) -> bool:
    """Whether the data carries the HMAC that this key gives it; compared in constant time."""
    given = data.get(SIGNATURE)
    try:
        right = _signature(unsigned(data), key)
    except RecursionError:  # nested deeper than anything that this program writes
        return False
    return isinstance(given, str) and hmac.compare_digest(
        # compare_digest takes text of ASCII only; what a file holds may be anything.
        given.encode(errors="replace"),
        right.encode(),
    )


def _signature(data: Mapping[str, Any], key: bytes) -> str:
    return hmac.digest(key, canonical(data), "sha256").hex()
