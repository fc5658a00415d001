"""Take the part of a plan that selectors name, as a plan of its own."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from reconciler.errors import ReconcilerError
from reconciler.model.argument import argument
from reconciler.model.guards import Guard
from reconciler.model.plan import (
    CaseChange,
    FieldChange,
    Plan,
    TargetPlan,
    UnreadableCase,
    Wanted,
)
from reconciler.model.selectors import Selectors
from reconciler.plan.assembling import estimate
from reconciler.plan.file.data import identity
from reconciler.service.quotas import DEFAULT_QUOTAS


@dataclass(frozen=True, slots=True)
class Asked:
    """What one option names, and what it could have named: each name with all it stands for.

    `doubtful` are names that one target has for more than one thing. Hints offer `offered` names.
    """

    option: str
    word: str
    names: Collection[str]
    known: Mapping[str, Collection[str]]
    offered: Collection[str] = ()
    doubtful: Mapping[str, Collection[str]] = field(default_factory=dict)

    def meant(self) -> frozenset[str]:
        """Everything that the names stand for."""
        return frozenset(thing for name in self.names for thing in self._things(name))

    def _things(self, name: str) -> Collection[str]:
        """What a name stands for: as it is written, else in any case."""
        folded = name.casefold()
        alike = (things for known, things in self.known.items() if known.casefold() == folded)
        # An exact name wins: two fields may differ in capitals alone.
        return self.known.get(name) or {thing for things in alike for thing in things}

    def missing(self, where: str) -> Iterator[str]:
        """A sentence for each name that stands for nothing, or for more than one thing."""
        for name in self.names:
            if not self._things(name):
                yield f"{self.option} {name}: {where} no such {self.word}{self._hint(name)}"
            elif ids := self.doubtful.get(name):
                yield (
                    f"{self.option} {name}: is the name of {len(ids)} {self.word}s; "
                    f"name one by its id: {', '.join(sorted(ids))}"
                )

    def _hint(self, name: str) -> str:
        from reconciler.model.diagnostic import nearest

        hint = nearest(name, self.offered or self.known)
        return f"; {hint}" if hint else ""


def selected(plan: Plan, chosen: Selectors, where: str = "the plan has") -> Plan:
    """The part of the plan that is meant; a name that stands for nothing is an error.

    The part remembers the plan that it is of. Percentages keep the target's base.
    """
    if not chosen.any:
        return plan
    asked = list(_asked(plan, chosen))
    raise_missing(asked, where)
    fields = asked[-1].meant()
    targets = []
    for target in plan.targets:
        if chosen.is_about(target.name):
            part = _part(target, chosen, fields, plan)
            if part.changes or part.unreadable or not chosen.narrow:
                targets.append(part)
    if not targets:
        raise ReconcilerError(
            "nothing in the plan is meant by all of these options together; leave one out"
        )
    # Journals and stamps know the whole: what a part has begun was begun by the plan.
    return replace(plan, targets=tuple(targets), part_of=identity(plan))


def raise_missing(asked: Iterable[Asked], where: str) -> None:
    """Raise everything that names nothing, in one error."""
    said = [line for one in asked for line in one.missing(where)]
    if said:
        raise ReconcilerError(*said)


def _asked(plan: Plan, chosen: Selectors) -> Iterator[Asked]:
    changes = [one for target in plan.targets for one in target.changes]
    entries = [entry for one in changes for entry in one.fields]
    unreadable = [one for target in plan.targets for one in target.unreadable]
    wanted = [want for one in unreadable for want in one.wanted]
    cases = [*(str(one.case_id) for one in changes), *(one.case for one in unreadable)]
    yield Asked(
        argument("targets"), "target", chosen.targets, themselves(one.name for one in plan.targets)
    )
    yield Asked(argument("cases"), "case", chosen.cases, themselves(cases))
    asking: list[FieldChange | Wanted] = [*entries, *wanted]
    yield Asked(argument("specs"), "spec", chosen.specs, themselves(one.spec for one in asking))
    policies = (one.policy for one in asking if one.policy)
    yield Asked(argument("policies"), "policy", chosen.policies, themselves(policies))
    by_target = [_fields_by_name(target) for target in plan.targets]
    doubtful = {name: ids for one in by_target for name, ids in one.items() if len(ids) > 1}
    known: dict[str, Collection[str]] = {entry.id: {entry.id} for entry in entries}
    known |= {want.field: {want.field} for want in wanted}
    for one in by_target:
        known |= {name: {*known.get(name, ()), *ids} for name, ids in one.items()}
    names = {entry.name for entry in entries}
    yield Asked(argument("fields"), "field", chosen.fields, known, names, doubtful)


def themselves(names: Iterable[str]) -> dict[str, Collection[str]]:
    """Names that each stand for one thing."""
    return {name: (name,) for name in names}


def _fields_by_name(target: TargetPlan) -> Mapping[str, Collection[str]]:
    """The ids of the fields that a display name stands for in one target."""
    found: dict[str, set[str]] = {}
    for change in target.changes:
        for entry in change.fields:
            found.setdefault(entry.name, set()).add(entry.id)
    return found


def _part(target: TargetPlan, chosen: Selectors, ids: Collection[str], plan: Plan) -> TargetPlan:
    """One target's part; what is ignored, and what a guard says, is told again by whoever asks."""
    changes = tuple(one for change in target.changes if (one := _narrowed(change, chosen, ids)))
    return replace(
        target,
        changes=changes,
        unreadable=tuple(one for one in target.unreadable if _is_meant(one, chosen, ids)),
        ignored=() if chosen.narrow else target.ignored,
        blocked_by=tuple(one for one in target.blocked_by if one.guard is Guard.NO_SPECS),
        unconfirmed=min(target.unconfirmed, len(changes)),
        # The plan file does not say at which quotas it will be applied: the documented ones, whole.
        estimate=estimate(changes, plan.mode, DEFAULT_QUOTAS, 1.0, by_field=plan.by_field),
        bulk_estimate=None,
        by_field_estimate=None,
    )


def _is_meant(one: UnreadableCase, chosen: Selectors, ids: Collection[str]) -> bool:
    """Whether a case that could not be read would have been of the part; in doubt it is."""
    if not chosen.is_of(one.case):
        return False
    return not one.wanted or any(
        (not ids or want.field in ids) and chosen.sets(want.spec, want.policy)
        for want in one.wanted
    )


def _narrowed(change: CaseChange, chosen: Selectors, ids: Collection[str]) -> CaseChange | None:
    if not chosen.is_of(change.case_id):
        return None
    fields = tuple(
        entry
        for entry in change.fields
        if (not ids or entry.id in ids) and chosen.sets(entry.spec, entry.policy)
    )
    return replace(change, fields=fields) if fields else None
