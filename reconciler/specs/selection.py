"""Does a case satisfy a policy's selection, and which part of that can a search be asked for?

The answer about a case is always computed here, on values that were read. The search only narrows
what is read, so what is pushed down must never exclude a case that the selection includes.
`model.operators` says which operators a search is asked for, and why not the others; the class of
a field's type says how. `not` stays here: whether the index finds cases *without* a value, and
whether its `not` includes them, is not documented.
"""

from collections.abc import Iterator

from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.fieldtypes.table import TYPES
from reconciler.model.filter import Check, Every, Filter, Rule, Selection, Some, Unless
from reconciler.model.operators import OPERATORS, KeptBack, Pushed


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
            return OPERATORS[operator].holds(live.value_of(field.id), operands)


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


def _pushable(rule: Rule) -> Rule | None:
    match rule:
        case Check(_, operator, operands):
            push = OPERATORS[operator].push
            if isinstance(push, KeptBack) or None in operands:
                return None
            return _searched(rule, push)
        case Every(parts):
            kept = tuple(part for part in map(_pushable, parts) if part is not None)
            return kept[0] if len(kept) == 1 else Every(kept) if kept else None
        case Some(parts):
            found = tuple(map(_pushable, parts))
            whole = tuple(part for part in found if part is not None)
            return Some(whole) if len(whole) == len(parts) else None
        case Unless():
            return None


def _searched(check: Check, push: Pushed) -> Check | None:
    """What is asked for in place of a comparison; None when nothing can be."""
    type = TYPES[check.field.type]
    asked = [type.searched(check.operator, push, operand) for operand in check.operands]
    found = [one for one in asked if one is not None]
    names = {name for name, _ in found}
    if len(names) != 1 or len(found) != len(asked):
        return None
    return Check(check.field, names.pop(), tuple(operand for _, operand in found))
