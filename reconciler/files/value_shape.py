"""What a value in a plan file must be to the letter: one of its field's type, in one spelling."""

from collections.abc import Mapping
from typing import Any

from reconciler.files.canonical import plain
from reconciler.files.misshapen import expected
from reconciler.model.value import instant

LONGEST = 4_100  # characters of any value, as the service states it


def check_value(entry: Mapping[str, Any], side: str, kind: str) -> None:
    """One value of a field is one of its type, in the one spelling that plans have."""
    value = entry[side]
    if f"{side}_digest" in entry:
        tag = f"(sensitive #{entry[f'{side}_digest'][:4]})"
        if value != tag:
            raise expected(value, tag).within(side)
        return
    if value is None:
        return
    if not _FITS[kind](value):
        raise expected(value, f"a value of the type {kind}").within(side)


def _is_text(value: Any) -> bool:
    return type(value) is str and 0 < len(value) <= LONGEST


def _is_number(value: Any) -> bool:
    """Finite, and spelled as a double is: 5 and not 5.0."""
    if type(value) is int:
        return abs(value) < 1e15
    return type(value) is float and type(plain(value)) is float


def _is_moment(value: Any) -> bool:
    return type(value) is str and len(value) <= LONGEST and instant(value) == value


_FITS = {
    "Text": _is_text,
    "Url": _is_text,
    "User": _is_text,
    "SingleSelect": _is_text,
    "Number": _is_number,
    "Boolean": lambda value: type(value) is bool,
    "DateTime": _is_moment,
}
