"""Give option values, and the fields of a partly written case, the names people know them by."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconciler.model.event import FieldConflict, Outcome
from reconciler.model.outcomes import detail
from reconciler.model.plan import FieldChange, Plan, Shown, TargetPlan
from reconciler.model.value import FieldId
from reconciler.report.subject import Subject
from reconciler.report.values import Named, OptionValue

Names = Mapping[FieldId, Mapping[str, str]]


def with_names(subject: Subject) -> Subject:
    """The same subject, its values and written fields named wherever its plan knows how."""
    plan = subject.plan
    if plan is None:
        return subject
    if any(detail(one).written for one in subject.outcomes):
        fields = {target.name: _field_names(target) for target in plan.targets}
        subject = replace(
            subject,
            outcomes=tuple(_said(one, fields.get(one.target, {})) for one in subject.outcomes),
        )
    if not any(target.option_names for target in plan.targets):
        return subject
    names = {target.name: target.option_names for target in plan.targets}
    return replace(
        subject,
        plan=_plan(plan),
        outcomes=tuple(_outcome(one, names.get(one.target, {})) for one in subject.outcomes),
    )


def _field_names(target: TargetPlan) -> Mapping[FieldId, str]:
    return {entry.id: entry.name for change in target.changes for entry in change.fields}


def _said(outcome: Outcome, names: Mapping[FieldId, str]) -> Outcome:
    """The outcome with its written fields named."""
    if not (written := detail(outcome).written):
        return outcome
    changes: dict[str, Any] = {"written": tuple(Named(one, names.get(one, one)) for one in written)}
    return replace(outcome, **changes)


def _plan(plan: Plan) -> Plan:
    return replace(plan, targets=tuple(_target(target) for target in plan.targets))


def _target(target: TargetPlan) -> TargetPlan:
    names = target.option_names
    return replace(
        target,
        changes=tuple(
            replace(change, fields=tuple(_field(entry, names) for entry in change.fields))
            for change in target.changes
        ),
    )


def _field(entry: FieldChange, names: Names) -> FieldChange:
    known = names.get(entry.id)
    if known is None:
        return entry
    last = entry.last_change
    return replace(
        entry,
        before=_named(entry.before, known),
        after=_named(entry.after, known),
        last_change=last
        and replace(last, before=_named(last.before, known), after=_named(last.after, known)),
    )


def _outcome(outcome: Outcome, names: Names) -> Outcome:
    named = (_field_conflict(one, names.get(one.field, {})) for one in detail(outcome).fields)
    fields = tuple(named)
    changes: dict[str, Any] = {"fields": fields} if fields else {}
    return replace(outcome, **changes)


def _field_conflict(conflict: FieldConflict, known: Mapping[str, str]) -> FieldConflict:
    return replace(
        conflict,
        before=_named(conflict.before, known),
        after=_named(conflict.after, known),
        live=_named(conflict.live, known),
    )


def _named(value: Shown, known: Mapping[str, str]) -> Shown:
    return OptionValue(value, known[value]) if isinstance(value, str) and value in known else value
