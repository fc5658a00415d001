"""Check what a table says against a domain, with a word of help for what spreadsheets write."""

from collections.abc import Iterable
from dataclasses import replace

from reconciler.model.catalog import Catalog, Field
from reconciler.model.diagnostic import Problem, Source, UnplacedProblem, quoted
from reconciler.model.fieldtypes.table import TYPES
from reconciler.model.source import Written
from reconciler.model.spec import CasesSpec, SpecCase, SpecField
from reconciler.specs.names import FieldNames
from reconciler.specs.resolve import resolve


def typed(
    spec: CasesSpec, catalog: Catalog, sensitive: frozenset[str]
) -> tuple[CasesSpec, tuple[Problem, ...]]:
    """The spec with truths spelled as specs spell them, and everything that has no meaning here."""
    types = _CellTypes(catalog, sensitive, spec.header.at.file)
    cases = tuple(map(types.case, spec.cases))
    good = tuple(case._replace(fields=types.unreported_fields(case.fields)) for case in cases)
    found = resolve((replace(spec, cases=good),), catalog, sensitive).problems
    return replace(spec, cases=cases), (*types.problems, *found)


class _CellTypes:
    """Knows the type of each column."""

    def __init__(self, catalog: Catalog, sensitive: frozenset[str], file: str) -> None:
        self._names = FieldNames(catalog)
        self._sensitive = sensitive
        self._file = file
        self._unknown: set[int] = set()
        self.problems: list[Problem] = []

    def case(self, case: SpecCase) -> SpecCase:
        """The case, its values looked at."""
        return case._replace(fields=tuple(map(self._field, case.fields)))

    def unreported_fields(self, fields: Iterable[SpecField]) -> tuple[SpecField, ...]:
        """The fields without a problem so far, so that each value is reported once."""
        return tuple(field for field in fields if id(field) not in self._unknown)

    def _field(self, entry: SpecField) -> SpecField:
        known = self._names.find(entry.name)
        value = entry.value
        if isinstance(known, UnplacedProblem) or value.is_null:
            return entry
        type = TYPES[known.type]
        meant = type.from_cell(value.text)
        if meant != value.text:
            written = Written(meant, type.unquoted, value.line, value.column)
            return SpecField(entry.name, written, None, entry.line, entry.column)
        hint = type.ambiguity(value.text)
        if hint:
            self._unknown.add(id(entry))
            self._refuse(value, known, hint)
        return entry

    def _refuse(self, value: Written, known: Field, hint: str) -> None:
        secret = known.id in self._sensitive
        shown = "a sensitive value, not shown here," if secret else quoted(value.text)
        self.problems.append(
            Problem(
                Source(self._file, value.line, value.column),
                "ambiguous-value",
                f"{known.name} ({known.type}): {shown} can be read in more than one way",
                hint,
            )
        )
