"""Read the named cases of one spec, one at a time."""

import re

from reconciler.model.source import Written
from reconciler.model.spec import SpecCase, SpecField
from reconciler.specs.reading.fields import FieldsReader
from reconciler.yaml.checks import Page, described, position
from reconciler.yaml.reader import MapNode, Node, YamlReader

_KEYS = ("id", "reference", "fields")
_KNOWN = frozenset(_KEYS)
_CASE_ID = re.compile(r"[A-Za-z0-9\-._/:#=+]{1,500}")
_REFERENCE = re.compile(r"[A-Za-z0-9\-._/:#=+]{1,50}")


class CasesReader:
    """Reads `cases` and `defaults`, in whichever order they stand."""

    def __init__(self, page: Page, fields: FieldsReader) -> None:
        self._page = page
        self._fields = fields
        self._cases: list[SpecCase] = []
        self._bare: list[tuple[int, int]] = []
        self._defaults: dict[str, SpecField] = {}
        self._has_defaults = False

    def read_defaults(self, node: Node) -> None:
        """Read the fields that every case below has unless it says otherwise."""
        mapping = self._page.mapping(node, "a value for each field")
        self._has_defaults = mapping is None or bool(mapping.entries)
        if mapping is None:
            return
        self._defaults = {field.name: field for field in self._fields.read(mapping, mapping.line)}
        self._cases = [case._replace(fields=self._merged(case.fields)) for case in self._cases]

    def read_cases(self, reader: YamlReader) -> None:
        """Read the list of cases that comes next."""
        if not reader.at_list():
            self._page.listing(reader.node(), "cases; write [] for none")
            return
        for node in reader.items():
            mapping = self._page.mapping(node, "id or reference, and fields")
            if mapping is not None:
                self._read_case(mapping)

    def finish(self) -> tuple[SpecCase, ...]:
        """All good cases of the document, once the whole of it was read."""
        if not self._has_defaults:
            for at in self._bare:
                self._page.refuse(
                    at,
                    "no-fields",
                    "found a case without fields, expected at least one",
                    "add `fields:`, or remove the case",
                )
        return tuple(self._cases)

    def _read_case(self, node: MapNode) -> None:
        entries = node.entries
        own: tuple[SpecField, ...] = ()
        if not entries.keys() <= _KNOWN:
            self._page.only(node, _KEYS, "a case")
        if "fields" in entries:
            fields = self._page.mapping(entries["fields"][2], "a value for each field")
            if fields is None:
                return
            own = tuple(self._fields.read(fields, node.line))
            has_fields = bool(fields.entries)
        else:
            has_fields = False
        if not has_fields:
            self._bare.append(position(node))
        key = self._key(node)
        if key is not None:
            fields_of_case = self._merged(own) if self._defaults else own
            by_reference = "reference" in entries
            inherited = len(fields_of_case) - len(own)
            self._cases.append(
                SpecCase(key, by_reference, fields_of_case, node.line, node.column, inherited)
            )

    def _merged(self, own: tuple[SpecField, ...]) -> tuple[SpecField, ...]:
        """The defaults that a case does not set by the same name, and then its own fields."""
        names = {field.name for field in own}
        kept = [field for name, field in self._defaults.items() if name not in names]
        return (*kept, *own)

    def _key(self, node: MapNode) -> str | None:
        """The id or the reference of a case, when there is exactly one and it is good."""
        by_id, by_reference = node.entries.get("id"), node.entries.get("reference")
        if by_id is not None and by_reference is not None:
            self._page.refuse(
                by_reference[:2],
                "id-and-reference",
                f"found both `id` and `reference` in one case (id: line {by_id[0]}), expected one",
                "keep the id; a reference must match exactly one case",
            )
        elif by_id is not None:
            return case_id(self._page, by_id[2])
        elif by_reference is not None:
            return reference(self._page, by_reference[2])
        else:
            self._page.refuse(
                position(node),
                "missing-key",
                "found a case without `id` or `reference`, expected one of them",
                "say which case it is: add `id: ...` or `reference: ...`",
            )
        return None


def case_id(page: Page, node: Node) -> str | None:
    """The id of a case; None when the node is none, and that has been said."""
    return _good_key(page, node, "id", _CASE_ID, 500)


def reference(page: Page, node: Node) -> str | None:
    """The reference of a case; None when the node is none, and that has been said."""
    return _good_key(page, node, "reference", _REFERENCE, 50)


def _good_key(page: Page, node: Node, word: str, good: re.Pattern[str], longest: int) -> str | None:
    if node is None:
        return None
    if isinstance(node, Written) and not node.is_null and good.fullmatch(node.text):
        return node.text
    found = described(node)
    if isinstance(node, Written) and len(node.text) > longest:
        found = f"{len(node.text)} characters"
    page.refuse(
        position(node),
        "not-a-case-id",
        f"found {found}, expected a case {word} of 1 to {longest} characters",
        "write letters, digits and - . _ / : # = + only, as the service shows it",
    )
    return None
