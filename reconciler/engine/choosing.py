"""Choose the differing fields of a plan that its reader names."""

from collections.abc import Collection, Iterator, Mapping

from reconciler.errors import ReconcilerError
from reconciler.model.plan import CaseChange, FieldChange, Plan

Chosen = tuple[CaseChange, FieldChange]


def chosen_fields(
    plan: Plan, cases: Collection[str], fields: Collection[str]
) -> Mapping[str, tuple[Chosen, ...]]:
    """What is chosen of each target; of cases and fields, none named means every one.

    A name that chooses nothing is an error: it is likely mistyped.
    """
    found = fields_named(plan, cases, fields)
    chosen = [one for several in found.values() for one in several]
    missing = [
        *(case for case in cases if all(case != change.case_id for change, _ in chosen)),
        *(name for name in fields if all(name.casefold() not in names_of(e) for _, e in chosen)),
    ]
    if missing or not chosen:
        raise ReconcilerError(_nothing(plan, missing))
    return {name: several for name, several in found.items() if several}


def fields_named(
    plan: Plan, cases: Collection[str], fields: Collection[str]
) -> Mapping[str, tuple[Chosen, ...]]:
    """The same, whether or not every name chooses something."""
    wanted = {name.casefold() for name in fields}
    return {
        target.name: tuple(
            (change, entry)
            for change in target.changes
            if not cases or change.case_id in cases
            for entry in change.fields
            if not wanted or wanted & names_of(entry)
        )
        for target in plan.targets
    }


def names_of(entry: FieldChange) -> set[str]:
    """What the field may be called, without regard to case."""
    return {entry.id.casefold(), entry.name.casefold()}


def _nothing(plan: Plan, missing: Collection[str]) -> str:
    from reconciler.engine.names import nearest

    if not missing:
        return "the plan changes nothing; there is nothing to leave alone"
    first = next(iter(missing))
    hint = nearest(first, _known(plan))
    found = f'the plan changes nothing that is named "{first}" and chosen by the other options'
    return f"{found}; {hint}" if hint else found


def _known(plan: Plan) -> Iterator[str]:
    for target in plan.targets:
        for change in target.changes:
            yield change.case_id
            yield from (entry.name for entry in change.fields)
