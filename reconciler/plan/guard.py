"""Refuse plans that are larger, or reach further, than anyone said they may.

A guard never hides a plan: it adds a blocker, which blocks apply. Guards are computed on the plan
itself, when it is made and again when it is applied. What is counted here is what reports show.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from reconciler.config.model import Limits, OwnerRule
from reconciler.model.guards import Guard
from reconciler.model.plan import Blocker, TargetPlan
from reconciler.model.value import FieldId
from reconciler.specs.owners import disowned, owner_guards

# Of a plan file without an HMAC by a key of this machine; see README, Guards.
UNPROVEN = (
    "the file carries no HMAC that this machine can check (set RECONCILE_SEAL_KEY where plans are "
    "made and where they are applied)"
)
N = TypeVar("N")
PERCENT_FROM = 10  # managed cases; below that a percentage says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """What one call lifts, each limit by its own number or name."""

    cases: int | None = None
    percent: float | None = None
    clears: int | None = None
    fields: Mapping[str, int] = field(default_factory=dict)
    owners: frozenset[str] = frozenset()
    conflicts: int | None = None
    unclassified: int | None = None
    empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What a guard counted, and whether it blocks.

    `label` names it in reports, which show it beside the limit; empty where they do not.
    """

    guard: Guard
    scope: str
    found: float
    limit: float
    blocks: bool
    message: str
    label: str = ""
    names: str = ""


@dataclass(frozen=True)
class Asked:
    """What guards look at: a part of a plan, and what may be. See `blockers`."""

    target: TargetPlan
    limits: Limits
    allowed: Allowances
    vouched: bool = True
    owners: Sequence[OwnerRule] = ()
    without_specs: bool = False

    @cached_property
    def cases(self) -> "CountedCases":
        """Which limit each changed case counts against; two guards ask."""
        return counted_cases(self.target)

    def count(self, guard: Guard, found: float, limit: float, message: str) -> Count:
        """What was found of the whole target, which blocks where it is more than may be."""
        return Count(
            guard=guard,
            scope=self.target.name,
            found=found,
            limit=limit,
            blocks=found > limit,
            message=message,
            label=str(guard),
        )


def blockers(
    target: TargetPlan,
    limits: Limits,
    allowed: Allowances,
    *,
    vouched: bool = True,
    owners: Sequence[OwnerRule] = (),
    without_specs: bool = False,
) -> tuple[Blocker, ...]:
    """Every guard that this part of the plan trips; empty means that it may be applied.

    Where nobody vouches for the plan, what it says of managed cases and of owners lifts nothing.
    """
    asked = Asked(target, limits, allowed, vouched, owners, without_specs)
    return tuple(
        Blocker(one.guard, one.scope, _shown(one.found), one.limit, one.message, one.names)
        for one in counted(asked)
        if one.blocks
    )


def counted(asked: Asked) -> Iterator[Count]:
    """What each guard counts, in the order of their table."""
    for guard in Guard:
        yield from CHECKS[guard](asked)


def flag_of(blocker: Blocker) -> str:
    """The exact flag that lifts what a guard refuses, for whoever types commands."""
    return blocker.guard.facts.lift.facts.lifted(blocker.found, blocker.names)


def _shown(found: float) -> float:
    """With two decimals, but never down to a whole number, which would not let it pass."""
    rounded = round(found, 2)
    return rounded + 0.01 if rounded < found and rounded == int(rounded) else rounded


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


def _most(limit: N, allowed: N | None) -> N:
    """The limit, unless this call says another."""
    return limit if allowed is None else allowed


def _cases(asked: Asked) -> Iterator[Count]:
    """Cases that only policies with a limit of their own change count against those instead."""
    limit = _most(asked.limits.cases, asked.allowed.cases)
    count = asked.cases.general
    message = f"{count:,} cases would change, and at most {limit:,} may"
    yield asked.count(Guard.CASES, count, limit, message)


def _policy_cases(asked: Asked) -> Iterator[Count]:
    """A spec lifts nothing beyond what the config says."""
    counts, most = asked.cases, asked.limits.policy_cases
    for policy, count in sorted(counts.by_policy.items()):
        own = min(asked.target.policy_limits[policy], most)
        yield _of_policies(asked, f"policy {policy}", f"policy {policy}", count, own)
    if len(counts.by_policy) > 1:  # or many policies would lift what one may not
        who = "all policies with a limit of their own"
        yield _of_policies(asked, "all policies", who, counts.together, most)


