"""Find specs that want what only somebody else's spec may change."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from reconciler.config.model import OwnerRule
from reconciler.model.argument import argument
from reconciler.model.diagnostic import Problem, Source, quoted
from reconciler.model.guards import shell_word
from reconciler.model.spec import CasesSpec, Header, IgnoreSpec, Spec, SpecSet
from reconciler.specs.owners import Ownership, owner_said


def not_owners(
    specs: SpecSet, rules: Sequence[OwnerRule], allowed: Collection[str]
) -> Iterator[Problem]:
    """Each spec in somebody else's file, and each field of it that is somebody else's.

    Fields are compared as they are written. A plan, which knows each field's id and name, finds
    those written otherwise.
    """
    ownership = Ownership(rules)
    for spec in (*specs.specs, *specs.ignores) if rules else ():
        file = spec.header.at.file
        owner = ownership.owner_of(spec.header)
        intruded = ownership.intruded(file, owner)
        if intruded and not set(intruded) & set(allowed):
            yield _intruding(spec.header, owner, intruded)
        for name, at in _fields(spec).items():
            deprived = ownership.deprived(file, owner, (name,))
            if deprived and not set(deprived) & set(allowed):
                yield _depriving(name, at, owner, deprived)


def _intruding(header: Header, owner: str, holders: Sequence[str]) -> Problem:
    return Problem(
        header.name_at or header.at,
        "not-owner",
        f"found a spec of {quoted(owner)} in a file of {_listed(holders)}",
        "move it, or correct `metadata.owner`; to let it pass once: "
        f"{argument('owners')} {shell_word(holders[0])}",
    )


def _depriving(name: str, at: Source, owner: str, owners: Sequence[str]) -> Problem:
    return Problem(
        at,
        "not-owner",
        f"found {quoted(name)} in a spec with {owner_said(owner)}, and only specs of "
        f"{_listed(owners)} may change it",
        "move it to a spec of theirs; to let it pass once: "
        f"{argument('owners')} {shell_word(owners[0])}",
    )


def _listed(owners: Iterable[str]) -> str:
    return " or ".join(map(quoted, owners))


def _fields(spec: Spec | IgnoreSpec) -> dict[str, Source]:
    """Where a spec first names each field that it is about."""
    file = spec.header.at.file
    found: dict[str, Source] = {}
    if isinstance(spec, IgnoreSpec):
        for rule in spec.rules:
            found.setdefault(rule.field.text, Source(file, rule.field.line, rule.field.column))
        return found
    lists = (case.fields for case in spec.cases) if isinstance(spec, CasesSpec) else [spec.fields]
    for fields in lists:
        for field in fields:
            if field.name not in found:
                found[field.name] = Source(file, field.line, field.column)
    return found
