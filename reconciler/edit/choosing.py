"""Choose the differing fields of a plan that its reader names."""

from collections.abc import Collection, Mapping

from reconciler.errors import ReconcilerError
from reconciler.model.argument import argument
from reconciler.model.plan import CaseChange, FieldChange, Plan
from reconciler.plan.selecting import Asked, raise_missing, themselves

Chosen = tuple[CaseChange, FieldChange]


def chosen_fields(
    plan: Plan, cases: Collection[str], fields: Collection[str]
) -> Mapping[str, tuple[Chosen, ...]]:
    """What is chosen of each target; of cases and fields, none named means every one.

    A name that chooses nothing is an error: it is likely mistyped.
    """
    changes = [change for target in plan.targets for change in target.changes]
    if not changes:
        raise ReconcilerError("the plan changes nothing; there is nothing to leave alone")
    names = themselves(entry.name for change in changes for entry in change.fields)
    ids = themselves(entry.id for change in changes for entry in change.fields)
    asked = (
        Asked(argument("cases"), "case", cases, themselves(change.case_id for change in changes)),
        Asked(argument("fields"), "field", fields, {**ids, **names}, names),
    )
    raise_missing(asked, "the plan changes")
    found = fields_named(plan, cases, fields)
    chosen = [one for several in found.values() for one in several]
    idle = [
        *(case for case in cases if all(case != change.case_id for change, _ in chosen)),
        *(name for name in fields if all(name.casefold() not in names_of(e) for _, e in chosen)),
    ]
    # A name that chooses nothing together with the others is as likely mistyped.
    if idle:
        raise ReconcilerError(
            f"{idle[0]}: the plan changes no such field of the cases that are chosen"
        )
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
