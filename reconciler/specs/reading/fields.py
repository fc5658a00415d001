"""Read the fields that a case, a policy or the defaults want set."""

from collections.abc import Iterator
from typing import TypeAlias

from reconciler.model.source import Written
from reconciler.model.spec import OnlyIf, Slot, SpecField
from reconciler.yaml.checks import Page, described, position
from reconciler.yaml.marks import NULLS, null_flaw
from reconciler.yaml.reader import ListNode, MapNode, Node

_LONG_FORM = ("value", "only_if")
_ONLY_IF_EMPTY = OnlyIf(empty=True)
_UNUSUAL = NULLS - {"null"}  # looked at more closely

# How many different layouts and texts are remembered, to be shared by all cases alike.
_SLOTS = 4_096
_TEXTS = 4_096

_Where: TypeAlias = tuple[str, OnlyIf | None, bool, int, int, int, int]


class FieldsReader:
    """Reads the fields of one file; what many cases have in common is held once."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._slots: dict[_Where, Slot] = {}
        self._texts: dict[str, str] = {}

    def read(self, node: MapNode, base: int) -> list[SpecField]:
        """All fields of a mapping that belongs to a case which begins on line `base`."""
        fields: list[SpecField] = []
        slots = self._slots
        texts = self._texts
        placed = SpecField.placed
        for name, (line, column, value) in node.entries.items():
            if type(value) is not Written or value.text in _UNUSUAL or not name.strip():
                fields.extend(self._special(name, (line, column), value, base))
                continue
            text, plain, value_line, value_column = value
            where = (name, None, plain, line - base, column, value_line - base, value_column)
            slot = slots.get(where)
            if slot is None:
                slot = self._new_slot(where)
            fields.append(placed(slot, texts.get(text) or self._new_text(text), base))
        return fields

    def _new_slot(self, where: _Where) -> Slot:
        slot = Slot(*where)
        if len(self._slots) < _SLOTS:
            self._slots[where] = slot
        return slot

    def _new_text(self, text: str) -> str:
        if len(self._texts) < _TEXTS:
            self._texts[text] = text
        return text

    def _special(
        self, name: str, at: tuple[int, int], node: Node, base: int
    ) -> Iterator[SpecField]:
        """The field, if it is good, that is not simply a name and a value."""
        page = self._page
        if not page.good_key(name, at, "the id or the name of a field"):
            return
        only_if = None
        if isinstance(node, MapNode):
            page.only(node, _LONG_FORM, "the long form of a value")
            if "only_if" in node.entries:
                only_if = self._only_if(node.entries["only_if"][2])
            node = page.required(node, "value", "the long form of a value")
        value = self._value(node)
        if value is None:
            return
        if only_if is None or only_if is _ONLY_IF_EMPTY:
            line, column = at
            where = (
                name,
                only_if,
                value.plain,
                line - base,
                column,
                value.line - base,
                value.column,
            )
            slot = self._slots.get(where) or self._new_slot(where)
            yield SpecField.placed(slot, self._texts.get(value.text, value.text), base)
        else:
            yield SpecField(name, value, only_if, *at)

    def _value(self, node: Node) -> Written | None:
        """A value that may be null, and is no empty text: that could be an accident."""
        if node is None:
            return None
        if not isinstance(node, Written):
            self._page.refuse(
                position(node),
                "wrong-shape",
                f"found {described(node)}, expected one value",
                "write one value, or {value: ..., only_if: ...}",
            )
            return None
        if (wrong := null_flaw(node)) is not None:
            self._page.refuse(position(node), *wrong)
            return None
        if not node.text:
            self._page.refuse(
                position(node),
                "empty-text",
                "found an empty text, expected a value",
                "write null to clear the field, or remove it to leave the field alone",
            )
            return None
        return node

    def _only_if(self, node: Node) -> OnlyIf | None:
        """`empty`, or the list of values that may be replaced, where null means empty."""
        if node is None:
            return None
        if isinstance(node, Written) and node.text == "empty":
            return _ONLY_IF_EMPTY
        if not isinstance(node, ListNode) or not node.items:
            found = {Written: "one value", MapNode: "a mapping", ListNode: "an empty list"}
            self._page.refuse(
                position(node),
                "bad-only-if",
                f"found {found[type(node)]}, expected `empty` or a list of values",
                "write `only_if: empty`, or list the values that may be replaced: [Low, Medium]",
            )
            return None
        values = [value for item in node.items if (value := self._value(item)) is not None]
        return OnlyIf(
            empty=any(value.is_null for value in values),
            values=tuple(value for value in values if not value.is_null),
        )
