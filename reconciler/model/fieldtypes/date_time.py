"""DateTime fields: instants, whatever their spelling."""

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from reconciler.model.catalog import Field
from reconciler.model.diagnostic import UnplacedProblem
from reconciler.model.fieldtypes.base import (
    Options,
    Unfit,
    ValueType,
    decoded_text,
    is_value_text,
    said,
)
from reconciler.model.source import Written
from reconciler.model.value import Value, instant, spelled

if TYPE_CHECKING:
    from reconciler.model.operators import Pushed

_CLOCK = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):[0-9]{2}(?::([0-9]{2})(?:[.,][0-9]{1,9})?)? ?(\S{0,20}))?"
)
_DATE = re.compile(r"[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}([ T].*)?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]|$)")


class DateTime(ValueType):
    """ISO 8601 with an offset or Z, to the millisecond; held in UTC."""

    held_as = str
    members = ("stringValue",)

    def coerce(
        self, written: Written, field: Field, options: Options, *, may_be_inactive: bool
    ) -> Value | UnplacedProblem:
        """The instant."""
        moment = instant(written.text)
        if moment is not None and len(moment) > len("2026-12-01T09:00:00.123Z"):
            return UnplacedProblem(
                "too-precise",
                f"{said(written)} is finer than a millisecond",
                "the service's own times have milliseconds at most; write as many digits or fewer",
            )
        if moment is not None:
            return moment
        return UnplacedProblem(
            "not-a-date-time",
            f"{said(written)} is not a time with an offset{_fault(written.text)}",
            "write ISO 8601 with Z or an offset, such as 2026-12-01T09:00:00Z",
        )

    def schema(self, field: Field) -> dict[str, Any]:
        """Its general form."""
        return {
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9].*([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)$",
        }

    def fits(self, value: Any) -> bool:
        """The canonical spelling alone."""
        return is_value_text(value) and instant(value) == value

    def decode(self, value: Any, field: Field) -> Value:
        """The instant. How AWS spells the times that it keeps itself is not documented.

        Those are read as they are, since they are never written.
        """
        text = decoded_text(value)
        if text is None:
            return None
        moment = instant(str(text))
        if moment is None and field.namespace != "System":
            raise Unfit("no time with an offset")
        return moment or text

    def searched(self, operator: str, push: "Pushed", operand: Value) -> tuple[str, Value] | None:
        """How the service spells an instant is not documented, and it may compare texts.

        So equality is never asked for, and orderings are asked for a second wider.
        """
        if push.wider is None:
            return None
        wider, seconds = push.wider
        try:
            moment = datetime.fromisoformat(str(operand)) + timedelta(seconds=seconds)
        except OverflowError:
            return None
        return wider, spelled(moment)

    def ambiguity(self, text: str) -> str:
        """The order of day, month and year differs from country to country."""
        if _DATE.fullmatch(text) and not _ISO.match(text):
            return "write year, month, day and an offset, such as 2026-02-01T09:00:00Z"
        return ""


def _fault(text: str) -> str:
    """What is wrong with a text that is nearly a time; empty where that cannot be told."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return ""
    year, month, day, hour, second, offset = found.groups()
    if hour == "24":
        return ": its hour is 24; write 00:00 of the next day"
    if second == "60":
        return ": its second is 60; write 59, or 00 of the next minute"
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return ": there is no such day"
    if hour is None:
        return ": it has no time of day"
    return f": it has {offset} in place of an offset" if offset else ": it has no offset"
