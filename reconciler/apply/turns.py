"""Whose turn it is: targets in the order that the config asks for, and lanes at the same time."""

import queue
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from reconciler.model.event import Outcome

Reply = TypeVar("Reply")


class Ask(Protocol):
    """Has something done by whoever iterates the run, and returns what came of it."""

    def __call__(self, question: Callable[[], Reply], /) -> Reply: ...


Work = Callable[[str, Ask], Iterator[Outcome]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """When each target may begin.

    `after` are those that have to be over before; `lanes` share their quotas, so that one target
    of each is worked on at once, and `most` lanes at the same time (None: all). `held` are those
    that something outside of this run holds back, and why; `undone` those that hold back others
    whatever becomes of this run.
    """

    names: tuple[str, ...]
    lanes: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    most: int | None = None
    held: Mapping[str, str] = field(default_factory=dict)
    undone: Mapping[str, str] = field(default_factory=dict)

    def before(self, name: str) -> tuple[str, ...]:
        """The targets of this run that come before one."""
        return tuple(one for one in self.after.get(name, ()) if one in self.names)

    def next(self, over: Collection[str], busy: Collection[str]) -> str | None:
        """The first target that may begin, or None: all lanes are at work, or it has to wait."""
        taken = {self.lane(one) for one in busy}
        if self.most is not None and len(taken) >= self.most:
            return None
        for name in self.names:
            waits = any(one not in over for one in self.before(name))
            if name not in over and not waits and self.lane(name) not in taken:
                return name
        return None

    def lane(self, name: str) -> str:
        """The lane of a target."""
        return self.lanes.get(name, "")

    @property
    def at_once(self) -> int:
        """How many lanes are at work at the same time, at most."""
        lanes = len(set(map(self.lane, self.names)))
        return lanes if self.most is None else min(lanes, self.most)


def in_turn(turns: Turns, work: Work, stop: threading.Event) -> Iterator[Outcome]:
    """Every target's outcomes, as they come; what one lane raises ends the others.

    So does whoever stops listening: `stop` is set while what is in flight is being finished.
    """
    if turns.at_once <= 1:
        yield from _one_by_one(turns, work)
        return
    crew = _Crew()
    over: set[str] = set()
    try:
        while len(over) < len(turns.names):
            while (name := turns.next(over, crew.busy)) is not None:
                crew.begin(name, work)
            said = crew.hear()
            if isinstance(said, _Over):
                over.add(said.name)
                if said.error is not None:
                    raise said.error
            else:
                yield said
    finally:
        crew.end(stop)


def _one_by_one(turns: Turns, work: Work) -> Iterator[Outcome]:
    over: set[str] = set()
    while (name := turns.next(over, ())) is not None:
        yield from work(name, lambda question: question())
        over.add(name)


@dataclass(frozen=True, slots=True)
class _Over:
    """A target has told all its outcomes, or broke off."""

    name: str
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    """What a lane wants to have done by whoever iterates, and where the answer goes."""

    do: Callable[[], Any]
    reply: "queue.SimpleQueue[tuple[Any, BaseException | None]]"

    def answer(self) -> None:
        """Do it."""
        try:
            self.reply.put((self.do(), None))
        except BaseException as error:  # noqa: BLE001 - it is raised where it was asked
            self.reply.put((None, error))


class _Crew:
    """A thread for each target that is worked on.

    Nobody runs ahead: an outcome is handed over before the next one is looked for, so that whoever
    stops listening stops the work.
    """

    def __init__(self) -> None:
        self.busy: set[str] = set()
        self._heard: queue.Queue[Outcome | _Over | _Question] = queue.Queue(maxsize=1)
        self._left = threading.Event()

    def begin(self, name: str, work: Work) -> None:
        """Work on one more target."""
        self.busy.add(name)
        # A daemon: a program that forgets a run half-way can still end.
        threading.Thread(
            target=self._work, args=(name, work), name=f"lane of {name}", daemon=True
        ).start()

    def hear(self) -> Outcome | _Over:
        """The next outcome of any target, or that one is over."""
        while isinstance(said := self._heard.get(), _Question):
            said.answer()
        if isinstance(said, _Over):
            self.busy.discard(said.name)
        return said

    def end(self, stop: threading.Event) -> None:
        """Let everyone finish what is in flight; nobody hears of it but the journal."""
        self._left.set()
        if not self.busy:
            return
        asked = stop.is_set()
        stop.set()  # a lane may be waiting for its next stage
        while self.busy:
            self.hear()
        if not asked:
            stop.clear()

    def _work(self, name: str, work: Work) -> None:
        error: BaseException | None = None
        try:
            outcomes = work(name, self._ask)
            for outcome in outcomes:
                self._heard.put(outcome)
                if self._left.is_set():
                    break
            close = getattr(outcomes, "close", None)
            if close is not None:
                close()
        except BaseException as found:  # noqa: BLE001 - it is raised where the run is iterated
            error = found
        self._heard.put(_Over(name, error))

    def _ask(self, question: Callable[[], Reply]) -> Reply:
        reply: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        self._heard.put(_Question(question, reply))
        answer, error = reply.get()
        if error is not None:
            raise error
        found: Reply = answer
        return found


def in_order_of(names: Sequence[str], after: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The names in their own order, but each behind those that come before it."""
    left, found = list(names), list[str]()
    while left:
        ready = [one for one in left if not set(after.get(one, ())) & set(left)]
        found.append((ready or left)[0])
        left.remove(found[-1])
    return tuple(found)
