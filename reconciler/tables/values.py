"""Check what a table says against a domain, with a word of help for what spreadsheets write."""

import re
from collections.abc import Iterable
from dataclasses import replace

from reconciler.model.catalog import Catalog, Field
from reconciler.model.diagnostic import Problem, Source, quoted
from reconciler.model.source import Written
from reconciler.model.spec import CasesSpec, SpecCase, SpecField
from reconciler.model.value import FieldType
from reconciler.specs.names import FieldNames, Trouble
from reconciler.specs.resolve import resolve

_TRUTHS = {"TRUE": "true", "FALSE": "false"}  # a spreadsheet's own spelling of JSON's two words
_DATE = re.compile(r"[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}([ T].*)?")
_COMMA = re.compile(r"[+-]?[0-9][0-9.,'\s]*,[0-9]+|[+-]?[0-9][0-9.']*\.[0-9]{3},[0-9]+")


def typed(
    spec: CasesSpec, catalog: Catalog, sensitive: frozenset[str]
) -> tuple[CasesSpec, tuple[Problem, ...]]:
    """The spec with truths spelled as specs spell them, and everything that has no meaning here."""
    typist = _Typist(catalog, sensitive, spec.header.at.file)
    cases = tuple(map(typist.case, spec.cases))
    good = tuple(replace(case, fields=typist.sure(case.fields)) for case in cases)
    found = resolve((replace(spec, cases=good),), catalog, sensitive).problems
    return replace(spec, cases=cases), (*typist.problems, *found)


class _Typist:
    """Knows the type of each column."""

    def __init__(self, catalog: Catalog, sensitive: frozenset[str], file: str) -> None:
        self._names = FieldNames(catalog)
        self._sensitive = sensitive
        self._file = file
        self._unknown: set[int] = set()
        self.problems: list[Problem] = []

    def case(self, case: SpecCase) -> SpecCase:
        """The case, its values looked at."""
        return replace(case, fields=tuple(map(self._field, case.fields)))

    def sure(self, fields: Iterable[SpecField]) -> tuple[SpecField, ...]:
        """The fields that nothing was said about yet."""
        return tuple(field for field in fields if id(field) not in self._unknown)

    def _field(self, entry: SpecField) -> SpecField:
        known = self._names.find(entry.name)
        value = entry.value
        if isinstance(known, Trouble) or value.is_null:
            return entry
        if known.type is FieldType.BOOLEAN and value.text in _TRUTHS:
            truth = Written(_TRUTHS[value.text], True, value.line, value.column)
            return SpecField(entry.name, truth, None, entry.line, entry.column)
        hint = ambiguity(value.text, known.type)
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


def ambiguity(text: str, type: FieldType) -> str:
    """What to write instead of a value that a spreadsheet's country decides; empty when sure."""
    if type is FieldType.NUMBER and _COMMA.fullmatch(text):
        return "write a decimal point, and nothing between thousands: 1.5 or 1500"
    if type is FieldType.DATE_TIME and _DATE.fullmatch(text) and not _is_iso(text):
        return "write year, month, day and an offset, such as 2026-02-01T09:00:00Z"
    return ""


def _is_iso(text: str) -> bool:
    return re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]|$)", text) is not None
