"""Read one YAML document as one spec, its parts in any order."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from reconciler.model.diagnostic import Source
from reconciler.model.source import Written
from reconciler.model.spec import CasesSpec, Header, IgnoreSpec, PolicySpec, Spec, SpecField
from reconciler.specs.reading.cases import CasesReader
from reconciler.specs.reading.fields import FieldsReader
from reconciler.yaml.checks import Page, as_count, described, listed, nearest, position
from reconciler.yaml.marks import null_flaw
from reconciler.yaml.reader import ListNode, MapNode, Node, YamlReader

if TYPE_CHECKING:
    from reconciler.model.condition import Select
    from reconciler.model.ignore import IgnoreRule

API_VERSION = "reconcile/v1"

_SHARED = ("apiVersion", "kind", "metadata", "target")
_OWN = {
    "Cases": ("defaults", "cases"),
    "Policy": ("select", "fields", "limits"),
    "Ignore": ("ignore",),
}
_REQUIRED = {"Cases": ("cases",), "Policy": ("select", "fields"), "Ignore": ("ignore",)}
_ALL_KEYS = (*_SHARED, *(name for names in _OWN.values() for name in names))


class DocumentReader:
    """Reads the document that comes next; what is wrong in it goes to the page."""

    def __init__(self, reader: YamlReader, page: Page) -> None:
        self._reader = reader
        self._page = page
        self._at = reader.position()
        self._keys: dict[str, tuple[int, int]] = {}
        self._kind: str | None = None
        self._name: Written | None = None
        self._metadata: dict[str, str] = {}
        self._targets: dict[str, Source] = {}
        self._select: Select | None = None
        self._policy_fields: tuple[SpecField, ...] = ()
        self._case_limit: int | None = None
        self._rules: tuple[IgnoreRule, ...] = ()
        self._fields = FieldsReader(page)
        self._cases = CasesReader(page, self._fields)

    def read(self) -> Spec | IgnoreSpec | None:
        """The spec as far as it could be read; None when not even its kind and name could."""
        if not self._reader.at_mapping():
            self._page.mapping(
                self._reader.node(), "apiVersion, kind, metadata and the rest of a spec"
            )
            return None
        parts: dict[str, Callable[[Node], None]] = {
            "apiVersion": self._read_version,
            "kind": self._read_kind,
            "metadata": self._read_metadata,
            "target": self._read_target,
            "defaults": self._cases.read_defaults,
            "select": self._read_select,
            "fields": self._read_fields,
            "limits": self._read_limits,
            "ignore": self._read_ignore,
        }
        # Cases are read as they come: a list of 100,000 is never held as nodes.
        for name, line, column in self._reader.entries():
            self._keys[name] = (line, column)
            if name == "cases":
                self._cases.read_cases(self._reader)
                continue
            node = self._reader.node()
            if name in parts:
                parts[name](node)
            else:
                self._page.unknown((line, column), name, _ALL_KEYS, "a spec")
        return self._finished()

    def _read_version(self, node: Node) -> None:
        written = self._page.text(node, API_VERSION)
        if written is not None and written.text != API_VERSION:
            self._page.refuse(
                position(written),
                "unknown-api-version",
                f"found {described(written)}, expected {API_VERSION}",
                f"write `apiVersion: {API_VERSION}`, or use a newer reconcile",
            )

    def _read_kind(self, node: Node) -> None:
        written = self._page.text(node, listed(tuple(_OWN)))
        if written is None:
            return
        if written.text in _OWN:
            self._kind = written.text
            return
        self._page.refuse(
            position(written),
            "unknown-kind",
            f"found {described(written)}, expected {listed(tuple(_OWN))}",
            nearest(written.text, tuple(_OWN), "write one of the three"),
        )

    def _read_metadata(self, node: Node) -> None:
        mapping = self._page.mapping(node, "name and free text")
        if mapping is None:
            return
        name = self._page.required(mapping, "name", "metadata")
        self._name = self._page.name(name, "a name for this spec")
        for key, (line, column, value) in mapping.entries.items():
            if key == "name":
                continue
            # Indented by mistake, `target` or `limits` would be free text, and the plan a larger
            # one.
            if key in _ALL_KEYS:
                self._page.refuse(
                    (line, column),
                    "unknown-key",
                    f"found `{key}` in metadata, where it would be free text and change nothing",
                    "put it at the top of the document, or call the text something else",
                )
                continue
            if not isinstance(value, Written):
                self._page.text(value, "one value, taken as text")
            elif (wrong := null_flaw(value)) is not None:
                self._page.refuse(position(value), *wrong)
            elif self._page.good_key(key, (line, column), "the name of this text"):
                self._metadata[key] = "" if value.is_null else value.text

    def _read_target(self, node: Node) -> None:
        if not isinstance(node, ListNode):
            self._add_target(node, "the name of a target, or a list of names")
            return
        if not node.items:
            self._page.refuse(
                position(node),
                "wrong-shape",
                "found an empty list, expected at least one target",
                "name a target, or remove `target` to use the default one",
            )
        for item in node.items:
            self._add_target(item, "the name of a target")

    def _add_target(self, node: Node, expected: str) -> None:
        written = self._page.name(node, expected)
        if written is None:
            return
        if written.text in self._targets:
            self._page.refuse(
                position(written),
                "repeated-target",
                f"found the target {described(written)} again, expected it once",
                "keep one of the two",
            )
        self._targets[written.text] = self._page.at(position(written))

    @staticmethod
    def _nothing() -> "Select":
        from reconciler.specs.reading.select import SELECTS_NOTHING

        return SELECTS_NOTHING

    def _read_select(self, node: Node) -> None:
        # Imported by documents that have one: most are about named cases.
        from reconciler.specs.reading.select import SelectReader

        self._select = SelectReader(self._page).read(node)

    def _read_ignore(self, node: Node) -> None:
        from reconciler.specs.reading.ignore import IgnoreReader

        self._rules = IgnoreReader(self._page).read(node)

    def _read_fields(self, node: Node) -> None:
        mapping = self._page.mapping(node, "a value for each field")
        if mapping is None:
            return
        self._policy_fields = tuple(self._fields.read(mapping, mapping.line))
        if not mapping.entries:
            self._page.refuse(
                position(mapping),
                "no-fields",
                "found a policy without fields, expected at least one",
                "say what the selected cases shall hold",
            )

    def _read_limits(self, node: Node) -> None:
        mapping = self._page.mapping(node, "cases, the guard of this policy alone")
        if mapping is None:
            return
        self._page.only(mapping, ("cases",), "limits")
        limit = mapping.entries.get("cases", (0, 0, None))[2]
        self._case_limit = as_count(limit)
        if limit is not None and self._case_limit is None:
            self._page.refuse(
                position(limit),
                "bad-limit",
                f"found {described(limit)}, expected a whole number of cases",
                "write how many cases this policy may change, without quotes: 1000",
            )

    def _finished(self) -> Spec | IgnoreSpec | None:
        kind = self._kind
        cases = self._cases.finish()
        required = ("apiVersion", "kind", "metadata", *_REQUIRED.get(kind or "", ()))
        here = MapNode(*self._at, {name: (*at, None) for name, at in self._keys.items()})
        for name in required:
            self._page.required(here, name, f"kind: {kind}" if name in _ALL_KEYS[4:] else "a spec")
        for other, names in _OWN.items():
            if kind is not None and other != kind:
                self._misplaced(names, kind, other)
        if kind is None or self._name is None:
            return None
        header = Header(
            at=self._page.at(self._at),
            name=self._name.text,
            metadata=self._metadata,
            targets=tuple(self._targets),
            name_at=self._page.at(position(self._name)),
            targets_at=tuple(self._targets.values()),
        )
        if kind == "Cases":
            return CasesSpec(header=header, cases=cases)
        if kind == "Ignore":
            return IgnoreSpec(header=header, rules=self._rules)
        return PolicySpec(
            header=header,
            select=self._select or self._nothing(),
            fields=self._policy_fields,
            case_limit=self._case_limit,
        )

    def _misplaced(self, names: tuple[str, ...], kind: str, other: str) -> None:
        for name in names:
            if name in self._keys:
                self._page.refuse(
                    self._keys[name],
                    "unknown-key",
                    f"found the key `{name}` in a spec of kind {kind}, "
                    f"expected {listed((*_SHARED, *_OWN[kind]))}",
                    f"`{name}` belongs to kind: {other}",
                )
