"""How near a target's part of a plan is to each of its guards."""

from collections.abc import Iterator

from reconciler.engine.guard import PERCENT_FROM, counted_cases
from reconciler.model.config import Limits
from reconciler.model.plan import TargetPlan


def guard_counts(target: TargetPlan, limits: Limits) -> Iterator[tuple[str, str, str]]:
    """What is counted, how many there are, and how many there may be."""
    changed = [entry for change in target.changes for entry in change.fields]
    general, by_policy = counted_cases(target)
    yield "cases", f"{general:,}", f"{limits.cases:,}"
    for policy, count in sorted(by_policy.items()):
        yield f"policy {policy}", f"{count:,}", f"{target.policy_limits[policy]:,}"
    yield "clears", f"{sum(entry.clears for entry in changed):,}", f"{limits.clears:,}"
    if limits.percent is not None and target.cases_managed >= PERCENT_FROM:
        share = 100 * len(target.changes) / target.cases_managed
        yield "percent", f"{share:.1f}", f"{limits.percent:g}"
    for name, limit in sorted(limits.fields.items()):
        count = sum(name.casefold() in (one.id.casefold(), one.name.casefold()) for one in changed)
        yield name, f"{count:,}", f"{limit:,}"
