"""Remember search results until somebody writes, so that later pages need not search again."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.sandbox.case import Case

KEPT = 8
Key = tuple[Any, ...]
Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Results:
    """All matches of one query, in order; `cases` are kept by row key when they were looked up."""

    keys: tuple[Key, ...]
    cases: Mapping[int, Case] | None = None

    def after(self, key: Key | None, size: int) -> list[int]:
        """The row keys of the next matches behind a place in the order."""
        start = 0 if key is None else bisect_right(self.keys, key)
        return [found[-1] for found in self.keys[start : start + size]]


class ResultCache:
    """The results of the latest queries, each with the state of the file it was made from."""

    def __init__(self) -> None:
        self._results: OrderedDict[str, tuple[Version, Results]] = OrderedDict()
        self._counts: dict[int, tuple[Version, int]] = {}

    def results(self, query: str, version: Version, search: Callable[[], Results]) -> Results:
        """A query's results; `search` is called when they are not known for this version."""
        kept = self._results.get(query)
        if kept is None or kept[0] != version:
            kept = (version, search())
            self._results[query] = kept
        self._results.move_to_end(query)
        while len(self._results) > KEPT:
            self._results.popitem(last=False)
        return kept[1]

    def count(self, domain: int, version: Version, count: Callable[[], int]) -> int:
        """How many cases a domain has; `count` is called when it is not known for this version."""
        kept = self._counts.get(domain)
        if kept is None or kept[0] != version:
            kept = (version, count())
            self._counts[domain] = kept
        return kept[1]
