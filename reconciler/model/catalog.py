"""The fields, options and templates that a domain offers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from reconciler.model.system_fields import READ_ONLY
from reconciler.model.value import FieldId, FieldType, TemplateId


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field definition, system or custom."""

    id: FieldId
    name: str
    type: FieldType
    namespace: str = "Custom"
    multiline: bool = False

    @property
    def read_only(self) -> bool:
        """Whether only the service itself may write it."""
        return self.id in READ_ONLY


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a single-select; specs may say its value or its name, the service its value."""

    value: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One case template; `required` is None until GetTemplate was asked."""

    id: TemplateId
    name: str
    required: frozenset[FieldId] | None = None


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """What a domain offers: everything that names in specs can mean."""

    domain_id: str
    domain_name: str
    account: str
    region: str
    fields: tuple[Field, ...]
    options: Mapping[FieldId, tuple[Option, ...]] = field(default_factory=dict)
    templates: tuple[Template, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """Field definitions by field id."""
        return {entry.id: entry for entry in self.fields}
