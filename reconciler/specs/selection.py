"""Does a case satisfy a policy's selection, and which part of that can a search be asked for?

The answer about a case is always computed here, on values that were read. The search only narrows
what is read, so what is pushed down must never exclude a case that the selection includes:

* `contains` stays here: whether the index matches substrings or words is not documented;
* `equals` of a DateTime stays here: how the service spells an instant is not documented; its
  orderings are pushed down a second wider, since spellings may be compared as text;
* `empty`, `not_equals` and `not` stay here: whether the index finds cases *without* a value, and
  whether its `not` includes them, is not documented.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.filter import Check, Every, Filter, Rule, Selection, Some, Unless
from reconciler.model.value import FieldType, Value, spelled

PUSHABLE = frozenset(
    {"equals", "in", "greater_than", "at_least", "less_than", "at_most", "after", "before"}
)

_WIDENED = {"after": ("at_least", -1), "before": ("at_most", 1)}

# Operands have the field's own type and `live` is not empty, so that ordering is meaningful.
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "contains": lambda live, operand: operand in live,
    "greater_than": lambda live, operand: live > operand,
    "at_least": lambda live, operand: live >= operand,
    "less_than": lambda live, operand: live < operand,
    "at_most": lambda live, operand: live <= operand,
    "after": lambda live, operand: _moment(live) > _moment(operand),
    "before": lambda live, operand: _moment(live) < _moment(operand),
}


def selects(selection: Selection, live: LiveCase) -> bool:
    """Whether a case, as it was read, is one that the policy is about."""
    if selection.template_id is not None and live.template_id != selection.template_id:
        return False
    if any(live.tags.get(key) != value for key, value in selection.tags):
        return False
    return selection.rule is None or holds(selection.rule, live)


def holds(rule: Rule, live: LiveCase) -> bool:
    """Whether a rule is true of a case's values."""
    match rule:
        case Every(parts):
            return all(holds(part, live) for part in parts)
        case Some(parts):
            return any(holds(part, live) for part in parts)
        case Unless(part):
            return not holds(part, live)
        case Check(field, operator, operands):
            return _check(live.value_of(field.id), operator, operands)


def _check(value: Value, operator: str, operands: tuple[Value, ...]) -> bool:
    match operator:
        case "equals" | "in":
            return value in operands
        case "not_equals":
            return value not in operands
        case "empty":
            return (value is None) == operands[0]
        case _:
            return value is not None and _COMPARE[operator](value, operands[0])


def _moment(text: str) -> str:
    """Canonical DateTimes sort as text once the Z, which sorts after a fraction's dot, is gone."""
    return text[:-1]


def checks_of(rule: Rule | None) -> Iterator[Check]:
    """Every comparison that a rule makes."""
    match rule:
        case Every(parts) | Some(parts):
            for part in parts:
                yield from checks_of(part)
        case Unless(part):
            yield from checks_of(part)
        case Check():
            yield rule


def fields_of(rule: Rule | None) -> Iterator[Field]:
    """Every field that a rule looks at."""
    return (check.field for check in checks_of(rule))


def push_down(selection: Selection) -> Filter:
    """The widest useful filter: it finds every case that the selection includes, and maybe more."""
    rule = None if selection.rule is None else _pushable(selection.rule)
    return Filter(rule=rule, tags=selection.tags)


def _wider(check: Check) -> Check | None:
    if check.operator not in _WIDENED:
        return None
    operator, seconds = _WIDENED[check.operator]
    moment = datetime.fromisoformat(str(check.operands[0]))
    try:
        moment += timedelta(seconds=seconds)
    except OverflowError:
        return None
    return Check(check.field, operator, (spelled(moment),))


def _pushable(rule: Rule) -> Rule | None:
    match rule:
        case Check(field, operator, operands):
            if operator not in PUSHABLE or None in operands:
                return None
            if field.type is FieldType.DATE_TIME:
                return _wider(rule)
            return rule
        case Every(parts):
            kept = tuple(part for part in map(_pushable, parts) if part is not None)
            return kept[0] if len(kept) == 1 else Every(kept) if kept else None
        case Some(parts):
            found = tuple(map(_pushable, parts))
            whole = tuple(part for part in found if part is not None)
            return Some(whole) if len(whole) == len(parts) else None
        case Unless():
            return None
