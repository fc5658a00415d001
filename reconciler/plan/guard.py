"""Refuse plans that are larger, or reach further, than anyone said they may.

A guard never hides a plan: it adds an blocker, which blocks apply and names the exact flag
that lifts this guard and no other. Guards are computed on the plan itself, when it is made and
again when it is applied.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil

from reconciler.config.model import Limits
from reconciler.model.plan import Blocker, TargetPlan
from reconciler.model.value import FieldId

# Of a plan file without an HMAC by a key of this machine; see README, Guards.
UNPROVEN = (
    "the file carries no HMAC that this machine can check (set RECONCILE_SEAL_KEY where plans are "
    "made and where they are applied)"
)
PERCENT_FROM = 10  # managed cases; below that a percentage says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """What the command line lifts, each guard by its own number or name."""

    cases: int | None = None
    percent: float | None = None
    clears: int | None = None
    fields: Mapping[str, int] = field(default_factory=dict)
    owners: frozenset[str] = frozenset()
    conflicts: int | None = None
    unclassified: int | None = None


def blockers(
    target: TargetPlan, limits: Limits, allowed: Allowances, *, vouched: bool = True
) -> tuple[Blocker, ...]:
    """Every guard that this part of the plan trips; empty means that it may be applied.

    Where nobody vouches for the plan, how many cases it says are managed lifts nothing.
    """
    return (
        *_cases(target, limits, allowed),
        *(_percent if vouched else _percent_of_a_claim)(target, limits, allowed),
        *_clears(target, limits, allowed),
        *_fields(target, limits, allowed),
        *_unclassified(target, limits, allowed),
    )


@dataclass(frozen=True, slots=True)
class CountedCases:
    """Cases that count against the target's limit, against each policy's own, and how many of
    them only such policies change."""

    general: int
    by_policy: Mapping[str, int]
    together: int


def counted_cases(target: TargetPlan) -> CountedCases:
    """Which limit each changed case counts against."""
    general = together = 0
    by_policy: Counter[str] = Counter()
    for change in target.changes:
        policies = {entry.policy for entry in change.fields}
        own = policies & target.policy_limits.keys()
        by_policy.update(own)
        general += own != policies
        together += own == policies
    return CountedCases(general, by_policy, together)


def policy_limit(own: int, limits: Limits) -> int:
    """What a policy's own limit is worth: a spec lifts nothing beyond what the config says."""
    return min(own, limits.policy_cases)


def _cases(target: TargetPlan, limits: Limits, allowed: Allowances) -> Iterator[Blocker]:
    """Cases that only policies with a limit of their own change count against those instead."""
    counts = counted_cases(target)
    limit = limits.cases if allowed.cases is None else allowed.cases
    if counts.general > limit:
        yield Blocker(
            "cases",
            target.name,
            counts.general,
            limit,
            f"--allow-cases {counts.general}",
            f"{counts.general:,} cases would change, and at most {limit:,} may",
        )
    for policy, count in sorted(counts.by_policy.items()):
        own = policy_limit(target.policy_limits[policy], limits)
        yield from _policy_cases(target.name, f"policy {policy}", count, own, allowed)
    if len(counts.by_policy) > 1:  # or many policies would lift what one may not
        yield from _policy_cases(
            target.name,
            "all policies with a limit of their own",
            counts.together,
            limits.policy_cases,
            allowed,
        )


def _policy_cases(
    target: str, who: str, count: int, own: int, allowed: Allowances
) -> Iterator[Blocker]:
    limit = own if allowed.cases is None else allowed.cases
    if count > limit:
        yield Blocker(
            "policy-cases",
            f"{target}, {who}",
            count,
            limit,
            f"--allow-cases {count}",
            f"{who} would change {count:,} cases, and at most {limit:,} may",
        )


def _percent(target: TargetPlan, limits: Limits, allowed: Allowances) -> Iterator[Blocker]:
    limit = limits.percent if allowed.percent is None else allowed.percent
    if limit is None or target.cases_managed < PERCENT_FROM:
        return
    changed = len(target.changes)
    share = 100 * changed / target.cases_managed
    if share > limit:
        needed = ceil(share)
        yield Blocker(
            "percent",
            target.name,
            round(share, 2),
            limit,
            f"--allow-percent {needed}",
            f"{changed:,} of {target.cases_managed:,} managed cases would change, "
            f"that is {share:.1f} %, and at most {limit:g} % may",
        )


def _percent_of_a_claim(
    target: TargetPlan, limits: Limits, allowed: Allowances
) -> Iterator[Blocker]:
    """The changed cases are all that is known of, so that they are all of them."""
    limit = limits.percent if allowed.percent is None else allowed.percent
    if limit is not None and limit < 100 and target.changes:
        yield Blocker(
            "percent",
            target.name,
            100,
            limit,
            "--allow-percent 100",
            f"nothing proves that the {len(target.changes):,} cases which would change are at most "
            f"{limit:g} % of the managed ones: {UNPROVEN}",
        )


def _clears(target: TargetPlan, limits: Limits, allowed: Allowances) -> Iterator[Blocker]:
    limit = limits.clears if allowed.clears is None else allowed.clears
    count = sum(entry.clears for change in target.changes for entry in change.fields)
    if count > limit:
        yield Blocker(
            "clears",
            target.name,
            count,
            limit,
            f"--allow-clears {count}",
            f"{count:,} values would be cleared, and at most {limit:,} may",
        )


def _unclassified(target: TargetPlan, limits: Limits, allowed: Allowances) -> Iterator[Blocker]:
    """Values of named cases alone: a policy's differences are never in conflict."""
    limit = limits.unclassified if allowed.unclassified is None else allowed.unclassified
    count = sum(
        not entry.change_class.facts.known and not entry.policy
        for change in target.changes
        for entry in change.fields
    )
    if limit is not None and count > limit:
        yield Blocker(
            "unclassified",
            target.name,
            count,
            limit,
            f"--allow-unclassified {count}",
            f"{count:,} values of named cases are unclassified, so that somebody else may have "
            f"changed them too, and at most {limit:,} may be (plan --attribution N reads more)",
        )


def _fields(target: TargetPlan, limits: Limits, allowed: Allowances) -> Iterator[Blocker]:
    """A limit is looked up under the field's id and under its name."""
    counts: Counter[FieldId] = Counter(
        entry.id for change in target.changes for entry in change.fields
    )
    names = {entry.id: entry.name for change in target.changes for entry in change.fields}
    for field_id, count in sorted(counts.items()):
        name = names[field_id]
        limit = _limit_of(field_id, name, allowed.fields)
        limit = _limit_of(field_id, name, limits.fields) if limit is None else limit
        if limit is not None and count > limit:
            key = name if name in limits.fields else field_id
            flag = f'"{key}={count}"' if " " in key else f"{key}={count}"
            yield Blocker(
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
