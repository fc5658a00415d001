"""The runs that a state holds: what each was, how it ended, and which one somebody means."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from reconciler.errors import ReconcilerError
from reconciler.files.strict_json import strict_json
from reconciler.model.argument import as_names
from reconciler.model.event import Event, RunFinished, RunStarted
from reconciler.model.outcomes import KINDS
from reconciler.parallel import in_order
from reconciler.state.event_data import event_from
from reconciler.state.store import Entry, Store, receipt_key, run_prefix

LAST = "last"
# Runners' clocks differ: of so many runs that began last by their names, the store's clock decides.
CLOSE = 20
_RUN = re.compile(r"[0-9T.]{8,40}Z-([0-9a-f]{8})-[0-9a-f]{1,16}")
_BEGUN = re.compile(r"[0-9]{4,8}(?:T[0-9.]*(?:Z[0-9a-f-]*)?)?")  # the beginning of a name
_SEGMENT = re.compile(r"journal-([0-9]{4,9})\.jsonl")


class Ending(StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    CUT_SHORT = "cut short"  # or still at work


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """One run as the state holds it: its pieces of a journal, in order, and its receipt.

    `started` is missing where its first line is, `finished` where it was cut short or interrupted.
    """

    run_id: str
    segments: tuple[Entry, ...]
    receipt: Entry | None
    started: RunStarted | None = None
    finished: RunFinished | None = None

    @property
    def at(self) -> datetime | None:
        """When it began by the store's clock, where that tells."""
        return self.segments[0].at if self.segments else None

    @property
    def size(self) -> int:
        """The bytes of its journal."""
        return sum(one.size for one in self.segments)

    @property
    def is_rollback(self) -> bool:
        """Whether it undid another one."""
        return bool(self.started and self.started.rollback_of)

    @property
    def left(self) -> int | None:
        """How many planned cases are not done; None where the run did not come to its end."""
        if self.started is None or self.finished is None:
            return None
        done = sum(count for name, count in self.finished.counts if KINDS[name].done)
        return max(0, self.started.cases - done)

    @property
    def ending(self) -> Ending:
        """How it ended, as far as its last line and its receipt tell."""
        if self.finished is not None:
            return Ending.FINISHED
        return Ending.INTERRUPTED if self.receipt is not None else Ending.CUT_SHORT

    @property
    def counts(self) -> Mapping[str, int]:
        """How many cases ended in each way, where the run came to its end."""
        return dict(self.finished.counts) if self.finished else {}


def is_run(name: str) -> bool:
    """Whether it is the name of a run; nothing else is ever made a file's name."""
    return _RUN.fullmatch(name) is not None


def plan_of(run_id: str) -> str:
    """The first digits of the digest of the plan that a run applied."""
    found = _RUN.fullmatch(run_id)
    return found[1] if found else ""


def run_ids(store: Store) -> tuple[str, ...]:
    """Every run, the newest by its name first."""
    return tuple(sorted(filter(is_run, store.names("runs/")), reverse=True))


def pieces(store: Store, run_id: str) -> PastRun:
    """What there is of a run, by its keys; a piece that is missing ends its journal."""
    receipt, numbered = None, {}
    for entry in store.list(run_prefix(run_id)):
        name = entry.key.removeprefix(run_prefix(run_id))
        if entry.key == receipt_key(run_id):
            receipt = entry
        elif found := _SEGMENT.fullmatch(name):
            numbered[int(found[1])] = entry
    whole: list[Entry] = []
    while len(whole) + 1 in numbered:
        whole.append(numbered[len(whole) + 1])
    return PastRun(run_id=run_id, segments=tuple(whole), receipt=receipt)


def past_run(store: Store, run_id: str) -> PastRun:
    """One run, with what its first and its last line say."""
    found = pieces(store, run_id)
    if not found.segments:
        return found
    first = _event(store.peek(found.segments[0].key, at_end=False).split(b"\n")[0])
    lines = store.peek(found.segments[-1].key, at_end=True).rstrip(b"\n").split(b"\n")
    last = _event(lines[-1])
    return PastRun(
        run_id=run_id,
        segments=found.segments,
        receipt=found.receipt,
        started=first if isinstance(first, RunStarted) else None,
        finished=last if isinstance(last, RunFinished) else None,
    )


def past_runs(store: Store, names: Iterable[str]) -> tuple[PastRun, ...]:
    """Several runs, read at the same time."""
    return tuple(in_order(partial(past_run, store), names))


def newest(store: Store, most: int) -> tuple[PastRun, ...]:
    """The runs that began last, the newest first, by the store's clock where it tells."""
    found = past_runs(store, run_ids(store)[: max(most, CLOSE)])
    return tuple(sorted(found, key=_began, reverse=True)[:most])


def looks_like_a_run(text: str) -> bool:
    """Whether a text is the name of a run, or begins one, or means the last one."""
    return text == LAST or _BEGUN.fullmatch(text) is not None


def named(store: Store, given: str, *, rollbacks: bool = True) -> PastRun:
    """The run that a name means, in full or as far as only one begins so, or the last one."""
    if given == LAST:
        for run in newest(store, CLOSE):
            if rollbacks or not run.is_rollback:
                return run
        what = "run" if rollbacks else "apply"
        raise ReconcilerError(f"{store.name}: there is no {what} yet, so there is no last one")
    found = [one for one in run_ids(store) if one.startswith(given)] if given else []
    if given in found or len(found) == 1:
        return past_run(store, given if given in found else found[0])
    if not found:
        raise ReconcilerError(
            f"{as_names(given)}: there is no such file, and no such run in {store.name}"
        )
    raise ReconcilerError(f"{given} stands for {len(found)} runs in {store.name}; write more of it")


def _began(run: PastRun) -> tuple[float, str]:
    return (run.at.timestamp() if run.at else 0.0, run.run_id)


def _event(line: bytes) -> Event | None:
    try:
        data = strict_json(line)
    except (ValueError, RecursionError):
        return None
    return event_from(data) if isinstance(data, dict) else None
