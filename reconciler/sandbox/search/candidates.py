"""Find out from a filter which few cases can match it at all, so that not all have to be read."""

from collections.abc import Iterable
from typing import Any

from reconciler.sandbox.system_fields import CASE_ID, REFERENCE_ID, REFERENCE_NUMBER

# The fields whose values have an index in the file, and the column that has it.
INDEXED = {
    CASE_ID: "case_id",
    REFERENCE_ID: "reference_id",
    REFERENCE_NUMBER: "reference_number",
}

Lookup = tuple[str, str]


def lookups(part: dict[str, Any]) -> frozenset[Lookup] | None:
    """The indexed values one of which every match must have; None when all cases may match."""
    ((kind, content),) = part.items()
    if kind == "field":
        return _of_field(content)
    if kind == "andAll":
        found = [inner for inner in map(lookups, content) if inner is not None]
        return min(found, key=len, default=None)
    if kind == "orAll" and content:
        return _union(map(lookups, content))
    return None


def _of_field(content: dict[str, Any]) -> frozenset[Lookup] | None:
    wanted = content.get("equalTo")
    column = INDEXED.get(wanted["id"]) if wanted else None
    text = wanted["value"].get("stringValue") if wanted else None
    if column is None or text is None:
        return None
    return frozenset([(column, text.lower() if column == "reference_id" else text)])


def _union(parts: Iterable[frozenset[Lookup] | None]) -> frozenset[Lookup] | None:
    found: set[Lookup] = set()
    for part in parts:
        if part is None:
            return None
        found |= part
    return frozenset(found)
