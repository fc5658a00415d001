"""Bring together what several specs want of one case."""

from collections.abc import Iterable, Sequence

from reconciler.model.case import DesiredField
from reconciler.model.diagnostic import Problem, Source
from reconciler.model.plan import Wanted
from reconciler.model.value import FieldId
from reconciler.specs.resolve import ResolvedCase, ResolvedPolicy

Merged = tuple[tuple[DesiredField, ...], tuple[Problem, ...]]


def merge(named: Sequence[ResolvedCase], policies: Sequence[ResolvedPolicy]) -> Merged:
    """All desired fields of one case, sorted by field id, and the conflicts between them.

    A named case beats a policy, and remembers which one it overrides; two named cases, or two
    policies, that want different values are a problem that names both places.
    """
    problems: list[Problem] = []
    if len(named) == 1 and not policies:
        return named[0].fields, ()
    desired: dict[FieldId, DesiredField] = {}
    for case in named:
        for entry in case.fields:
            _add(desired, entry, problems)
    from_policies: dict[FieldId, DesiredField] = {}
    for policy in policies:
        for entry in policy.fields:
            if entry.field not in desired:
                _add(from_policies, entry._replace(policy=policy.name), problems)
            elif _differ(desired[entry.field], entry):
                beaten = f"policy {policy.name} ({_short(entry.at)})"
                desired[entry.field] = desired[entry.field]._replace(overrides=beaten)
    desired.update(from_policies)
    return tuple(desired[key] for key in sorted(desired)), tuple(problems)


def _add(
    desired: dict[FieldId, DesiredField], entry: DesiredField, problems: list[Problem]
) -> None:
    other = desired.setdefault(entry.field, entry)
    if _differ(other, entry):
        problems.append(
            Problem(
                entry.at,
                "conflicting-values",
                f"the same field of the same case is set to something else at {_short(other.at)}",
                "keep one of the two, or narrow one of the selections",
            )
        )


def _differ(one: DesiredField, other: DesiredField) -> bool:
    return (one.value, one.only_if) != (other.value, other.only_if)


def _short(at: Source) -> str:
    return f"{at.file}:{at.line}"


def wanted_of(specs: Iterable[ResolvedCase | ResolvedPolicy]) -> tuple[Wanted, ...]:
    """Which fields these set, and which spec sets each."""
    found = {Wanted(one.field, one.spec, one.policy) for spec in specs for one in spec.fields}
    return tuple(sorted(found))
