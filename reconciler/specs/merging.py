"""Bring together what several specs want of one case."""

from collections.abc import Iterable, Sequence

from reconciler.model.case import DesiredField
from reconciler.model.diagnostic import Problem, Source
from reconciler.model.plan import Wanted
from reconciler.model.value import FieldId
from reconciler.specs.resolve import NamedWish, PolicyWish

Merged = tuple[tuple[DesiredField, ...], tuple[Problem, ...]]


def merge(named: Sequence[NamedWish], policies: Sequence[PolicyWish]) -> Merged:
    """All wishes for one case, sorted by field id, and the conflicts between them.

    A named case beats a policy, and remembers which one it overrides; two named wishes, or two
    policies, that want different values are a problem that names both places.
    """
    problems: list[Problem] = []
    if len(named) == 1 and not policies:
        return named[0].fields, ()
    wishes: dict[FieldId, DesiredField] = {}
    for wish in named:
        for entry in wish.fields:
            _add(wishes, entry, problems)
    from_policies: dict[FieldId, DesiredField] = {}
    for policy in policies:
        for entry in policy.fields:
            if entry.field not in wishes:
                _add(from_policies, entry._replace(policy=policy.name), problems)
            elif _differ(wishes[entry.field], entry):
                beaten = f"policy {policy.name} ({_short(entry.at)})"
                wishes[entry.field] = wishes[entry.field]._replace(overrides=beaten)
    wishes.update(from_policies)
    return tuple(wishes[key] for key in sorted(wishes)), tuple(problems)


def _add(wishes: dict[FieldId, DesiredField], entry: DesiredField, problems: list[Problem]) -> None:
    other = wishes.setdefault(entry.field, entry)
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


def wanted_of(wishes: Iterable[NamedWish | PolicyWish]) -> tuple[Wanted, ...]:
    """Which fields these wishes are about, and who wishes."""
    found = {Wanted(one.field, one.spec, one.policy) for wish in wishes for one in wish.fields}
    return tuple(sorted(found))
