"""Put found cases in order: by up to two fields, then by when they were stored.

Without sorts the service's order is not documented; here it is the order in which cases were
stored. Cases without a value for a sort field come last in either direction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import total_ordering
from typing import Any

from reconciler.sandbox.case import Case
from reconciler.sandbox.catalog import Domain, Field
from reconciler.sandbox.clock import parse_instant, timestamp
from reconciler.sandbox.errors import validation
from reconciler.sandbox.search.results import Key

# Characters of a text that count for its place; more would not fit into a page token.
COMPARED = 256


def comparable(field: Field, value: Mapping[str, Any]) -> Any:
    """A value in a form that compares as the field's type does: date-times as instants."""
    (content,) = value.values()
    if field.type == "DateTime":
        instant = parse_instant(content)
        return timestamp(instant) if instant else content
    return content


@total_ordering
@dataclass(frozen=True, slots=True)
class _Descending:
    """A value that sorts the other way round."""

    value: Any

    def __lt__(self, other: "_Descending") -> bool:
        return bool(other.value < self.value)


@dataclass(frozen=True, slots=True)
class Order:
    """The fields to sort by, each with whether it descends."""

    sorts: tuple[tuple[Field, bool], ...]

    def raw_key(self, case: Case) -> list[Any]:
        """What a page token has to remember of a case to find its place again."""
        raw: list[Any] = []
        for field, _ in self.sorts:
            value = case.values.get(field.field_id)
            content = None if value is None else comparable(field, value)
            raw.append(content[:COMPARED] if isinstance(content, str) else content)
        return [*raw, case.key]

    def key(self, raw: Sequence[Any]) -> Key:
        """The same in a form that sorts."""
        parts: list[Any] = []
        for (_, descends), content in zip(self.sorts, raw[:-1], strict=True):
            if content is None:
                parts.append((1,))
            else:
                parts.append((0, _Descending(content) if descends else content))
        return (*parts, raw[-1])


def order_of(domain: Domain, sorts: Sequence[Mapping[str, str]]) -> Order:
    """The order that a request's sorts ask for."""
    found = []
    for sort in sorts:
        field = domain.fields.get(sort["fieldId"])
        if field is None:
            raise validation(f"Field {sort['fieldId']} does not exist in the domain.")
        found.append((field, sort["sortOrder"] == "Desc"))
    return Order(tuple(found))
