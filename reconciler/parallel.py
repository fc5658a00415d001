"""Do the same work for many items at once, in order and with bounded memory."""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)
Result = TypeVar("Result")

WORKERS = 16  # enough for tens of calls a second at a few hundred milliseconds each


def in_order(
    work: Callable[[Item], Result], items: Iterable[Item], workers: int = WORKERS
) -> Iterator[Result]:
    """Each item's result, in the items' order; no more than two a worker are under way.

    When the caller stops listening, what has begun is finished and nothing else is begun.
    """
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="reconcile") as pool:
        under_way: deque[Future[Result]] = deque()
        try:
            for item in items:
                under_way.append(pool.submit(work, item))
                if len(under_way) >= 2 * workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()


class Begun(Generic[Key, Result]):
    """The same work for items that turn up one by one: begun at once, its result taken later.

    The first is done alone, since it may show that none of the others can be done.
    """

    def __init__(self, work: Callable[[Key], Result], workers: int) -> None:
        self._work = work
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="begun")
        self._first: Future[Result] | None = None
        self._futures: dict[Key, Future[Result]] = {}

    def __len__(self) -> int:
        """How many items were begun."""
        return len(self._futures)

    def __contains__(self, item: Key) -> bool:
        return item in self._futures

    def begin(self, item: Key) -> None:
        """Begin the work for an item, unless it was begun before."""
        if item not in self._futures:
            before = self._first
            self._futures[item] = future = self._pool.submit(self._after, before, item)
            self._first = self._first or future

    def _after(self, before: "Future[Result] | None", item: Key) -> Result:
        if before is not None:
            wait([before])
        return self._work(item)

    def result(self, item: Key) -> Result:
        """What came of an item; its error is raised here."""
        return self._futures[item].result()

    def close(self) -> None:
        """What is under way is finished, and nothing else is begun."""
        self._pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Lanes:
    """How many lanes are at work at once (None: all), and what their work gives up at."""

    most: int | None = None
    stop: threading.Event | None = None

    def at_once(self, names: Iterable[str]) -> int:
        """How many of these lanes are at work at once."""
        lanes = len(set(names))
        return lanes if self.most is None else min(lanes, self.most)

    def each(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        lane: Callable[[Item], str],
    ) -> list[Result]:
        """Each item's result, in the items' order; those of one lane are done one by one.

        An error ends the others too: what is under way gives up, and nothing more is begun.
        """
        members: dict[str, list[int]] = {}
        for number, item in enumerate(items):
            members.setdefault(lane(item), []).append(number)
        workers = self.at_once(members)
        if workers <= 1:
            return [work(item) for item in items]
        results: dict[int, Result] = {}
        broken = threading.Event()

        def one_lane(numbers: Sequence[int]) -> None:
            for number in numbers:
                if not broken.is_set():
                    results[number] = work(items[number])

        with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="lane") as pool:
            under_way = [pool.submit(one_lane, numbers) for numbers in members.values()]
            try:
                for future in as_completed(under_way):
                    future.result()
            except BaseException:
                broken.set()
                self._give_up(under_way)
                raise
        return [results[number] for number in range(len(items))]

    def _give_up(self, under_way: Sequence["Future[None]"]) -> None:
        """End what is under way; the stop is cleared unless somebody else had asked for it."""
        for future in under_way:
            future.cancel()
        if self.stop is None or self.stop.is_set():
            return
        self.stop.set()
        wait(under_way)
        self.stop.clear()


ALL_AT_ONCE = Lanes()


def one_at_a_time(told: Callable[..., None]) -> Callable[..., None]:
    """The same function, in which no thread is while another is in it."""
    lock = threading.Lock()

    def tell(*given: object) -> None:
        with lock:
            told(*given)

    return tell
