"""Make one plan of several that were made of the same specs, a job each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from reconciler.errors import ReconcilerError
from reconciler.model.plan import Plan

# What has to be the same in all of them, and in which words it is asked for.
_ALIKE = {
    "spec_digest": "specs",
    "mode": "mode",
    "by_field": "mode",
    "rollback_of": "apply to roll back",
}


def joined(plans: Sequence[Plan]) -> Plan:
    """All their targets in one plan, which is as old as the oldest and ends with the first."""
    first, *others = plans
    for other in others:
        if other.git.commit != first.git.commit:
            raise ReconcilerError(
                f"the plans are of different commits, {_commit(first)} and {_commit(other)}; "
                "join those of one"
            )
        for name, word in _ALIKE.items():
            if getattr(other, name) != getattr(first, name):
                raise ReconcilerError(f"the plans differ in their {word}; join those of one")
    targets = tuple(target for plan in plans for target in plan.targets)
    names = Counter(target.name for target in targets)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise ReconcilerError(f"target {twice[0]} is in two of the plans; join each target once")
    return replace(
        first,
        targets=targets,
        created_at=min(plan.created_at for plan in plans),
        expires_at=min(plan.expires_at for plan in plans),
        part_of="",
        vouched=all(plan.vouched for plan in plans),
    )


def _commit(plan: Plan) -> str:
    return plan.git.commit[:12] or "none"
