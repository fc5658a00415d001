"""Narrow what is planned to what selectors name; a name that stands for nothing is an error."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from reconciler.errors import ReconcilerError
from reconciler.model.argument import argument
from reconciler.model.case import DesiredField
from reconciler.model.catalog import Catalog
from reconciler.model.diagnostic import UnplacedProblem, nearest
from reconciler.model.selectors import Selectors
from reconciler.model.spec import PolicySpec, Spec
from reconciler.model.value import FieldId
from reconciler.plan.selecting import Asked, raise_missing, themselves
from reconciler.specs.names import FieldNames
from reconciler.specs.resolve import Resolution, ResolvedCase, ResolvedPolicy


class Scope(Protocol):
    """What the specs want of one target, by the names of its domain."""

    @property
    def specs(self) -> Sequence[Spec]:
        """The specs that are about it."""

    @property
    def catalog(self) -> Catalog:
        """What its domain offers."""

    @property
    def resolution(self) -> Resolution:
        """What those specs want, its names looked up."""


def of_chosen_specs(chosen: Selectors, specs: Sequence[Spec]) -> Sequence[Spec]:
    """The specs that are named, of those that a run may be about; a name of none is an error."""
    policies = (one.header.name for one in specs if isinstance(one, PolicySpec))
    names = themselves(one.header.name for one in specs)
    asked = (
        Asked(argument("specs"), "spec", chosen.specs, names),
        Asked(argument("policies"), "policy", chosen.policies, themselves(policies)),
    )
    raise_missing(asked, "these targets have")
    return [one for one in specs if chosen.sets(one.header.name, one.header.name)]


def check_fields(chosen: Selectors, scopes: Sequence[Scope]) -> None:
    """Every field that is named must be set by a spec, and some of them by one that is named."""
    for name in chosen.fields:
        if not any(_set_by_name(name, one) for one in scopes):
            raise ReconcilerError(_no_field(name, scopes))
    if not (chosen.fields and chosen.by_spec):
        return
    ids = {found for one in scopes for name in chosen.fields for found in _set_by_name(name, one)}
    entries = (entry for one in scopes for spec in _resolved(one) for entry in spec.fields)
    if not any(entry.field in ids and chosen.sets(entry.spec, entry.spec) for entry in entries):
        raise ReconcilerError(
            "no spec that is named sets a field that is named; leave one of these options out"
        )


def narrowed(chosen: Selectors, scope: Scope) -> Resolution:
    """What is wanted of the fields that are named alone."""
    if not chosen.fields:
        return scope.resolution
    ids = {found for name in chosen.fields for found in _set_by_name(name, scope)}

    def kept(fields: Iterable[DesiredField]) -> tuple[DesiredField, ...]:
        return tuple(entry for entry in fields if entry.field in ids)

    named = (replace(case, fields=kept(case.fields)) for case in scope.resolution.named)
    policies = (replace(spec, fields=kept(spec.fields)) for spec in scope.resolution.policies)
    return replace(
        scope.resolution,
        named=tuple(case for case in named if case.fields),
        policies=tuple(spec for spec in policies if spec.fields),
    )


def check_cases(chosen: Selectors, scopes: Sequence[Scope], about: Collection[str]) -> None:
    """Every case that is named must be one that the specs are about, as they are chosen."""
    named = (case for one in scopes for case in one.resolution.named)
    known = {case.key for case in named if not case.by_reference}
    said = []
    for case in chosen.cases:
        if case not in about:
            hint = nearest(case, known)
            found = (
                f"{argument('cases')} {case}: no spec that is chosen names this case, and no "
                "policy selects it"
            )
            said.append(f"{found}; {hint}" if hint else found)
    if said:
        raise ReconcilerError(*said)


def _set_by_name(name: str, scope: Scope) -> frozenset[FieldId]:
    """The field that a name stands for in a domain, if a spec sets it."""
    found = FieldNames(scope.catalog).find(name)
    if isinstance(found, UnplacedProblem):
        # A name that stands for two fields is an error even where only one of them is set.
        if found.code == "ambiguous-field":
            raise ReconcilerError(f"{argument('fields')} {name}: {found.message}; {found.hint}")
        return frozenset()
    return frozenset({found.id}) & _set_fields(scope)


def _set_fields(scope: Scope) -> frozenset[FieldId]:
    """Every field that a spec sets."""
    return frozenset(entry.field for spec in _resolved(scope) for entry in spec.fields)


def _resolved(scope: Scope) -> Sequence[ResolvedCase | ResolvedPolicy]:
    return (*scope.resolution.named, *scope.resolution.policies)


def _no_field(name: str, scopes: Iterable[Scope]) -> str:
    names = {one.catalog.by_id[field].name for one in scopes for field in _set_fields(one)}
    hint = nearest(name, names)
    return f"{argument('fields')} {name}: the specs set no such field" + (
        f"; {hint}" if hint else ""
    )
