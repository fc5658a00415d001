"""What an apply left undone, as a plan of its own.

The rest has a digest of its own wherever something was done, so that its journal and its stamps
never pass for those of the whole plan.
"""

from collections.abc import Iterable
from dataclasses import replace

from reconciler.model.event import Outcome
from reconciler.model.outcomes import Severity, kind_of
from reconciler.model.plan import Plan
from reconciler.model.receipt import Receipt
from reconciler.plan.assembling import estimate
from reconciler.service.quotas import DEFAULT_QUOTAS


def to_try_again(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """The outcomes whose cases a retry is about."""
    return tuple(one for one in outcomes if kind_of(one).again)


def conflicts(outcomes: Iterable[Outcome]) -> int:
    """How many cases need a new plan."""
    return sum(kind_of(one).severity is Severity.TO_DECIDE for one in outcomes)


def retry_plan(receipt: Receipt) -> Plan:
    """The plan of what failed, is unknown, unverified, not attempted, or was never reached.

    What could not be read stays in it: it is not tried, and keeps the rest from being complete.
    """
    over = {(one.target, one.case_id) for one in receipt.outcomes if not kind_of(one).again}
    plan, targets = receipt.plan, []
    for target in plan.targets:
        changes = tuple(one for one in target.changes if (target.name, one.case_id) not in over)
        if changes or target.unreadable or target.error is not None:
            targets.append(
                replace(
                    target,
                    changes=changes,
                    ignored=(),
                    blocked_by=(),
                    unconfirmed=0,
                    estimate=estimate(
                        changes, plan.mode, DEFAULT_QUOTAS, 1.0, by_field=plan.by_field
                    ),
                    bulk_estimate=None,
                    by_field_estimate=None,
                )
            )
    return replace(plan, targets=tuple(targets), part_of="")
