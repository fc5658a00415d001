"""Translate field values and filters to and from the service's one-key dictionaries."""

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.errors import Unreadable
from reconciler.model.catalog import Field
from reconciler.model.selection import Check, Every, Filter, Rule, Some, Unless
from reconciler.model.value import FieldType, Value, instant

LIST_LIMIT = 10  # entries of an andAll or orAll list, by the service model

_STRINGS = frozenset({FieldType.TEXT, FieldType.URL, FieldType.SINGLE_SELECT, FieldType.USER})
_OPERATORS = {
    "equals": "equalTo",
    "in": "equalTo",
    "greater_than": "greaterThan",
    "at_least": "greaterThanOrEqualTo",
    "less_than": "lessThan",
    "at_most": "lessThanOrEqualTo",
    "after": "greaterThan",
    "before": "lessThan",
}


def decode(field: Field, union: Mapping[str, Any]) -> Value:
    """The canonical value that one FieldValueUnion stands for; raises Unreadable, never guesses.

    Whether a User field, or the text fields assigned_queue and assigned_user, travel as
    stringValue or userArnValue is not documented: a string is read from either.
    """
    if len(union) == 1:
        [(member, value)] = union.items()
        if member == "stringValue" or member == "userArnValue":
            if field.type is FieldType.DATE_TIME:
                return (instant(value) or value) if value else None
            if field.type in _STRINGS:
                return value or None
        elif member == "doubleValue" and field.type is FieldType.NUMBER:
            return float(value) + 0.0  # a zero has no sign here, also under a seal
        elif member == "booleanValue" and field.type is FieldType.BOOLEAN:
            return bool(value)
        elif member == "emptyValue":
            return None
    members = ", ".join(sorted(union)) or "nothing"
    raise Unreadable(
        f"field {field.name} ({field.type}) holds {members}, which does not fit its type",
        code="unreadable-value",
    )


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
            name = _OPERATORS[operator]
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
