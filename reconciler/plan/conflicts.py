"""Which changes of a plan are in conflict, and are therefore left alone.

A conflict is a value of a named case that both its spec and somebody else changed since they last
agreed. Up to a number that the config or the command line gives, conflicts are written; where a
target has more, none of them is. A case is left alone as a whole.
"""

from collections.abc import Iterator
from dataclasses import replace

from reconciler.config.model import Limits
from reconciler.model.event import Conflict, FieldConflict
from reconciler.model.plan import CaseChange, TargetPlan
from reconciler.model.value import CaseId
from reconciler.plan.guard import Allowances


def most_conflicts(limits: Limits, allowed: Allowances) -> int:
    """How many values in conflict may be written."""
    return limits.conflicts if allowed.conflicts is None else allowed.conflicts


def conflicts_in(target: TargetPlan) -> int:
    """How many values of a target are in conflict."""
    return sum(1 for change in target.changes for _ in field_conflicts(change))


def left_alone(target: TargetPlan, most: int) -> frozenset[CaseId]:
    """The cases that apply leaves alone, since more values are in conflict than may be."""
    found = [change.case_id for change in target.changes if in_conflict(change)]
    return frozenset(found) if conflicts_in(target) > most else frozenset()


def in_conflict(change: CaseChange) -> bool:
    """Whether any field of a case is in conflict."""
    return any(not entry.change_class.facts.written for entry in change.fields)


def field_conflicts(change: CaseChange) -> Iterator[FieldConflict]:
    """The fields of a case that are in conflict."""
    for entry in change.fields:
        if not entry.change_class.facts.written:
            yield FieldConflict(entry.id, entry.name, entry.before, entry.after, entry.before)


def outcome_of(target: str, change: CaseChange) -> Conflict:
    """What becomes of a case that is in conflict: it is not written, by whom and when it was."""
    lasts = [
        entry.last_change
        for entry in change.fields
        if not entry.change_class.facts.written and entry.last_change is not None
    ]
    # Of several fields the one that was changed last: one name is what a reader can ask.
    last = max(lasts, key=lambda one: one.at, default=None)
    return Conflict(
        target=target,
        case_id=change.case_id,
        fields=tuple(field_conflicts(change)),
        changed_by=(last.by or last.principal) if last else "",
        changed_at=last.at if last else "",
        planned=True,
    )


def without(target: TargetPlan, cases: frozenset[CaseId]) -> TargetPlan:
    """The target without some of its cases."""
    kept = tuple(change for change in target.changes if change.case_id not in cases)
    return replace(target, changes=kept)
