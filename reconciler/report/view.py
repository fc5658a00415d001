"""What every report says of a plan, before a format decides how it looks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from reconciler.model.classes import URGENCY
from reconciler.model.diagnostic import Source
from reconciler.model.plan import CaseChange, FieldChange, Plan, Shown, TargetPlan
from reconciler.model.value import CaseId, FieldId

Alike: TypeAlias = tuple[FieldId, Shown, Shown, bool, str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Cases whose changes are alike: the same fields from the same values to the same values."""

    fields: tuple[FieldChange, ...]
    cases: tuple[CaseChange, ...]
    sources: tuple[tuple[Source, ...], ...]


def groups(target: TargetPlan, *, by_class: bool = False) -> tuple[Group, ...]:
    """Every case once; the largest groups first, then by case id.

    With `by_class` changes of different classes do not read as one, and the most urgent come first.
    """
    found: dict[object, list[CaseChange]] = {}
    for change in target.changes:
        classes = [entry.change_class for entry in change.fields if by_class]
        found.setdefault((*map(_alike, change.fields), *classes), []).append(change)
    made = [
        Group(
            cases[0].fields,
            tuple(cases),
            tuple(_sources(cases, at) for at in range(len(cases[0].fields))),
        )
        for cases in found.values()
    ]
    made.sort(key=lambda group: (-len(group.cases), group.cases[0].case_id))
    return tuple(sorted(made, key=urgency) if by_class else made)


def urgency(group: Group) -> int:
    """Where a group stands among others: by the most urgent class of its fields."""
    return min(URGENCY[entry.change_class] for entry in group.fields)


def _alike(entry: FieldChange) -> Alike:
    """What two changes have in common that read as one; every report says who asked for it."""
    # True and 1.0 are one dictionary key in Python, and two values here.
    truth = any(isinstance(value, bool) for value in (entry.before, entry.after))
    return entry.id, entry.before, entry.after, truth, entry.policy, entry.overrides


def _sources(cases: list[CaseChange], at: int) -> tuple[Source, ...]:
    return tuple(sorted({case.fields[at].source for case in cases}))


def as_told(command: str, plan: Plan) -> Plan:
    """For `drift`, what left the specs: without what only waits to be applied, or its guards.

    A guard that objects to a target without changes objects to reading it, and is kept.
    """
    if command != "drift":
        return plan
    targets = (
        replace(without_pending(one), blocked_by=() if one.changes else one.blocked_by)
        for one in plan.targets
    )
    return replace(plan, targets=tuple(targets))


def without_pending(target: TargetPlan) -> TargetPlan:
    """The target without the fields that only wait to be applied."""
    kept = [
        (change, tuple(one for one in change.fields if one.change_class.facts.drifts))
        for change in target.changes
    ]
    return replace(
        target, changes=tuple(replace(one, fields=fields) for one, fields in kept if fields)
    )


def first_places(plan: Plan) -> dict[tuple[str, CaseId], Source]:
    """The line behind the first change of each case, by target and case id."""
    return {
        (target.name, change.case_id): change.fields[0].source
        for target in plan.targets
        for change in target.changes
    }


def by_field(*targets: TargetPlan) -> Iterator[tuple[str, int]]:
    """How often each field changes, the most changed first; in several targets by its name."""
    counts: dict[str, int] = {}
    for target in targets:
        for change in target.changes:
            for entry in change.fields:
                counts[entry.name] = counts.get(entry.name, 0) + 1
    yield from sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def duration(seconds: float) -> str:
    """A length of time in the words people use."""
    if seconds < 1:
        return "under a second"
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"
