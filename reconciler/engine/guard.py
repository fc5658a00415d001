"""Refuse plans that are larger, or reach further, than anyone said they may.

A guard never hides a plan: it adds an objection, which blocks apply and names the exact flag
that lifts this guard and no other. Guards are computed on the plan itself, when it is made and
again when it is applied.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil

from reconciler.model.config import Limits
from reconciler.model.plan import Objection, TargetPlan

PERCENT_FROM = 10  # managed cases; below that a percentage says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """What the command line lifts, each guard by its own number or name."""

    cases: int | None = None
    percent: float | None = None
    clears: int | None = None
    fields: Mapping[str, int] = field(default_factory=dict)
    owners: frozenset[str] = frozenset()


def objections(target: TargetPlan, limits: Limits, allowed: Allowances) -> tuple[Objection, ...]:
    """Every guard that this part of the plan trips; empty means that it may be applied."""
    return (
        *_cases(target, limits, allowed),
        *_percent(target, limits, allowed),
        *_clears(target, limits, allowed),
        *_fields(target, limits, allowed),
    )


def counted_cases(target: TargetPlan) -> tuple[int, Counter[str]]:
    """Cases that count against the target's limit, and against each policy's own."""
    general = 0
    by_policy: Counter[str] = Counter()
    for change in target.changes:
        policies = {entry.policy for entry in change.fields}
        own = policies & target.policy_limits.keys()
        by_policy.update(own)
        general += own != policies
    return general, by_policy


def _cases(target: TargetPlan, limits: Limits, allowed: Allowances) -> Iterator[Objection]:
    """Cases that only policies with a limit of their own change count against those instead."""
    general, by_policy = counted_cases(target)
    limit = limits.cases if allowed.cases is None else allowed.cases
    if general > limit:
        yield Objection(
            "cases",
            target.name,
            general,
            limit,
            f"--allow-cases {general}",
            f"{general:,} cases would change, and at most {limit:,} may",
        )
    for policy, count in sorted(by_policy.items()):
        limit = target.policy_limits[policy] if allowed.cases is None else allowed.cases
        if count > limit:
            yield Objection(
                "policy-cases",
                f"{target.name}, policy {policy}",
                count,
                limit,
                f"--allow-cases {count}",
                f"policy {policy} would change {count:,} cases, and at most {limit:,} may",
            )


def _percent(target: TargetPlan, limits: Limits, allowed: Allowances) -> Iterator[Objection]:
    limit = limits.percent if allowed.percent is None else allowed.percent
    if limit is None or target.cases_managed < PERCENT_FROM:
        return
    changed = len(target.changes)
    share = 100 * changed / target.cases_managed
    if share > limit:
        needed = ceil(share)
        yield Objection(
            "percent",
            target.name,
            round(share, 2),
            limit,
            f"--allow-percent {needed}",
            f"{changed:,} of {target.cases_managed:,} managed cases would change, "
            f"that is {share:.1f} %, and at most {limit:g} % may",
        )


def _clears(target: TargetPlan, limits: Limits, allowed: Allowances) -> Iterator[Objection]:
    limit = limits.clears if allowed.clears is None else allowed.clears
    count = sum(entry.clears for change in target.changes for entry in change.fields)
    if count > limit:
        yield Objection(
            "clears",
            target.name,
            count,
            limit,
            f"--allow-clears {count}",
            f"{count:,} values would be cleared, and at most {limit:,} may",
        )


def _fields(target: TargetPlan, limits: Limits, allowed: Allowances) -> Iterator[Objection]:
    """A limit is looked up under the field's id and under its name."""
    counts: Counter[tuple[str, str]] = Counter(
        (entry.id, entry.name) for change in target.changes for entry in change.fields
    )
    for (field_id, name), count in sorted(counts.items()):
        limit = _limit_of(field_id, name, allowed.fields)
        limit = _limit_of(field_id, name, limits.fields) if limit is None else limit
        if limit is not None and count > limit:
            key = name if name in limits.fields else field_id
            flag = f'"{key}={count}"' if " " in key else f"{key}={count}"
            yield Objection(
                "field",
                f"{target.name}, field {name}",
                count,
                limit,
                f"--allow-field {flag}",
                f"{name} would change on {count:,} cases, and at most {limit:,} may",
            )


def _limit_of(field_id: str, name: str, limits: Mapping[str, int]) -> int | None:
    folded = {key.casefold(): value for key, value in limits.items()}
    return folded.get(field_id.casefold(), folded.get(name.casefold()))
