"""Show the cases of a search whole, also where they have more fields than one search returns.

One search returns 25 fields of 100 cases. The rest is asked for by the ids of 100 cases at a time,
so that every case is shown by as few calls as its fields allow: a second search over everything
would cost as many, and could join rows of two times; GetCase would cost 100 in the place of one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reconciler.errors import CallError
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.system_fields import UPDATED_AT
from reconciler.model.value import CaseId
from reconciler.read.index import NO_ANSWER, Index
from reconciler.read.index_rows import joined
from reconciler.read.planner import PAGE, SEARCH_FIELDS
from reconciler.service.ports import SearchPage


def portions(
    fields: Sequence[Field], deciding: Sequence[Field]
) -> tuple[Sequence[Field], Sequence[Field]]:
    """What the search itself is asked for, and the rest; what decides is asked for first.

    Where it takes both, each has the time of the last update, which tells whether two rows are of
    one state; where one search shows all but that, nobody needs it.
    """
    update = [field for field in fields if field.id == UPDATED_AT]
    others = [field for field in fields if field.id != UPDATED_AT]
    if len(others) <= SEARCH_FIELDS:
        return (fields if len(fields) <= SEARCH_FIELDS else others), ()
    others.sort(key=lambda field: field not in deciding)
    room = SEARCH_FIELDS - len(update)
    return [*update, *others[:room]], [*update, *others[room:]]


class WholeRows:
    """Fills up the rows of one search; those of `waiting` still lack the values of `rest`."""

    def __init__(self, index: Index, rest: Sequence[Field]) -> None:
        self._index = index
        self._rest = rest
        self.waiting: dict[CaseId, LiveCase] = {}

    def pages(self, found: Iterator[SearchPage]) -> Iterator[SearchPage]:
        """The pages with the same cases, each with the values of `rest` too.

        A case of which the index does not show one state is doubtful: reading itself tells.
        """
        if not self._rest:
            yield from found
            return
        for page in found:
            for case_id in (*page.doubtful, *page.unreadable):
                self.waiting.pop(case_id, None)
            self.waiting.update((live.case_id, live) for live in page.cases)
            yield replace(page, cases=())
            while len(self.waiting) >= PAGE:
                yield self._filled()
        if self.waiting:
            yield self._filled()

    def _filled(self) -> SearchPage:
        cases = {key: self.waiting.pop(key) for key in [*self.waiting][:PAGE]}
        try:
            found, unreadable = self._index.by_id([*cases], self._rest)
        except CallError as error:
            if error.code not in NO_ANSWER:
                raise
            found, unreadable = {}, {}
        if not found and not unreadable:  # they exist: the search has just shown them
            self._index.stop_filtering_by_id()
        whole = joined(cases, found)
        doubtful = frozenset(cases.keys() - whole.keys() - unreadable.keys())
        return SearchPage(tuple(whole.values()), "", unreadable, None, doubtful)
