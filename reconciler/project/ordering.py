"""In which order the targets of an apply begin, and what of earlier applies holds one back."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from reconciler.apply.order import held_back, why_undone
from reconciler.apply.turns import Turns, in_order_of
from reconciler.config.model import Config
from reconciler.errors import ReconcilerError
from reconciler.model.argument import argument
from reconciler.model.event import NotAttempted, Outcome
from reconciler.model.outcomes import kind_of
from reconciler.model.plan import Plan
from reconciler.model.receipt import Receipt
from reconciler.project.connections import Connections
from reconciler.service.lanes import lane_of
from reconciler.state.fetching import fetch_receipt
from reconciler.state.receipts import saved_receipt
from reconciler.state.runs import CLOSE, newest, run_ids

Receipts = Iterable[Receipt]


def receipts_of(connections: Connections, config: Config) -> Iterator[Receipt]:
    """The receipts on record, the newest first; one that was edited counts for nothing."""
    store = connections.store()
    close = [run.run_id for run in newest(store, CLOSE)]
    older = (one for one in run_ids(store) if one not in close)
    for run_id in chain(close, older):
        try:
            path = fetch_receipt(store, connections.state / "runs", run_id)
            yield saved_receipt(path, config)
        except ReconcilerError:
            continue


def turns_of(
    plan: Plan, config: Config, *, parallel: int | None = None, skip_after: bool = False
) -> Turns:
    """The order of a plan's targets; a rollback runs it backwards."""
    names = tuple(target.name for target in plan.targets)
    after = {} if skip_after else {one: config.targets[one].after for one in names}
    if plan.rollback_of:
        after = _turned_round(after)
    return Turns(
        names=in_order_of(names, after),
        lanes={one: lane_of(config.targets[one]) for one in names},
        after=after,
        most=parallel,
    )


def skipped(plan: Plan, config: Config) -> tuple[str, ...]:
    """The targets whose order is lifted; raises where there is none to be lifted."""
    names = [target.name for target in plan.targets]
    after = {one: config.targets[one].after for one in names}
    found = _turned_round(after) if plan.rollback_of else after
    if not any(found.get(one) for one in names):
        raise ReconcilerError(
            f"{argument('skip_after')} has no effect here: no target of this plan comes after "
            "another; leave it out"
        )
    return tuple(one for one in names if found.get(one))


def _turned_round(after: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, before in after.items():
        for one in before:
            found[one] = (*found.get(one, ()), name)
    return found


def held_by_earlier(
    plan: Plan, turns: Turns, receipts: Receipts, retried: Receipt | None
) -> dict[str, str]:
    """The targets that a target outside of this plan holds back, and why.

    The newest apply of the same commit tells of that one; else the one whose rest this is.
    """
    if plan.rollback_of:
        return {}
    waiting = {
        name: [one for one in turns.after.get(name, ()) if one not in turns.names]
        for name in turns.names
    }
    wanted = {one for before in waiting.values() for one in before}
    if not wanted:
        return {}
    why = _undone_before(plan, wanted, chain(receipts, () if retried is None else (retried,)))
    return {
        name: held_back(one, why[one])
        for name, before in waiting.items()
        for one in reversed(before)
        if why[one]
    }


def _undone_before(plan: Plan, wanted: set[str], receipts: Receipts) -> dict[str, str]:
    """Why each of these targets is not done, by the newest receipt that is about it."""
    commit = plan.git.commit[:12] or "these specs"
    why = dict.fromkeys(wanted, f"no apply of {commit} is on record here")
    left = set(wanted)
    for receipt in receipts:
        if not _of_one_source(receipt.plan, plan):
            continue
        rest = _by_target(one for one in receipt.outcomes if not _by_limit(one))
        for target in receipt.plan.targets:
            if target.name in left:
                left.discard(target.name)
                undone = "it was rolled back" if receipt.plan.rollback_of else ""
                why[target.name] = undone or why_undone(target, rest.get(target.name, []))
        if not left:
            break
    return why


def _of_one_source(one: Plan, other: Plan) -> bool:
    """Whether two plans are of the same specs: of one commit, or where none is known, alike."""
    if one.git.commit or other.git.commit:
        return one.git.commit == other.git.commit
    return one.spec_digest == other.spec_digest


def _by_limit(one: Outcome) -> bool:
    return isinstance(one, NotAttempted) and one.reason.startswith("--limit ")


def _by_target(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {}
    for one in outcomes:
        found.setdefault(one.target, []).append(one)
    return found


def unfinished(plan: Plan, retried: Receipt | None) -> Mapping[str, str]:
    """The targets of a retry that stay undone whatever it does: their conflicts are not in it."""
    if retried is None:
        return {}
    todo = {(target.name, one.case_id) for target in plan.targets for one in target.changes}
    left = _by_target(
        one
        for one in retried.outcomes
        if not kind_of(one).done and (one.target, one.case_id) not in todo
    )
    planned = {target.name: target for target in retried.plan.targets}
    return {name: why_undone(planned[name], found) for name, found in left.items()}
