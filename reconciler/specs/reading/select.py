"""Read which cases a policy selects."""

from reconciler.model.condition import All, AnyOf, Condition, Not, Select, Test
from reconciler.model.diagnostic import quoted
from reconciler.model.operators import OPERATORS, Operands, Operator
from reconciler.model.source import Written
from reconciler.yaml.checks import Page, described, nearest, position
from reconciler.yaml.marks import NULLS
from reconciler.yaml.reader import ListNode, MapNode, Node

_KEYS = ("template", "tags", "where")
_GROUPS = ("all", "any", "not")
_WORDS = (*_GROUPS, "field", *OPERATORS)

# Stands for a selection that could not be read: no case meets any of no conditions.
SELECTS_NOTHING = Select(where=AnyOf(()))


class SelectReader:
    """Reads `select` and the conditions nested in it."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def read(self, node: Node) -> Select:
        """What a policy selects: no case at all when any part of it was refused."""
        before = len(self._page.problems)
        select = self._read(node)
        return select if len(self._page.problems) == before else SELECTS_NOTHING

    def _read(self, node: Node) -> Select:
        mapping = self._page.mapping(node, "template, tags or where")
        if mapping is None:
            return SELECTS_NOTHING
        self._page.only(mapping, _KEYS, "select")
        entries = mapping.entries
        if not entries.keys() & set(_KEYS):
            self._page.refuse(
                position(mapping),
                "missing-key",
                "found nothing that selects cases, expected template, tags or where",
                "say which cases are meant; for every case, a condition that all meet",
            )
            return SELECTS_NOTHING
        template = where = None
        if "template" in entries:
            template = self._page.name(entries["template"][2], "the name or id of a template")
        if "where" in entries:
            where = self.condition(entries["where"][2])
        return Select(template, self._tags(mapping), where)

    def _tags(self, select: MapNode) -> tuple[tuple[str, str], ...]:
        if "tags" not in select.entries:
            return ()
        tags = self._page.mapping(select.entries["tags"][2], "a value for each tag")
        if tags is None:
            return ()
        if not tags.entries:
            self._page.refuse(
                position(tags),
                "missing-key",
                "found no tag, expected at least one",
                "add a tag, or remove `tags`",
            )
        found = []
        for name, (line, column, node) in tags.entries.items():
            good = self._page.good_key(name, (line, column), "a tag key")
            value = self._page.text(node, "the tag's value")
            if good and value is not None:
                found.append((name, value.text))
        return tuple(sorted(found))

    def condition(self, node: Node) -> Condition | None:
        """One condition; None when it, or any part of it, was refused."""
        mapping = self._page.mapping(node, "all, any or not, or with field and one operator")
        if mapping is None:
            return None
        self._unknown_words(mapping)
        groups = [name for name in _GROUPS if name in mapping.entries]
        rest = [name for name in mapping.entries if name in _WORDS and name not in groups]
        if not groups:
            return self._test(mapping)
        if len(groups) > 1 or rest:
            self._page.refuse(
                position(mapping),
                "bad-operator",
                f"found {' and '.join([*groups, *rest])} in one condition, "
                "expected only one of all, any and not",
                "put each condition in its own item of an `all` list",
            )
            return None
        inner = mapping.entries[groups[0]][2]
        if groups[0] == "not":
            part = self.condition(inner)
            return None if part is None else Not(part)
        parts = self._parts(inner, groups[0])
        if parts is None:
            return None
        return All(parts) if groups[0] == "all" else AnyOf(parts)

    def _unknown_words(self, mapping: MapNode) -> None:
        for name, (line, column, _) in mapping.entries.items():
            if name not in _WORDS:
                self._page.refuse(
                    (line, column),
                    "unknown-key",
                    f"found the key {quoted(name)} in a condition, "
                    "expected all, any or not, or a field and one operator",
                    nearest(name, _WORDS, f"operators: {', '.join(OPERATORS)}"),
                )

    def _parts(self, node: Node, group: str) -> tuple[Condition, ...] | None:
        listing = self._page.listing(node, "conditions")
        if listing is None:
            return None
        if not listing.items:
            self._page.refuse(
                position(listing),
                "bad-operator",
                f"found an empty `{group}` list, expected at least one condition",
                f"add a condition, or remove `{group}`",
            )
            return None
        parts = [self.condition(item) for item in listing.items]
        good = tuple(part for part in parts if part is not None)
        return good if len(good) == len(parts) else None

    def _test(self, mapping: MapNode) -> Condition | None:
        entries = mapping.entries
        found = [name for name in OPERATORS if name in entries]
        if len(found) != 1 and not (entries.keys() - set(_WORDS) and not found):
            self._page.refuse(
                position(mapping),
                "bad-operator",
                f"found {' and '.join(found) or 'no operator'}, expected exactly one operator",
                f"operators: {', '.join(OPERATORS)}"
                if not found
                else "put each operator in its own item of an `all` list",
            )
        field = self._page.name(
            self._page.required(mapping, "field", "a condition"), "the id or the name of a field"
        )
        if len(found) != 1:
            return None
        operands = self._operands(OPERATORS[found[0]], entries[found[0]][2])
        if field is None or operands is None:
            return None
        return Test(field, found[0], operands)

    def _operands(self, operator: Operator, node: Node) -> tuple[Written, ...] | None:
        if node is None:
            return None
        if operator.operands is Operands.SEVERAL:
            if not isinstance(node, ListNode) or not node.items:
                found = "an empty list" if isinstance(node, ListNode) else _kind(node)
                self._refuse_value(
                    node, found, "a list of values", f"write `{operator.name}: [Low, Medium]`"
                )
                return None
            values = [self._operand(item) for item in node.items]
            good = tuple(value for value in values if value is not None)
            return good if len(good) == len(values) else None
        if operator.operands is Operands.TRUTH and not (
            isinstance(node, Written) and node.plain and node.text in ("true", "false")
        ):
            self._refuse_value(
                node, described(node), "true or false", f"write `{operator.name}: true`"
            )
            return None
        value = self._operand(node)
        return None if value is None else (value,)

    def _operand(self, node: Node) -> Written | None:
        if isinstance(node, Written) and node.text and not (node.plain and node.text in NULLS):
            return node
        if node is not None:
            hint = "write one value; to ask whether a field is empty: `empty: true`"
            self._refuse_value(node, _kind(node), "one value to compare with", hint)
        return None

    def _refuse_value(
        self, node: MapNode | ListNode | Written, found: str, expected: str, hint: str
    ) -> None:
        self._page.refuse(
            position(node), "bad-operand", f"found {found}, expected {expected}", hint
        )


def _kind(node: MapNode | ListNode | Written) -> str:
    """What a node is without what it says: values may be private."""
    return described(node) if not isinstance(node, Written) or node.is_null else "one value"
