"""One case, as the specs want it and as the service holds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from reconciler.model.diagnostic import Source
from reconciler.model.value import CaseId, FieldId, TemplateId, Value


class DesiredField(NamedTuple):
    """One value a spec wants; `only_if` lists the live values it may replace (None: any).

    A tuple, because a run makes one for every field of every case.
    """

    field: FieldId
    value: Value
    at: Source
    only_if: tuple[Value, ...] | None = None
    overrides: str = ""
    policy: str = ""
    spec: str = ""


@dataclass(frozen=True, slots=True)
class DesiredCase:
    """All the values the specs want of one case, sorted by field id."""

    case_id: CaseId
    fields: tuple[DesiredField, ...]


@dataclass(frozen=True, slots=True)
class LiveCase:
    """What the service holds; a field without a value is absent from `values`.

    `read_at` is the service's own time of the reply, empty where it did not state one.
    """

    case_id: CaseId
    template_id: TemplateId
    values: Mapping[FieldId, Value]
    tags: Mapping[str, str] = field(default_factory=dict)
    read_at: str = field(default="", compare=False)

    def value_of(self, field_id: FieldId) -> Value:
        """The value of one field, None when it is empty."""
        return self.values.get(field_id)
