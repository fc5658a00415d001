"""Number fields: doubles, held exactly or refused."""

import math
import re
from typing import Any

from reconciler.model.catalog import Field
from reconciler.model.diagnostic import UnplacedProblem
from reconciler.model.fieldtypes.base import Options, Unfit, ValueType, said, short
from reconciler.model.source import Written
from reconciler.model.value import (
    LARGEST_WHOLE,
    LONGEST_NUMBER,
    NUMBER,
    Value,
    digits,
    exact_number,
    is_whole,
    kind_of,
)

_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9][0-9.,'\s]*,[0-9]+|[+-]?[0-9][0-9.']*\.[0-9]{3},[0-9]+")


class Number(ValueType):
    """A finite number as JSON spells it."""

    unquoted = True
    held_as = float
    members = ("doubleValue",)

    def coerce(
        self, written: Written, field: Field, options: Options, *, may_be_inactive: bool
    ) -> Value | UnplacedProblem:
        """The double that is exactly this number, without quotes."""
        text = written.text
        if not NUMBER.fullmatch(text):
            return UnplacedProblem("not-a-number", f"{said(written)} is not a number", _hint(text))
        if not written.plain:
            return UnplacedProblem(
                "not-a-number", f"{said(written)} is a text", f"write {text} without quotes"
            )
        number = exact_number(text)
        return _inexact(text) if number is None else number

    def schema(self, field: Field) -> dict[str, Any]:
        """As JSON has it."""
        return {"type": "number"}

    def fits(self, value: Any) -> bool:
        """Finite, and spelled as plans spell a double: 5 and not 5.0."""
        if type(value) is int:
            return abs(value) < LARGEST_WHOLE
        return type(value) is float and not is_whole(value)

    def decode(self, value: Any, field: Field) -> Value:
        """A finite double."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Unfit(kind_of(value))
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise Unfit("no finite number")
        return number + 0.0  # a zero has no sign here, also under a seal

    def ambiguity(self, text: str) -> str:
        """What a comma means differs from country to country."""
        if _COMMA.fullmatch(text):
            return "write a decimal point, and nothing between thousands: 1.5 or 1500"
        return ""


def _inexact(text: str) -> UnplacedProblem:
    nearest = float(text[:LONGEST_NUMBER]) if len(text) <= LONGEST_NUMBER else math.inf
    if not math.isfinite(nearest):
        return UnplacedProblem(
            "not-a-number", f"{short(text)} is too large for a double", "write a smaller number"
        )
    return UnplacedProblem(
        "inexact-number",
        f"{short(text)} cannot be held exactly by the service, whose numbers are doubles",
        f"write the nearest one, {digits(nearest)}; what must keep every digit belongs in a Text "
        "field",
    )


def _hint(text: str) -> str:
    # A comma may also stand for the decimal point: only whole thousands are taken for thousands.
    plain = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    plain = plain.replace("_", "").lstrip("+")
    stripped = re.sub(r"^(-?)0+(?=[0-9])", r"\1", plain)
    if NUMBER.fullmatch(stripped):
        return f"write {stripped}"
    return "write a finite decimal number, such as 4.5"
