"""The value of one case field, in the one spelling that makes equal values equal.

A value is held in the canonical form of its field's type, so that comparing two values of one
field is `==` and nothing else:

* Text, Url, SingleSelect and User are strings (a SingleSelect holds the option's value);
* Number is a float, so 5 and 5.0 are one value;
* Boolean is a bool;
* DateTime is a string in UTC, `2026-12-01T09:00:00Z`, so that instants compare, not spellings;
* empty is None: absent, `emptyValue` and the empty string are the same.

A value means nothing without its field: True of a Boolean and 1.0 of a Number compare equal in
Python, and are never compared, because both sides of a comparison belong to the same field.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from math import isfinite
from typing import Any, NewType, TypeAlias

CaseId = NewType("CaseId", str)
FieldId = NewType("FieldId", str)
TemplateId = NewType("TemplateId", str)

Value: TypeAlias = str | float | bool | None


# A number as JSON spells it: no leading zero, no plus, no underscore.
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")

LARGEST_WHOLE = 10**15  # below it a whole number is spelled without a point
LONGEST_NUMBER = 400  # characters; the largest double has 309 digits before its point
_SURE = 15  # so many digits survive a double, whichever they are

# How AWS spells its own times: in UTC, with milliseconds or without.
_AS_SERVED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")


class FieldType(StrEnum):
    """The seven types of the service model's FieldType, in its own spelling."""

    TEXT = "Text"
    NUMBER = "Number"
    BOOLEAN = "Boolean"
    DATE_TIME = "DateTime"
    SINGLE_SELECT = "SingleSelect"
    URL = "Url"
    USER = "User"


def digits(number: float) -> str:
    """A number as people write it: whole without a point; the two zeros are one value."""
    number += 0.0
    return f"{number:.0f}" if is_whole(number) else repr(number)


def is_whole(number: float) -> bool:
    """Whether a number is spelled without a point."""
    return number.is_integer() and abs(number) < LARGEST_WHOLE


def as_text(value: Value) -> str:
    """A value's characters; a whole number has no point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return digits(value)
    return str(value)


def exact_number(text: str) -> float | None:
    """The double that is the number written, `NUMBER` being its spelling; None when none is.

    Exact is what reads back the same: 0.1 is, 9007199254740993 and 1e400 are not.
    """
    if len(text) > LONGEST_NUMBER:
        return None
    number = float(text) + 0.0  # -0.0 becomes 0.0, which is what it equals
    if len(text) <= _SURE and "e" not in text and "E" not in text:
        return number
    # 1e-400 is no zero, though the nearest double is.
    if number == 0.0:
        return number if not text.lower().partition("e")[0].strip("-0.") else None
    if not isfinite(number):
        return None
    from decimal import Decimal  # most runs meet no such number

    return number if Decimal(repr(number)) == Decimal(text) else None


def instant(text: str) -> str | None:
    """The canonical spelling of an ISO 8601 time with an offset or Z; None when it is not one."""
    # Python also reads times without dashes (20261201T09Z), and days alone; neither is a time here.
    if len(text) < len("2026-12-01T09Z") or text[10] not in "Tt ":
        return None
    try:
        moment = datetime.fromisoformat(text[:-1] + "Z" if text.endswith("z") else text)
        if moment.tzinfo is None:
            return None
        if _AS_SERVED.fullmatch(text):  # the usual case, at a fraction of the cost
            return text[:19] + text[19:-1].rstrip("0").rstrip(".") + "Z"
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return spelled(moment)


def spelled(moment: datetime) -> str:
    """An aware UTC moment in canonical spelling; a fraction only when there is one."""
    text = moment.isoformat(timespec="seconds")[:-6]
    if moment.microsecond:
        text += f".{moment.microsecond:06d}".rstrip("0")
    return text + "Z"


def is_text(value: Any) -> bool:
    """Whether a value is text that can be written anywhere: a string without half a character."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def kind_of(value: Any) -> str:
    """What kind of thing JSON held, without what it says."""
    for kind, name in _KINDS:
        if isinstance(value, kind):
            return name
    return "nothing"


_KINDS: Sequence[tuple[type | tuple[type, ...], str]] = (
    (bool, "true or false"),
    ((int, float), "a number"),
    (str, "text"),
    (list, "a list"),
    (Mapping, "an object"),
)
