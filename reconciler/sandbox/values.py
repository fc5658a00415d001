"""Check one value against the field it is meant for, and put values into the form replies have."""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from reconciler.sandbox.catalog import Field
from reconciler.sandbox.clock import parse_instant, timestamp
from reconciler.sandbox.errors import ServiceError, validation
from reconciler.sandbox.switches import Settings
from reconciler.sandbox.system_fields import REFERENCES

Union = Mapping[str, Any]

EMPTY: Union = {"emptyValue": {}}

_REFERENCE = re.compile(r"[A-Za-z0-9\-._/:#=+-]+")

MEMBER_OF_TYPE = {
    "Text": "stringValue",
    "Number": "doubleValue",
    "Boolean": "booleanValue",
    "DateTime": "stringValue",
    "SingleSelect": "stringValue",
    "Url": "stringValue",
    "User": "userArnValue",
}


def is_empty(value: Union | None) -> bool:
    """Whether a field with this value has none."""
    return value is None or "emptyValue" in value


def check_member(field: Field, value: Union) -> None:
    """Refuse a value of another kind than the field's type takes."""
    wanted = MEMBER_OF_TYPE[field.type]
    if not is_empty(value) and wanted not in value:
        (given,) = value
        raise refused(field, f"it is of type {field.type} and takes {wanted}, not {given}")


def check_value(field: Field, value: Union, held: Union | None, settings: Settings) -> Union:
    """Check a value to be written; what comes back is what the case will hold.

    `held` is what the case has now: an inactive option may be allowed to stay.
    """
    check_member(field, value)
    if is_empty(value):
        return EMPTY
    text = value.get("stringValue")
    if text == "" and settings.empty_string == "empty":
        return EMPTY
    if text is not None and field.type == "SingleSelect":
        _check_option(field, text, held, settings)
    elif text is not None and field.type == "DateTime":
        if parse_instant(text) is None:
            raise refused(field, "it takes an ISO 8601 date and time with an offset or Z")
    elif text is not None:
        _check_length(field, text, settings)
    elif field.type == "User" and not value["userArnValue"].startswith("arn:"):
        raise refused(field, "it takes the ARN of a user")
    return value


def present(field: Field, value: Union, settings: Settings) -> Union:
    """The value as replies show it: only date-times have a choice of form."""
    text = value.get("stringValue")
    if field.type != "DateTime" or text is None or settings.datetime_style == "as-sent":
        return value
    instant = parse_instant(text)
    if instant is None:
        return value
    if settings.datetime_style == "utc":
        return {"stringValue": f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    return {"stringValue": timestamp(instant)}


def refused(field: Field, reason: str) -> ServiceError:
    """The ValidationException for a value that a field does not take."""
    return validation(f"Field {field.field_id} ({field.name}) cannot take this value: {reason}.")


def _check_option(field: Field, text: str, held: Union | None, settings: Settings) -> None:
    option = field.options.get(text)
    if option is None:
        raise refused(field, "it is not one of the field's options")
    if not option.active:
        keeps = settings.inactive_rewrite and held is not None and held.get("stringValue") == text
        if not keeps:
            raise refused(field, "the option is inactive")


def _check_length(field: Field, text: str, settings: Settings) -> None:
    if field.field_id in REFERENCES and not _REFERENCE.fullmatch(text):
        raise refused(field, f"it must match {_REFERENCE.pattern}")
    by_bytes = settings.length_unit == "bytes"
    length = len(text.encode("utf-8", "surrogatepass")) if by_bytes else len(text)
    if length > field.limit:
        raise refused(
            field, f"it is {length} {settings.length_unit} long, and at most {field.limit} fit"
        )
