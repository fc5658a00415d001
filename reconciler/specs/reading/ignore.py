"""Read which differences are left alone for a while."""

from datetime import datetime

from reconciler.model.condition import Condition
from reconciler.model.ignore import IgnoreRule, Scope, end_of
from reconciler.model.source import Written
from reconciler.specs.reading.cases import case_id, reference
from reconciler.specs.reading.select import SelectReader
from reconciler.yaml.checks import Page, described, listed, nearest, position
from reconciler.yaml.reader import MapNode, Node

_KEYS = ("field", "case", "reference", "when", "reason", "until", "scope")
_SCOPES = (Scope.DRIFT, Scope.APPLY)
_UNTIL = "the last day, such as 2026-12-31, or a time with an offset"


class IgnoreReader:
    """Reads `ignore`; a rule of which any part was refused is left out."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def read(self, node: Node) -> tuple[IgnoreRule, ...]:
        """Every good rule, in the order of the file."""
        listing = self._page.listing(node, "rules")
        if listing is None:
            return ()
        if not listing.items:
            self._page.refuse(
                position(listing),
                "no-rules",
                "found an empty `ignore` list, expected at least one rule",
                "add a rule, or remove this document",
            )
        rules: list[IgnoreRule] = []
        for item in listing.items:
            mapping = self._page.mapping(item, "field, reason and until")
            rule = None if mapping is None else self._rule(mapping)
            if rule is not None:
                rules.append(rule)
        return tuple(rules)

    def _rule(self, node: MapNode) -> IgnoreRule | None:
        before = len(self._page.problems)
        self._page.only(node, _KEYS, "a rule")
        field = self._required(node, "field", "the id or the name of a field")
        reason = self._required(node, "reason", "why this is left alone")
        until, ends = self._until(node)
        case, by_reference = self._case(node)
        when = self._when(node)
        scope = self._scope(node)
        if field is None or reason is None or until is None or ends is None:
            return None
        if len(self._page.problems) > before:
            return None
        return IgnoreRule(
            field=field,
            reason=reason.text,
            until=until,
            ends=ends,
            at=self._page.at(position(node)),
            case=case,
            by_reference=by_reference,
            when=when,
            scope=scope,
        )

    def _required(self, node: MapNode, key: str, expected: str) -> Written | None:
        return self._page.name(self._page.required(node, key, "a rule"), expected)

    def _until(self, node: MapNode) -> tuple[Written | None, datetime | None]:
        written = self._required(node, "until", _UNTIL)
        ends = None if written is None else end_of(written.text)
        if written is not None and ends is None:
            self._page.refuse(
                position(written),
                "bad-date",
                f"found {described(written)}, expected {_UNTIL}",
                "write `until: 2026-12-31`; a rule without an end would be forgotten",
            )
        return written, ends

    def _case(self, node: MapNode) -> tuple[str, bool]:
        """The one case that a rule is about, and whether it is named by reference."""
        by_id, by_reference = node.entries.get("case"), node.entries.get("reference")
        if by_id is not None and by_reference is not None:
            self._page.refuse(
                by_reference[:2],
                "id-and-reference",
                f"found both `case` and `reference` in one rule (case: line {by_id[0]}), "
                "expected one at most",
                "keep the id; for every case, remove both",
            )
        if by_id is not None:
            return case_id(self._page, by_id[2]) or "", False
        if by_reference is not None:
            return reference(self._page, by_reference[2]) or "", True
        return "", False

    def _when(self, node: MapNode) -> Condition | None:
        if "when" not in node.entries:
            return None
        return SelectReader(self._page).condition(node.entries["when"][2])

    def _scope(self, node: MapNode) -> Scope:
        if "scope" not in node.entries:
            return Scope.BOTH
        written = self._page.text(node.entries["scope"][2], listed(_SCOPES))
        if written is None:
            return Scope.BOTH
        if written.text not in _SCOPES:
            self._page.refuse(
                position(written),
                "unknown-scope",
                f"found {described(written)}, expected {listed(_SCOPES)}",
                nearest(written.text, _SCOPES, "for both, remove `scope`"),
            )
            return Scope.BOTH
        return Scope(written.text)
