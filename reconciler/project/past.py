"""The runs that the state holds, and the receipt of one by its name."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import PlanMisfit, WrongArgument
from reconciler.model.event import Event, Outcome, Started
from reconciler.project.home import Home
from reconciler.state.event_data import event_from
from reconciler.state.fetching import fetch_journal, fetch_receipt
from reconciler.state.folder import FolderStore
from reconciler.state.journal_file import read_journal
from reconciler.state.runs import LAST, PastRun, looks_like_a_run, named, newest
from reconciler.state.store import Store
from reconciler.state.tally import outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStory:
    """One run with what its journal tells; `open` are cases that were sent and never told of."""

    run: PastRun
    outcomes: tuple[Outcome, ...]
    open: tuple[tuple[str, str], ...]


def runs_of(home: Home, most: int) -> tuple[PastRun, ...]:
    """The runs that began last, of all machines that share the state."""
    home.check_open()
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise WrongArgument("most", f"found {most!r}, expected a whole number from 1")
    return newest(home.connections.store(), most)


def story_of(home: Home, name: str) -> RunStory:
    """One run by its name, whatever is known of it."""
    home.check_open()
    store = home.connections.store()
    run = named(store, name)
    events = tuple(_events(_journal(home, store, run)))
    told = outcomes(events)
    known = {(one.target, one.case_id) for one in told}
    sent = dict.fromkeys((one.target, one.case_id) for one in events if isinstance(one, Started))
    return RunStory(run=run, outcomes=told, open=tuple(one for one in sent if one not in known))


def receipt_path(home: Home, given: str | Path, *, rollbacks: bool = True) -> Path:
    """The file of a receipt: one that is named, or that of a run by its name, or of the last run.

    `rollbacks`: whether the last one may have undone another.
    """
    if (Path(given).exists() and str(given) != LAST) or not looks_like_a_run(str(given)):
        return Path(given)
    store = home.connections.store()
    run = named(store, str(given), rollbacks=rollbacks)
    if str(given) == LAST:
        home.ways.note(f"the last {'run' if rollbacks else 'apply'} is {run.run_id}")
    if run.receipt is None:
        raise PlanMisfit(
            f"run {run.run_id} left no receipt: it is at work, or was killed; in that case apply "
            "the same plan again, which finishes what was begun and leaves one"
        )
    if isinstance(store, FolderStore):
        return store.path(run.receipt.key)
    return fetch_receipt(store, home.config.state / "runs", run.run_id)


def _journal(home: Home, store: Store, run: PastRun) -> Path:
    if isinstance(store, FolderStore):
        return home.config.state / "runs" / f"{run.run_id}.jsonl"
    return fetch_journal(store, home.config.state / "runs", run)


def _events(journal: Path) -> Iterable[Event]:
    if journal.is_file():
        yield from filter(None, map(event_from, read_journal(journal)))
