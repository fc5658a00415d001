"""Boolean fields: true or false, in these two words."""

from typing import Any

from reconciler.model.catalog import Field
from reconciler.model.diagnostic import UnplacedProblem
from reconciler.model.fieldtypes.base import Options, Unfit, ValueType, said
from reconciler.model.source import Written
from reconciler.model.value import Value, kind_of

_TRUTHS = {"true": True, "false": False}
_TRUTH_WORDS = {
    "yes": "true",
    "on": "true",
    "y": "true",
    "1": "true",
    "no": "false",
    "off": "false",
    "n": "false",
    "0": "false",
}
_OF_SPREADSHEETS = {"TRUE": "true", "FALSE": "false"}


class Boolean(ValueType):
    """A truth; false is a value, and not empty."""

    unquoted = True
    held_as = bool
    members = ("booleanValue",)

    def coerce(
        self, written: Written, field: Field, options: Options, *, may_be_inactive: bool
    ) -> Value | UnplacedProblem:
        """True or false, without quotes."""
        if written.plain and written.text in _TRUTHS:
            return _TRUTHS[written.text]
        meant = _TRUTH_WORDS.get(written.text.casefold(), written.text.casefold())
        hint = f"write {meant}" if meant in _TRUTHS else "write true or false"
        return UnplacedProblem(
            "not-a-boolean", f"{said(written)} is not a Boolean", f"{hint}, without quotes"
        )

    def schema(self, field: Field) -> dict[str, Any]:
        """As JSON has it."""
        return {"type": "boolean"}

    def fits(self, value: Any) -> bool:
        """As JSON has it."""
        return type(value) is bool

    def decode(self, value: Any, field: Field) -> Value:
        """As JSON has it."""
        if isinstance(value, bool):
            return value
        raise Unfit(kind_of(value))

    def from_cell(self, text: str) -> str:
        """Spreadsheets write truths in capitals."""
        return _OF_SPREADSHEETS.get(text, text)
