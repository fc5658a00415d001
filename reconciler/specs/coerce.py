"""Turn a scalar as written into the value its field's type asks for, or say why not.

YAML's own guess is never asked: in a Text field `NO`, `012`, `1:30` and `2026-01-02` are those
characters, because the field says so.
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlsplit

from reconciler.model.catalog import Field, Option
from reconciler.model.source import Written
from reconciler.model.value import (
    LONGEST_NUMBER,
    NUMBER,
    FieldId,
    FieldType,
    Value,
    digits,
    exact_number,
    instant,
)
from reconciler.specs.names import Trouble, find_option

_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_ARN = re.compile(r"arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S+")
_CLOCK = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):[0-9]{2}(?::([0-9]{2})(?:[.,][0-9]{1,9})?)? ?(\S{0,20}))?"
)
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

Options = Mapping[FieldId, Sequence[Option]]


def coerce(  # noqa: C901 - one arm a type
    written: Written, field: Field, options: Options, *, may_be_inactive: bool = False
) -> Value | Trouble:
    """The canonical value of `written` in `field`; null is empty in a field of any type."""
    if written.is_null:
        return None
    match field.type:
        case FieldType.TEXT:
            return _text(written, field)
        case FieldType.BOOLEAN:
            return _boolean(written)
        case FieldType.NUMBER:
            return _number(written)
        case FieldType.DATE_TIME:
            return _date_time(written)
        case FieldType.URL:
            return _url(written, field)
        case FieldType.USER:
            return _user(written, field)
        case FieldType.SINGLE_SELECT:
            return _single_select(written, options.get(field.id, ()), may_be_inactive)


def _text(written: Written, field: Field) -> Value | Trouble:
    text = written.text
    if len(text) > field.max_length:
        return Trouble(
            "too-long",
            f"{len(text):,} characters, and {field.name} holds at most {field.max_length:,}",
            f"shorten it by {len(text) - field.max_length:,} characters",
        )
    return text or None


def _boolean(written: Written) -> Value | Trouble:
    if written.plain and written.text in _TRUTHS:
        return _TRUTHS[written.text]
    meant = _TRUTH_WORDS.get(written.text.casefold(), written.text.casefold())
    hint = f"write {meant}" if meant in _TRUTHS else "write true or false"
    return Trouble(
        "not-a-boolean", f"{_quoted(written)} is not a Boolean", f"{hint}, without quotes"
    )


def _number(written: Written) -> Value | Trouble:
    text = written.text
    if not NUMBER.fullmatch(text):
        return Trouble("not-a-number", f"{_quoted(written)} is not a number", _number_hint(text))
    if not written.plain:
        return Trouble(
            "not-a-number", f"{_quoted(written)} is a text", f"write {text} without quotes"
        )
    number = exact_number(text)
    if number is None:
        return _inexact(text)
    return number


def _inexact(text: str) -> Trouble:
    nearest = float(text[:LONGEST_NUMBER]) if len(text) <= LONGEST_NUMBER else math.inf
    if not math.isfinite(nearest):
        return Trouble(
            "not-a-number", f"{_short(text)} is too large for a double", "write a smaller number"
        )
    return Trouble(
        "inexact-number",
        f"{_short(text)} cannot be held exactly by the service, whose numbers are doubles",
        f"write the nearest one, {digits(nearest)}; what must keep every digit belongs in a Text "
        "field",
    )


def _number_hint(text: str) -> str:
    # A comma may also stand for the decimal point: only whole thousands are taken for thousands.
    plain = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    plain = plain.replace("_", "").lstrip("+")
    stripped = re.sub(r"^(-?)0+(?=[0-9])", r"\1", plain)
    if NUMBER.fullmatch(stripped):
        return f"write {stripped}"
    return "write a finite decimal number, such as 4.5"


def _date_time(written: Written) -> Value | Trouble:
    found = instant(written.text)
    if found is not None and len(found) > len("2026-12-01T09:00:00.123Z"):
        return Trouble(
            "too-precise",
            f"{_quoted(written)} is finer than a millisecond",
            "the service's own times have milliseconds at most; write as many digits or fewer",
        )
    if found is not None:
        return found
    return Trouble(
        "not-a-date-time",
        f"{_quoted(written)} is not a time with an offset{_time_fault(written.text)}",
        "write ISO 8601 with Z or an offset, such as 2026-12-01T09:00:00Z",
    )


def _time_fault(text: str) -> str:
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


def _url(written: Written, field: Field) -> Value | Trouble:
    text = written.text
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or any(character.isspace() for character in text):
        return Trouble(
            "not-a-url",
            f"{_quoted(written)} is not an absolute http(s) URL",
            "write the whole address, such as https://example.com/track/1",
        )
    return _text(written, field)


def _user(written: Written, field: Field) -> Value | Trouble:
    if _ARN.fullmatch(written.text):
        return _text(written, field)
    return Trouble(
        "not-an-arn",
        f"{_quoted(written)} is not an ARN",
        "write the user's full ARN, such as "
        "arn:aws:connect:us-west-2:111122223333:instance/INSTANCE/agent/USER",
    )


def _single_select(
    written: Written, options: Sequence[Option], may_be_inactive: bool
) -> Value | Trouble:
    if not written.text:
        return None
    option = find_option(written.text, options, may_be_inactive=may_be_inactive)
    return option.value if isinstance(option, Option) else option


def _quoted(written: Written) -> str:
    return _short(written.text) if written.plain else f'"{_short(written.text)}"'


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
