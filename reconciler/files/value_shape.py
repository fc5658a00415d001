"""What a value in a plan file must be to the letter: one of its field's type, in one spelling."""

from collections.abc import Mapping
from typing import Any

from reconciler.files.misshapen import expected
from reconciler.model.fieldtypes.table import TYPES
from reconciler.model.value import FieldType


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
    if not TYPES[FieldType(kind)].fits(value):
        raise expected(value, f"a value of the type {kind}").within(side)
