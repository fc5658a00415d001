"""Rows of the search index: which of them together are one state of a case, and which are not."""

from collections.abc import Iterator, Sequence

from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.system_fields import UPDATED_AT
from reconciler.model.value import CaseId
from reconciler.read.planner import SEARCH_FIELDS


def chunks(fields: Sequence[Field]) -> Iterator[Sequence[Field]]:
    """Fields in the portions that one search takes, each with the time of the last update."""
    if len(fields) <= SEARCH_FIELDS:
        yield fields
        return
    update = [field for field in fields if field.id == UPDATED_AT]
    others = [field for field in fields if field.id != UPDATED_AT]
    room = SEARCH_FIELDS - len(update)
    for at in range(0, len(others), room):
        yield [*update, *others[at : at + room]]


def joined(some: dict[CaseId, LiveCase], others: dict[CaseId, LiveCase]) -> dict[CaseId, LiveCase]:
    """The cases that both searches show, and show as the same case, with the values of both."""
    return {
        key: LiveCase(
            key, one.template_id, {**one.values, **others[key].values}, one.tags, one.read_at
        )
        for key, one in some.items()
        if key in others and _agree(one, others[key])
    }


def _agree(one: LiveCase, other: LiveCase) -> bool:
    """Whether two rows may be of one state of a case: no value that both show differs."""
    alike = one.template_id == other.template_id and one.tags == other.tags
    both = one.values.keys() & other.values.keys()
    return alike and all(one.values[name] == other.values[name] for name in both)
