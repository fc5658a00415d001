"""Bring what other machines have put on record of a plan to the local folder of runs."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from reconciler.errors import ReconcilerError
from reconciler.files.whole_file import replace_file
from reconciler.parallel import in_order
from reconciler.state.receipts import SUFFIX
from reconciler.state.runs import PastRun, past_run, pieces, plan_of, run_ids
from reconciler.state.store import Store, receipt_key

CLOCKS_DIFFER = timedelta(days=1)  # more than the clocks of two runners ever do


def fetch_earlier(store: Store, folder: Path, digest: str, tried: Iterable[str]) -> None:
    """The journals of every run of a plan, of those whose rest it is, and of the rests of those.

    `tried` are runs that are known to belong to it.
    """
    for run_id in _related(store, digest[:8], set(tried)):
        fetch_journal(store, folder, pieces(store, run_id))


def fetch_journal(store: Store, folder: Path, run: PastRun) -> Path:
    """The journal of a run as a local file; one that is here already and no shorter stays."""
    path = folder / f"{run.run_id}.jsonl"
    _check_own(path)
    if run.segments and (not path.is_file() or path.stat().st_size < run.size):
        read = partial(_content, store)
        replace_file(path, b"".join(in_order(read, [one.key for one in run.segments])))
    return path


def fetch_receipt(store: Store, folder: Path, run_id: str) -> Path:
    """The receipt of a run as a local file; one that is here already stays."""
    path = folder / f"{run_id}{SUFFIX}"
    _check_own(path)
    if not path.exists():
        replace_file(path, _content(store, receipt_key(run_id)))
    return path


def may_be_later(run_id: str, others: Iterable[str]) -> bool:
    """Whether a run may have begun after one of the others, whatever their clocks said."""
    first = min(map(_day, others), default=None)
    return first is None or _day(run_id) >= first - CLOCKS_DIFFER


def _day(run_id: str) -> datetime:
    try:
        return datetime.strptime(run_id[:8], "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:  # such a run is never passed over
        return datetime.max.replace(tzinfo=UTC)


def _related(store: Store, plan: str, names: set[str]) -> set[str]:
    """The names of the runs that belong together, as far as their names and first lines tell."""
    every = run_ids(store)
    plans, found = {plan} | {plan_of(one) for one in names}, set[str]()
    first = _FirstLines(store)
    while True:
        new = {one for one in every if one in names or plan_of(one) in plans} - found
        if not new:
            new = {one for one in every if one not in found and found and may_be_later(one, found)}
            new = {one for one, rest_of in first.read(new) if rest_of in found}
        if not new:
            return found
        found |= new
        names |= {rest_of for _, rest_of in first.read(new) if rest_of}
        plans |= {plan_of(one) for one in (*names, *new)}


class _FirstLines:
    """Whose rest each run was, read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, str] = {}

    def read(self, names: set[str]) -> list[tuple[str, str]]:
        todo = sorted(names - self._known.keys())
        for run in in_order(partial(past_run, self._store), todo):
            self._known[run.run_id] = run.started.retry_of if run.started else ""
        return [(one, self._known[one]) for one in sorted(names)]


def _check_own(path: Path) -> None:
    """A link laid in its place would have us write somewhere else."""
    if path.is_symlink():
        raise ReconcilerError(f"{path}: found a link, expected a file of ours; remove it")


def _content(store: Store, key: str) -> bytes:
    stored = store.get(key)
    if stored is None:
        raise ReconcilerError(f"{store.name}/{key}: it is gone")
    return stored.content