def _of_policies(asked: Asked, label: str, who: str, count: int, own: int) -> Count:
    limit = _most(own, asked.allowed.cases)
    return Count(
        guard=Guard.POLICY_CASES,
        scope=f"{asked.target.name}, {who}",
        found=count,
        limit=limit,
        blocks=count > limit,
        message=f"{who} would change {count:,} cases, and at most {limit:,} may",
        label=label,
    )


def _percent(asked: Asked) -> Iterator[Count]:
    """Of a plan that nobody vouches for, the changed cases are all that is known to be managed."""
    target = asked.target
    limit = _most(asked.limits.percent, asked.allowed.percent)
    changed, managed = len(target.changes), target.cases_managed
    if limit is None or (asked.vouched and managed < PERCENT_FROM):
        return
    share = 100 * changed / managed if asked.vouched else 100 * bool(changed)
    message = (
        f"{changed:,} of {managed:,} managed cases would change, "
        f"that is {share:.1f} %, and at most {limit:g} % may"
        if asked.vouched
        else f"nothing proves that the {changed:,} cases which would change are at most "
        f"{limit:g} % of the managed ones: {UNPROVEN}"
    )
    yield asked.count(Guard.PERCENT, share, limit, message)


def _clears(asked: Asked) -> Iterator[Count]:
    limit = _most(asked.limits.clears, asked.allowed.clears)
    count = sum(entry.clears for change in asked.target.changes for entry in change.fields)
    message = f"{count:,} values would be cleared, and at most {limit:,} may"
    yield asked.count(Guard.CLEARS, count, limit, message)


def _unclassified(asked: Asked) -> Iterator[Count]:
    """Values of named cases alone: a policy's differences are never in conflict."""
    limit = _most(asked.limits.unclassified, asked.allowed.unclassified)
    count = sum(
        not entry.change_class.facts.known and not entry.policy
        for change in asked.target.changes
        for entry in change.fields
    )
    if limit is not None:
        message = (
            f"{count:,} values of named cases are unclassified, so that somebody else may have "
            f"changed them too, and at most {limit:,} may be (plan --attribution N reads more)"
        )
        yield asked.count(Guard.UNCLASSIFIED, count, limit, message)


def _fields(asked: Asked) -> Iterator[Count]:
    """A limit is looked up under the field's id and under its name."""
    entries = [entry for change in asked.target.changes for entry in change.fields]
    counts: Counter[FieldId] = Counter(entry.id for entry in entries)
    names = {entry.id: entry.name for entry in entries}
    for field_id, count in sorted(counts.items()):
        name = names[field_id]
        limit = _most(
            _limit_of(field_id, name, asked.limits.fields),
            _limit_of(field_id, name, asked.allowed.fields),
        )
        if limit is not None:
            yield Count(
                guard=Guard.FIELD,
                scope=f"{asked.target.name}, field {name}",
                found=count,
                limit=limit,
                blocks=count > limit,
                message=f"{name} would change on {count:,} cases, and at most {limit:,} may",
                names=name if name in asked.limits.fields else field_id,
            )


def _limit_of(field_id: str, name: str, limits: Mapping[str, int]) -> int | None:
    folded = {key.casefold(): value for key, value in limits.items()}
    return folded.get(field_id.casefold(), folded.get(name.casefold()))


def _owners(asked: Asked) -> Iterator[Count]:
    """What belongs to somebody else; of a plan that nobody vouches for, whose it is is unproven."""
    target = asked.target if asked.vouched else disowned(asked.target)
    for one in owner_guards(target, asked.owners, asked.allowed.owners):
        yield Count(
            guard=one.guard,
            scope=one.scope,
            found=one.found,
            limit=one.limit,
            blocks=True,
            message=one.message if asked.vouched else f"{one.message}; {UNPROVEN}",
            names=one.names,
        )


def _no_specs(asked: Asked) -> Iterator[Count]:
    """Against a wrong path: nothing at all was found to plan from."""
    yield Count(
        guard=Guard.NO_SPECS,
        scope=asked.target.name,
        found=0,
        limit=1,
        blocks=asked.without_specs and not asked.allowed.empty,
        message="no spec was found at all; usually the path is wrong",
    )


CHECKS: Mapping[Guard, Callable[[Asked], Iterator[Count]]] = {
    Guard.CASES: _cases,
    Guard.POLICY_CASES: _policy_cases,
    Guard.PERCENT: _percent,
    Guard.CLEARS: _clears,
    Guard.FIELD: _fields,
    Guard.UNCLASSIFIED: _unclassified,
    Guard.OWNER: _owners,
    Guard.NO_SPECS: _no_specs,
}
if unchecked := [str(one) for one in Guard if one not in CHECKS]:
    raise TypeError(f"nothing checks the guard {', '.join(unchecked)}")
