"""How near a target's part of a plan is to each of its guards."""

from collections.abc import Iterator

from reconciler.config.model import Limits
from reconciler.model.guards import Takes
from reconciler.model.plan import TargetPlan
from reconciler.plan.guard import Allowances, Asked, Count, counted


def guard_counts(target: TargetPlan, limits: Limits) -> Iterator[tuple[str, str, str]]:
    """What is counted, how many there are, and how many there may be."""
    counts = counted(Asked(target, limits, Allowances()))
    for one in sorted(counts, key=_is_percentage):  # those in whole numbers first
        if one.label:
            yield one.label, *_numbers(one)
    changed = [entry for change in target.changes for entry in change.fields]
    for name, limit in sorted(limits.fields.items()):
        count = sum(name.casefold() in (one.id.casefold(), one.name.casefold()) for one in changed)
        yield name, f"{count:,}", f"{limit:,}"


def _is_percentage(count: Count) -> bool:
    return count.guard.facts.lift.facts.takes is Takes.PERCENT


def _numbers(count: Count) -> tuple[str, str]:
    if _is_percentage(count):
        return f"{count.found:.1f}", f"{count.limit:g}"
    return f"{count.found:,}", f"{count.limit:,}"
