"""Read JSON that means one thing: no key twice, no number that is none."""

import json
import math
from typing import Any


def strict_json(raw: bytes) -> Any:
    """The data; ValueError or RecursionError when it is not such JSON."""
    return json.loads(
        raw,
        parse_constant=_refuse_constant,
        parse_float=_finite,
        object_pairs_hook=_once_each,
    )


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is too large a number")
    return number


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    # Python takes the last of two, other programs the first: a reviewer might see the other one.
    if len(data) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return data
