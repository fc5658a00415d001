"""Spell what cases hold the way an author would: names for ids, and values that read the same."""

from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.model.case import LiveCase
from reconciler.model.catalog import Catalog, Field
from reconciler.model.diagnostic import UnplacedProblem
from reconciler.model.fieldtypes.table import TYPES, coerce, has_options
from reconciler.model.source import Written
from reconciler.model.system_fields import READ_ONLY
from reconciler.model.value import FieldId, Value
from reconciler.specs.names import FieldNames


@dataclass(frozen=True, slots=True)
class Unsayable:
    """A value that a case holds and no spec can ask for, and why."""

    field: Field
    code: str


@dataclass(frozen=True, slots=True)
class Spelled:
    """One case in an author's words; what it holds besides is empty or unsayable."""

    live: LiveCase
    fields: tuple[tuple[Field, Written], ...]
    unsayable: tuple[Unsayable, ...] = ()


class Speller:
    """Spells the cases of one domain."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._names = FieldNames(catalog)
        self._options: dict[tuple[FieldId, Value], Written | str] = {}

    def name(self, field: Field) -> str:
        """The id of a system field, a custom one's display name where that means it alone."""
        name = field.name
        # A display name is free text: it may look like a system field, or hold what no key can.
        safe = name.isprintable() and name == name.strip() and name not in READ_ONLY
        if field.namespace != "System" and safe and self._names.find(name) is field:
            return name
        return field.id

    def case(self, live: LiveCase, fields: Iterable[Field]) -> Spelled:
        """What the case holds of these fields, in their order."""
        said: list[tuple[Field, Written]] = []
        unsayable: list[Unsayable] = []
        for field in fields:
            value = live.value_of(field.id)
            if value is None:
                continue
            found = self._value(field, value)
            if isinstance(found, Written):
                said.append((field, found))
            else:
                unsayable.append(Unsayable(field, found))
        return Spelled(live, tuple(said), tuple(unsayable))

    def _value(self, field: Field, value: Value) -> Written | str:
        """The spelling, or the code of why there is none."""
        if not has_options(field):
            return self._proven(field, value, TYPES[field.type].spell(value))
        key = (field.id, value)
        if key not in self._options:
            self._options[key] = self._option(field, value)
        # Ten thousand cases share a few options.
        return self._options[key]

    def _option(self, field: Field, value: Value) -> Written | str:
        """By name where that means this option alone, else by value."""
        options = self._catalog.options.get(field.id, ())
        for text in (*(option.name for option in options if option.value == value), str(value)):
            found = self._proven(field, value, text)
            if isinstance(found, Written):
                return found
        return found

    def _proven(self, field: Field, value: Value, text: str) -> Written | str:
        """A spelling is right when reading it gives the value back."""
        written = Written(text, TYPES[field.type].unquoted, 1, 1)
        read = coerce(written, field, self._catalog.options)
        if isinstance(read, UnplacedProblem):
            return read.code
        try:
            text.encode()
        except UnicodeEncodeError:
            return "not-text"
        return written if read == value else "not-exact"
