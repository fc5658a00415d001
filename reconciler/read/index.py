"""Ask the search index for cases, and learn once a run what it can be asked.

Not documented, so tried and remembered: whether it filters on case_id, how deep filters may nest,
and whether paging ends at some number of cases. Every refusal has a way round.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from reconciler.errors import Refused
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.filter import Check, Every, Filter, Rule
from reconciler.model.value import CaseId, FieldId, FieldType, Value
from reconciler.read.case import try_read
from reconciler.read.index_rows import chunks, joined
from reconciler.read.planner import FLAT, NESTED, SEARCH_FIELDS
from reconciler.service.paging import CODE as ENDLESS
from reconciler.service.paging import Paging
from reconciler.service.ports import CaseReader, SearchPage

Item = TypeVar("Item")
Answer = TypeVar("Answer")

NO_FILTER = "no-case-id-filter"
# Why an answer of the index about cases by id is none: what it would show is read with GetCase.
NO_ANSWER = frozenset({NO_FILTER, ENDLESS, "unreadable-value", "broken-reply"})
MOST_PAGES = 50_000  # five million cases
CASE_ID = Field(id=FieldId("case_id"), name="Case Id", type=FieldType.TEXT, namespace="System")


class Index:
    """The search index of one domain; `group` is how many ids it takes in one search."""

    def __init__(self, reader: CaseReader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self.group = NESTED

    def by_id(
        self, ids: Sequence[CaseId], fields: Sequence[Field]
    ) -> tuple[dict[CaseId, LiveCase], dict[CaseId, str]]:
        """The cases among `ids` that the index finds, and those with a value we cannot read.

        A case of which two rows say different things is no one state, and is left out. Asked in
        groups of what the index takes; raises Refused once it takes none.
        """
        found: dict[CaseId, LiveCase] = {}
        unreadable: dict[CaseId, str] = {}
        for asked in self._groups(ids, 1, lambda part: self._by_id(part, fields)):
            found.update(asked[0])
            unreadable.update(asked[1])
        return found, unreadable

    def matching(
        self,
        items: Sequence[Item],
        rule: Callable[[Sequence[Item]], Rule],
        leaves: int,
        fields: Sequence[Field],
    ) -> Iterator[SearchPage]:
        """The cases that match any of the items, each of which takes `leaves` leaves of a filter.

        Where even a short list is refused, the whole domain is read: slow, and as right. What the
        index shows in doubt is read with GetCase.
        """
        for page in self._matching(items, rule, leaves, fields):
            yield self._settled(page, fields) if page.doubtful else page

    def _matching(
        self,
        items: Sequence[Item],
        rule: Callable[[Sequence[Item]], Rule],
        leaves: int,
        fields: Sequence[Field],
    ) -> Iterator[SearchPage]:
        try:
            for found in self._groups(
                items, leaves, lambda part: list(pages(self._reader, Filter(rule(part)), fields))
            ):
                yield from found
        except Refused as error:
            if error.code != NO_FILTER:
                raise
            yield from search(self._reader, None, fields)

    def _settled(self, page: SearchPage, fields: Sequence[Field]) -> SearchPage:
        """The page with its doubtful cases as GetCase shows them."""
        cases, unreadable = list(page.cases), dict(page.unreadable)
        for case_id in sorted(page.doubtful):
            read = try_read(self._reader, case_id, fields)
            if isinstance(read, LiveCase):
                cases.append(read)
            else:
                unreadable[case_id] = read.detail
        return SearchPage(tuple(cases), page.token, unreadable, page.total)

    def _groups(
        self, items: Sequence[Item], leaves: int, ask: Callable[[Sequence[Item]], Answer]
    ) -> Iterator[Answer]:
        at = 0
        while at < len(items):
            group = self.group
            if group == 0:
                raise Refused("the index does not take such a filter", code=NO_FILTER)
            # Asked anew each time, since another worker may have learnt in between.
            part = items[at : at + max(1, group // leaves)]
            try:
                answer = ask(part)
            except Refused as error:
                if error.code != "ValidationException":
                    raise
                self._learn(group)
                continue
            yield answer
            at += len(part)

    def _by_id(
        self, ids: Sequence[CaseId], fields: Sequence[Field]
    ) -> tuple[dict[CaseId, LiveCase], dict[CaseId, str]]:
        wanted = Filter(Check(CASE_ID, "in", tuple(ids)))
        asked = set(ids)
        found: dict[CaseId, LiveCase] = {}
        unreadable: dict[CaseId, str] = {}
        unclear: set[CaseId] = set()
        for number, chunk in enumerate(chunks(fields)):
            part: dict[CaseId, LiveCase] = {}
            for page in pages(self._reader, wanted, chunk):
                if any(live.case_id not in asked for live in page.cases):
                    self._learn(0)  # it ignores the filter: what it returns says nothing
                    # An index that ignores case_id would show the whole domain page by page.
                    raise Refused("case_id is not filtered", code=NO_FILTER)
                unclear |= page.doubtful
                part.update((live.case_id, live) for live in page.cases)
                unreadable.update(page.unreadable)
            found = joined(found, part) if number else part
        # Of two rows that differ nobody knows which is the newer one.
        for case_id in unclear:
            found.pop(case_id, None)
            unreadable.pop(case_id, None)
        for case_id in unreadable.keys() & found.keys():
            del found[case_id]
        return found, unreadable

    def _learn(self, refused: int) -> None:
        with self._lock:
            smaller = FLAT if refused > FLAT else 0
            # Only ever smaller: several workers may learn the same from answers that overlap.
            self.group = min(self.group, smaller)

    def stop_filtering_by_id(self) -> None:
        """The index finds none of the cases that exist: do not ask it for ids again."""
        self._learn(0)


def pages(
    reader: CaseReader, wanted: Filter | None, fields: Sequence[Field]
) -> Iterator[SearchPage]:
    """Every page of one search, in the service's own order, and each case once."""
    assert len(fields) <= SEARCH_FIELDS

    def all_of_them() -> Iterator[SearchPage]:
        paging, token = Paging("SearchCases", MOST_PAGES), ""
        while True:
            page = reader.search_cases(wanted, fields, token)
            yield page
            token = page.token
            if not paging.goes_on(token):
                return

    return _each_once(all_of_them())


