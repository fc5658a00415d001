"""A case is written once, by whatever names it and its domain go."""

import unicodedata
from uuid import UUID

from reconciler.model.plan import Plan


def same(name: str) -> str:
    """One spelling of an id: ids that the service could take for one another are one."""
    folded = unicodedata.normalize("NFKC", name).strip().casefold()
    try:
        return UUID(folded).hex
    except ValueError:
        return folded


def shared_case(plan: Plan) -> str:
    """What is wrong where two targets of a plan are one domain, and both change a case of it."""
    first: dict[tuple[str, ...], str] = {}
    for target in plan.targets:
        domain = (same(target.domain_id), target.account, target.region)
        for change in target.changes:
            other = first.setdefault((*domain, same(change.case_id)), target.name)
            if other != target.name:
                return (
                    f"case {change.case_id} is changed by the targets {other} and {target.name}, "
                    "which are one domain; a saved plan is about a case once: choose one of the "
                    "targets"
                )
    return ""
