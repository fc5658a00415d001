"""Translate field values and filters to and from the service's one-key dictionaries."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from reconciler.errors import Unreadable
from reconciler.model.catalog import Field
from reconciler.model.filter import Check, Every, Filter, Rule, Some, Unless
from reconciler.model.operators import OPERATORS, KeptBack
from reconciler.model.value import FieldId, FieldType, Value, instant
from reconciler.service.aws.replies import is_text, kind_of, only_members, unreadable

_LONGEST_NAME = 40
LIST_LIMIT = 10  # entries of an andAll or orAll list, by the service model

_EITHER = ("stringValue", "userArnValue")
_TEXT_MEMBERS = {
    FieldType.TEXT: _EITHER,
    FieldType.USER: _EITHER,
    FieldType.URL: ("stringValue",),
    FieldType.SINGLE_SELECT: ("stringValue",),
    FieldType.DATE_TIME: ("stringValue",),
}
# By which type to read the members of a value whose field is not known any more.
_MEMBER_TYPES = {"doubleValue": FieldType.NUMBER, "booleanValue": FieldType.BOOLEAN}
_GONE = Field(id=FieldId(""), name="", type=FieldType.TEXT)


def decode(field: Field, union: Any) -> Value:
    """The canonical value that one FieldValueUnion stands for; raises Unreadable, never guesses.

    Whether a User field, or the text fields assigned_queue and assigned_user, travel as
    stringValue or userArnValue is not documented: a string is read from either.
    """
    if not isinstance(union, Mapping):
        raise _unfit(field, f"{kind_of(union)}, expected an object")
    members = only_members(union)
    if len(members) != 1:
        names = " and ".join(sorted(map(printable, members))) or "nothing"
        raise _unfit(field, f"{names}, expected one value")
    [(name, value)] = members.items()
    if name == "emptyValue" and value == {}:
        return None
    if name == "doubleValue" and field.type is FieldType.NUMBER:
        return _number(field, value)
    if name == "booleanValue" and field.type is FieldType.BOOLEAN:
        if isinstance(value, bool):
            return value
        raise _unfit(field, f"a {name} that is {kind_of(value)}")
    if field.type in _TEXT_MEMBERS and name in _TEXT_MEMBERS[field.type]:
        return _text(field, name, value)
    raise _unfit(field, f"{printable(name)}, which does not fit its type")


def untyped(union: Any) -> Value:
    """The value of a field that is gone, by the union's own member; raises Unreadable as well."""
    for name, kind in _MEMBER_TYPES.items():
        if name in only_members(union):
            return decode(replace(_GONE, type=kind), union)
    return decode(_GONE, union)


def _number(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unfit(field, f"a doubleValue that is {kind_of(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _unfit(field, "a doubleValue that is no finite number")
    return number + 0.0  # a zero has no sign here, also under a seal


def _text(field: Field, name: str, value: Any) -> Value:
    if not is_text(value):
        half = "text with half a character" if isinstance(value, str) else kind_of(value)
        raise _unfit(field, f"a {name} that is {half}")
    if not value or field.type is not FieldType.DATE_TIME:
        return value or None
    moment = instant(value)
    if moment is None and field.namespace != "System":
        raise _unfit(field, f"a {name} that is no time with an offset")
    # How AWS spells the times that it keeps itself is not documented; they are never written.
    return moment or value


def _unfit(field: Field, found: str) -> Unreadable:
    return unreadable(f"field {field.name} ({field.type}) holds {found}")


def printable(member: str) -> str:
    """The name of a union's member, as far as it is one."""
    sane = member.isascii() and member.isidentifier() and len(member) <= _LONGEST_NAME
    return member if sane else "a member of no known name"


def encode(field: Field, value: Value) -> dict[str, Any]:
    """The FieldValueUnion for a value; None clears the field."""
    if value is None:
        return {"emptyValue": {}}
    match field.type:
        case FieldType.NUMBER:
            return {"doubleValue": value}
        case FieldType.BOOLEAN:
            return {"booleanValue": value}
        case FieldType.USER:
            return {"userArnValue": value}
        case _:
            return {"stringValue": value}


def encode_filter(wanted: Filter) -> dict[str, Any] | None:
    """The CaseFilter for a filter; lists longer than the service takes are nested."""
    parts = [{"tag": {"equalTo": {"key": key, "value": value}}} for key, value in wanted.tags]
    if wanted.rule is not None:
        parts.append(_encode_rule(wanted.rule))
    return _joined("andAll", parts) if parts else None


def _encode_rule(rule: Rule) -> dict[str, Any]:
    match rule:
        case Every(parts):
            return _joined("andAll", [_encode_rule(part) for part in parts])
        case Some(parts):
            return _joined("orAll", [_encode_rule(part) for part in parts])
        case Unless(part):
            return {"not": _encode_rule(part)}
        case Check(field, operator, operands):
            name = _aws_name(operator)
            return _joined(
                "orAll",
                [
                    {"field": {name: {"id": field.id, "value": encode(field, operand)}}}
                    for operand in operands
                ],
            )


def _joined(key: str, parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    while len(parts) > LIST_LIMIT:
        groups = [parts[at : at + LIST_LIMIT] for at in range(0, len(parts), LIST_LIMIT)]
        parts = [{key: list(group)} if len(group) > 1 else group[0] for group in groups]
    return parts[0] if len(parts) == 1 else {key: list(parts)}


def _aws_name(operator: str) -> str:
    push = OPERATORS[operator].push
    if isinstance(push, KeptBack):
        raise ValueError(f"{operator} is not for searches: {push.why}")
    return push.aws
