"""What earlier applies of a plan began: from the journals of this machine and a receipt.

A plan that is the rest of another one inherits what that one began, and so on, both ways.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from reconciler.apply.part import recorded
from reconciler.apply.resume import Earlier, begun_in, first_line
from reconciler.history.stamp import stamp
from reconciler.model.event import Event, RunStarted
from reconciler.model.receipt import Receipt
from reconciler.plan.file.data import identity
from reconciler.state.event_data import event_from
from reconciler.state.fetching import may_be_later
from reconciler.state.journal_file import read_journal
from reconciler.state.journals import runs_of


def earlier_applies(
    runs: Path, digest: str, retried: Receipt | None, note: Callable[[str], None]
) -> Earlier:
    """Everything that the plan, and those whose rest it is, are on record to have begun."""
    stamps: set[str] = set()
    found: list[tuple[Event, ...]] = []
    todo, known, names = [digest], set[str](), set[str]()
    if retried is not None:
        plan = retried.plan
        names.add(retried.run.run_id)
        todo += [identity(plan), *_plan_of(runs, retried.run.retry_of)]
        stamps.add(stamp(todo[1], plan.git.commit, rollback=bool(plan.rollback_of)))
    while todo:
        known.add(current := todo.pop())
        for events in map(tuple, runs_of(current, runs, note)):
            found.append(events)
            if started := first_line(events):
                rollback = bool(started.rollback_of)
                stamps.add(stamp(current, started.commit, rollback=rollback))
                names.add(started.run_id)
                todo += _plan_of(runs, started.retry_of)
        todo = _new(todo, known) or _new(_rests_of(runs, names), known)
    if retried is None:
        return Earlier(begun_in(found), frozenset(stamps))
    planned = {
        (target.name, change.case_id): recorded([entry.id for entry in change.fields])
        for target in retried.plan.targets
        for change in target.changes
    }
    return Earlier(begun_in(found, retried.outcomes, planned), frozenset(stamps))


def _new(digests: Iterable[str], known: Collection[str]) -> list[str]:
    """Those that have not been looked up yet, each once."""
    return [one for one in dict.fromkeys(digests) if one not in known]


def _rests_of(runs: Path, names: set[str]) -> Iterator[str]:
    """The digests of the plans that tried the rest of these runs, which was later than those."""
    for path in runs.glob("*.jsonl") if names else ():
        if may_be_later(path.stem, names):
            first = event_from(next(read_journal(path), {}))
            if isinstance(first, RunStarted) and first.retry_of in names:
                yield first.plan_digest


def _plan_of(runs: Path, run: str) -> Iterator[str]:
    """The digest of the plan that a run applied, where its journal is here."""
    path = runs / f"{Path(run).name}.jsonl"
    if run and path.is_file():
        first = event_from(next(read_journal(path), {}))
        if isinstance(first, RunStarted):
            yield first.plan_digest
