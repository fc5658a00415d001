"""The fields of a case as replies list them."""

from collections.abc import Iterable
from typing import Any

from reconciler.sandbox.call import Call, Json
from reconciler.sandbox.case import Case
from reconciler.sandbox.catalog import Domain
from reconciler.sandbox.errors import not_found, validation
from reconciler.sandbox.switches import Settings
from reconciler.sandbox.values import EMPTY, present


def fields_of(call: Call, domain: Domain, case: Case, field_ids: Iterable[str]) -> list[Json]:
    """The values of the fields asked for, in that order, in the form the switches choose."""
    found = []
    shows_empty = call.settings.empty_style == "empty"
    for field_id in dict.fromkeys(field_ids):
        field = domain.fields.get(field_id)
        if field is None:
            _unknown(field_id, call.settings)
            continue
        value = case.values.get(field_id)
        if value is not None:
            found.append({"id": field_id, "value": present(field, value, call.settings)})
        elif shows_empty:
            found.append({"id": field_id, "value": EMPTY})
    return found


def with_nulls(items: list[Any], settings: Settings, most: int) -> list[Any]:
    """The list itself, or with a null entry after the first when the switch asks for it."""
    if not settings.sparse_nulls or len(items) >= most:
        return items
    return [*items[:1], None, *items[1:]]


def _unknown(field_id: str, settings: Settings) -> None:
    if settings.unknown_field == "validation":
        raise validation(f"Field {field_id} does not exist in the domain.")
    if settings.unknown_field == "not-found":
        raise not_found("Field", field_id)
