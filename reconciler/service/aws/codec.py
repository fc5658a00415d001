"""Translate field values and filters to and from the service's one-key dictionaries."""

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.errors import Unreadable
from reconciler.model.catalog import Field
from reconciler.model.fieldtypes.base import Unfit
from reconciler.model.fieldtypes.table import TYPES
from reconciler.model.filter import Check, Every, Filter, Rule, Some, Unless
from reconciler.model.operators import OPERATORS, KeptBack
from reconciler.model.value import FieldId, FieldType, Value, kind_of
from reconciler.service.aws.replies import only_members, unreadable

_LONGEST_NAME = 40
LIST_LIMIT = 10  # entries of an andAll or orAll list, by the service model


def decode(field: Field, union: Any) -> Value:
    """The canonical value that one FieldValueUnion stands for; raises Unreadable, never guesses."""
    if not isinstance(union, Mapping):
        raise _unfit(field, f"{kind_of(union)}, expected an object")
    members = only_members(union)
    # A union has exactly one member (service model); botocore checks that of requests only.
    if len(members) != 1:
        names = " and ".join(sorted(map(printable, members))) or "nothing"
        raise _unfit(field, f"{names}, expected one value")
    [(name, value)] = members.items()
    if name == "emptyValue" and value == {}:
        return None
    type = TYPES[field.type]
    if name not in type.members:
        raise _unfit(field, f"{printable(name)}, which does not fit its type")
    try:
        return type.decode(value, field)
    except Unfit as unfit:
        raise _unfit(field, f"a {name} that is {unfit}") from None


def untyped(union: Any) -> Value:
    """The value of a field that is gone, by the union's own member; raises Unreadable as well."""
    names = only_members(union)
    types = (one for one in FieldType if any(name in names for name in TYPES[one].members))
    return decode(Field(id=FieldId(""), name="", type=next(types, FieldType.TEXT)), union)


def _unfit(field: Field, found: str) -> Unreadable:
    return unreadable(f"field {field.name} ({field.type}) holds {found}")


def printable(member: str) -> str:
    """The name of a union's member, as far as it is one."""
    sane = member.isascii() and member.isidentifier() and len(member) <= _LONGEST_NAME
    return member if sane else "a member of no known name"


def encode(field: Field, value: Value) -> dict[str, Any]:
    """The FieldValueUnion for a value; None clears the field."""
    # Documented: emptyValue clears a field, but for one that the case's template requires.
    return {"emptyValue": {}} if value is None else TYPES[field.type].encode(value)


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
            # SearchCases has no `in` (service model): several operands are any of them.
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
    # Ten lists of ten hold a hundred; how deep filters may nest is not documented, so read/index.py
    # tries it once a run.
    while len(parts) > LIST_LIMIT:
        groups = [parts[at : at + LIST_LIMIT] for at in range(0, len(parts), LIST_LIMIT)]
        parts = [{key: list(group)} if len(group) > 1 else group[0] for group in groups]
    return parts[0] if len(parts) == 1 else {key: list(parts)}


def _aws_name(operator: str) -> str:
    push = OPERATORS[operator].push
    if isinstance(push, KeptBack):
        raise ValueError(f"{operator} is not for searches: {push.why}")
    return push.aws
