"""The one class of each field type; to add a type, name it in `FieldType` and here."""

from collections.abc import Mapping
from typing import assert_never

from reconciler.model.catalog import Field
from reconciler.model.diagnostic import UnplacedProblem
from reconciler.model.fieldtypes.base import Options, ValueType
from reconciler.model.fieldtypes.boolean import Boolean
from reconciler.model.fieldtypes.date_time import DateTime
from reconciler.model.fieldtypes.number import Number
from reconciler.model.fieldtypes.single_select import SingleSelect
from reconciler.model.fieldtypes.text import Text, Url, User
from reconciler.model.source import Written
from reconciler.model.value import FieldType, Value


def _class_of(type: FieldType) -> ValueType:
    match type:
        case FieldType.TEXT:
            return Text()
        case FieldType.NUMBER:
            return Number()
        case FieldType.BOOLEAN:
            return Boolean()
        case FieldType.DATE_TIME:
            return DateTime()
        case FieldType.SINGLE_SELECT:
            return SingleSelect()
        case FieldType.URL:
            return Url()
        case FieldType.USER:
            return User()
        case _:  # the type checker names the type that is left out
            assert_never(type)


TYPES: Mapping[FieldType, ValueType] = {type: _class_of(type) for type in FieldType}


def coerce(
    written: Written, field: Field, options: Options, *, may_be_inactive: bool = False
) -> Value | UnplacedProblem:
    """The canonical value of `written` in `field`; null is empty in a field of any type.

    YAML's own guess is never asked: in a Text field `NO`, `012` and `1:30` are those characters.
    """
    if written.is_null:
        return None
    return TYPES[field.type].coerce(written, field, options, may_be_inactive=may_be_inactive)


def has_options(field: Field) -> bool:
    """Whether the values of a field are options, which the catalog lists."""
    return TYPES[field.type].has_options


def max_length(field: Field) -> int:
    """How many characters a value of a field may have."""
    return TYPES[field.type].max_length(field)


def likely_type(value: object) -> FieldType:
    """How to take a value whose field is not known any more: the first type that holds such."""
    return next((one for one in FieldType if TYPES[one].held_as is type(value)), FieldType.TEXT)
