"""How near a target's part of a plan is to each of its guards."""

from collections.abc import Iterator

from reconciler.config.model import Limits
from reconciler.model.plan import TargetPlan
from reconciler.plan.guard import PERCENT_FROM, counted_cases, policy_limit


def guard_counts(target: TargetPlan, limits: Limits) -> Iterator[tuple[str, str, str]]:
    """What is counted, how many there are, and how many there may be."""
    changed = [entry for change in target.changes for entry in change.fields]
    counts = counted_cases(target)
    yield "cases", f"{counts.general:,}", f"{limits.cases:,}"
    for policy, count in sorted(counts.by_policy.items()):
        own = policy_limit(target.policy_limits[policy], limits)
        yield f"policy {policy}", f"{count:,}", f"{own:,}"
    if len(counts.by_policy) > 1:
        yield "all policies", f"{counts.together:,}", f"{limits.policy_cases:,}"
    yield "clears", f"{sum(entry.clears for entry in changed):,}", f"{limits.clears:,}"
    if limits.percent is not None and target.cases_managed >= PERCENT_FROM:
        share = 100 * len(target.changes) / target.cases_managed
        yield "percent", f"{share:.1f}", f"{limits.percent:g}"
    for name, limit in sorted(limits.fields.items()):
        count = sum(name.casefold() in (one.id.casefold(), one.name.casefold()) for one in changed)
        yield name, f"{count:,}", f"{limit:,}"