def _each_once(found: Iterator[SearchPage]) -> Iterator[SearchPage]:
    """The pages without rows that come again; a case whose rows are not alike is doubtful."""
    shown: dict[CaseId, int] = {}
    for page in found:
        fresh: dict[CaseId, LiveCase] = {}
        doubtful = set(page.doubtful)
        for live in page.cases:
            content = hash(
                (live.template_id, frozenset(live.values.items()), frozenset(live.tags.items()))
            )
            if live.case_id not in shown:
                fresh[live.case_id] = live
                shown[live.case_id] = content
            elif shown[live.case_id] != content:
                doubtful.add(live.case_id)
        doubtful.update(page.unreadable.keys() & shown.keys())
        yield SearchPage(
            tuple(live for key, live in fresh.items() if key not in doubtful),
            page.token,
            {key: why for key, why in page.unreadable.items() if key not in doubtful},
            page.total,
            frozenset(doubtful),
        )


def search(
    reader: CaseReader,
    wanted: Filter | None,
    fields: Sequence[Field],
    opened: Field | None = None,
) -> Iterator[SearchPage]:
    """Every page of a search that may find very many cases.

    A refused filter is dropped: that is always right, because a selection is decided again on
    what was read, and only costs more pages. A search whose paging is refused part-way (a window
    on the number of results) goes on from the opening time of the last case it has shown, where
    there is `opened`, the field that holds it.
    """
    try:
        yield from _each_once(_whole(reader, wanted, fields, opened))
    except _FilterRefused:
        yield from _each_once(_whole(reader, None, fields, opened))


class _FilterRefused(Exception):
    """The very first page was refused, and there was a filter."""


def _whole(
    reader: CaseReader, wanted: Filter | None, fields: Sequence[Field], opened: Field | None
) -> Iterator[SearchPage]:
    walk = _Walk(reader, wanted, fields, opened)
    while (page := walk.next_page()) is not None:
        yield page


class _Walk:
    """A search in order of opening time, so that it can be taken up again anywhere."""

    def __init__(
        self,
        reader: CaseReader,
        wanted: Filter | None,
        fields: Sequence[Field],
        opened: Field | None,
    ) -> None:
        self._reader = reader
        self._wanted = wanted
        self._opened = opened
        known = {field.id for field in fields}
        room = opened is not None and opened.id not in known and len(fields) < SEARCH_FIELDS
        self._fields = [*fields, opened] if room and opened is not None else [*fields]
        self._token = ""
        self._ended = False
        self._first = True
        self._since: Value = None
        self._last: LiveCase | None = None
        self._paging = Paging("SearchCases", MOST_PAGES)

    def next_page(self) -> SearchPage | None:
        """The next page, which may show cases again after a refusal part-way; None at the end."""
        if self._ended:
            return None
        try:
            page = self._ask()
        except Refused as error:
            if error.code != "ValidationException":
                raise
            if self._first and self._wanted is not None:
                raise _FilterRefused from error
            latest = self._latest() if self._token else None
            if latest is None or latest == self._since:
                raise
            self._since, self._token = latest, ""
            self._paging.ask_anew()
            page = self._ask()
        self._first = False
        self._token = page.token
        self._ended = not self._paging.goes_on(page.token)
        self._last = page.cases[-1] if page.cases else self._last
        return page

    def _latest(self) -> Value:
        """The opening time of the last case that was shown; where there was no room, it is read."""
        last, opened = self._last, self._opened
        if last is None or opened is None:
            return None
        if opened not in self._fields:
            read = try_read(self._reader, last.case_id, [opened])
            last = read if isinstance(read, LiveCase) else last
        return last.value_of(opened.id)

    def _ask(self) -> SearchPage:
        wanted = self._wanted
        if self._since is not None and self._opened is not None:
            later = Check(self._opened, "at_least", (self._since,))
            rule: Rule = later
            if wanted is not None and wanted.rule is not None:
                rule = Every((wanted.rule, later))
            wanted = Filter(rule, wanted.tags if wanted is not None else ())
        return self._reader.search_cases(wanted, self._fields, self._token, self._opened)
