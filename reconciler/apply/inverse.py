"""Turn what an apply wrote round, field by field, where nobody else has written since.

A field is rolled back only when its newest audit entry bears the stamp of the very plan that is
undone, and the case still holds what that plan wrote. A value that somebody else wrote last is
left alone, also when it is the same value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from reconciler.history.lineage import when
from reconciler.model.audit import AuditEvent, UnreadableValue
from reconciler.model.case import LiveCase
from reconciler.model.classes import ChangeClass
from reconciler.model.event import Outcome
from reconciler.model.outcomes import Effect, detail, kind_of
from reconciler.model.plan import CaseChange, FieldChange, IgnoredField, Plan, Sealed, Shown
from reconciler.model.value import FieldId, Value
from reconciler.secrets.sealing import Sealer

# Whether an apply says itself that it may have written the case. A run that continued another one
# found done what its predecessor wrote.
_SAID = {
    Effect.SENT: True,
    Effect.HELD: True,
    Effect.UNKNOWN: True,
    Effect.DISPUTED: False,
    Effect.PARTLY: True,
}


@dataclass(frozen=True, slots=True)
class Undone:
    """One case's way back, the fields that are left alone, and the sensitive values needed."""

    fields: tuple[FieldChange, ...] = ()
    left: tuple[IgnoredField, ...] = ()
    vault: Mapping[str, Value] = field(default_factory=dict)


class _LeftAlone(Exception):
    """Why a field is not rolled back."""


def possibly_written(outcomes: Iterable[Outcome]) -> Mapping[tuple[str, str], bool]:
    """The (target, case) pairs that an apply may have written, and whether it says so.

    A case in conflict is none of its own, unless its reply was lost and a part of the write held.
    """
    return {
        (one.target, one.case_id): _SAID[effect]
        for one in outcomes
        if (effect := kind_of(one).effect) in _SAID and not detail(one).known_before
    }


def inverted(entry: FieldChange) -> FieldChange:
    """The same change the other way round, from the same line of the same spec."""
    return replace(
        entry,
        before=entry.after,
        after=entry.before,
        change_class=ChangeClass.UNCLASSIFIED,
        last_change=None,
    )


def undone(
    change: CaseChange, live: LiveCase, events: Sequence[AuditEvent], mine: str, sealer: Sealer
) -> Undone:
    """How to undo what the plan with the stamp `mine` did to one case, as it is now."""
    fields: list[FieldChange] = []
    left: list[IgnoredField] = []
    vault: dict[str, Value] = {}
    for planned in change.fields:
        entry = _sealed(planned, sealer)
        found = sealer.show(entry.id, live.value_of(entry.id))
        if found == entry.before:
            continue  # it is back already, whoever did it
        try:
            old = _written_over(entry, found, events, mine, sealer)
        except _LeftAlone as reason:
            left.append(
                IgnoredField(change.case_id, entry.id, entry.name, str(reason), "", entry.source)
            )
            continue
        if isinstance(entry.before, Sealed):
            vault[entry.before.digest] = old
        fields.append(inverted(entry))
    return Undone(tuple(fields), tuple(left), vault)


def without_sealed(plan: Plan) -> Plan:
    """The plan as it can be saved: sensitive values stand in no file, so they are left out."""
    targets = []
    for target in plan.targets:
        left = list(target.ignored)
        changes = []
        for change in target.changes:
            kept = tuple(one for one in change.fields if not isinstance(one.after, Sealed))
            left += [
                IgnoredField(
                    change.case_id,
                    one.id,
                    one.name,
                    "it is sensitive, and a saved plan holds no such value: only rollback --yes "
                    "rolls it back",
                    "",
                    one.source,
                )
                for one in change.fields
                if isinstance(one.after, Sealed)
            ]
            if kept:
                changes.append(replace(change, fields=kept))
        targets.append(replace(target, changes=tuple(changes), ignored=tuple(left)))
    return replace(plan, targets=tuple(targets))


def _sealed(entry: FieldChange, sealer: Sealer) -> FieldChange:
    """The entry as it would be planned today: a field may have been called sensitive since."""

    def shown(value: Shown) -> Shown:
        return value if isinstance(value, Sealed) else sealer.show(entry.id, value)

    return replace(entry, before=shown(entry.before), after=shown(entry.after))


def _written_over(
    entry: FieldChange, found: Shown, events: Sequence[AuditEvent], mine: str, sealer: Sealer
) -> Value:
    """The value that the apply's write replaced; raises _LeftAlone where that is not to be undone.

    An old value that an entry does not state cannot be told from an empty one, so it proves
    nothing against the plan's own.
    """
    stated = _stated(entry.id, events, mine)
    if found != entry.after:
        raise _LeftAlone("it holds another value, and the audit history does not say whose")
    for value in stated:
        if sealer.show(entry.id, value) == entry.before:
            return value
    if isinstance(entry.before, Sealed):
        raise _LeftAlone("it is sensitive, and the audit history does not hold its old value")
    if any(value is not None and value != entry.after for value in stated):
        raise _LeftAlone("the apply replaced a value that its plan had not seen: see its history")
    return entry.before


def _stated(field: FieldId, events: Sequence[AuditEvent], mine: str) -> list[Value]:
    """The old values in our newest entries on the field, with nobody else's entry after them."""
    relevant = sorted((one for one in events if one.change_of(field)), key=when, reverse=True)
    ours: list[AuditEvent] = []
    for _, tied in groupby(relevant, when):
        group = list(tied)
        foreign = [one for one in group if one.by != mine]
        if foreign and not ours:
            last = foreign[0]
            who = last.by or last.principal or "somebody"
            raise _LeftAlone(f"written by {who} at {last.at}")
        if foreign:
            break
        ours += group
    if not ours:
        raise _LeftAlone("the audit history does not say that the apply wrote it")
    changes = [change for event in ours if (change := event.change_of(field))]
    return [one.before for one in changes if not isinstance(one.before, UnreadableValue)]
