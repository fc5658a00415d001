"""Read a case right before a write: one state of it, and not a mixture of several.

A read that took several calls may have seen the case before and after an edit. The time of its
last update is read once more, alone: where that is still what it was at the beginning, and not so
fresh that a coarse clock may hide another update behind it, all pages are of one state, and only
the way of the last, short call lies between it and the write.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reconciler.apply.settling_rule import Attempt, at_rest
from reconciler.errors import CallError
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.filter import Filter
from reconciler.model.plan import FieldChange
from reconciler.model.system_fields import UPDATED_AT
from reconciler.model.value import CaseId, Value
from reconciler.read.case import read_case
from reconciler.service.ports import CasePage, CaseReader, SearchPage

GUARDS = 6  # reads in a row of a case that somebody keeps changing, or has just changed
PAUSE = 1.0  # seconds between two of them


@dataclass(frozen=True, slots=True)
class Guard:
    """What the guard read allows: the fields to write, and the case as it was then."""

    fields: tuple[FieldChange, ...]
    live: LiveCase

    @property
    def updated_at(self) -> Value:
        """The case's last update."""
        return self.live.value_of(UPDATED_AT)

    @property
    def attempt(self) -> Attempt:
        """The write that it allows, as it is kept."""
        return Attempt(str(self.updated_at or ""), self.live.read_at)


class _Watched:
    """A reader that notes how many calls one case took, and what the first said of its update."""

    def __init__(self, inner: CaseReader) -> None:
        self._inner = inner
        self.calls = 0
        self.updated_at: Value = None

    def get_case(self, case_id: CaseId, fields: Sequence[Field], token: str) -> CasePage:
        page = self._inner.get_case(case_id, fields, token)
        if not self.calls:
            self.updated_at = page.case.value_of(UPDATED_AT)
        self.calls += 1
        return page

    def search_cases(
        self, wanted: Filter | None, fields: Sequence[Field], token: str, order: Field | None = None
    ) -> SearchPage:
        return self._inner.search_cases(wanted, fields, token, order)


def read_guard(
    reader: CaseReader, case_id: CaseId, fields: Sequence[Field], wait: Callable[[float], None]
) -> LiveCase:
    """The case with all the asked fields, as it was at one moment right now."""
    update = [field for field in fields if field.id == UPDATED_AT]
    # The time of the last update is in the first page, so that every later page is newer than it.
    asked = [*update, *(field for field in fields if field.id != UPDATED_AT)]
    known: Value = None
    for _ in range(GUARDS):
        watched = _Watched(reader)
        live = read_case(watched, case_id, asked)
        # One reply is one state; when GetCase pages is not documented.
        if watched.calls == 1:
            return live
        last = read_case(reader, case_id, update) if update else live
        newest = last.value_of(UPDATED_AT)
        unchanged = newest is not None and newest == (watched.updated_at or known)
        if unchanged and (not last.read_at or at_rest(newest, last.read_at)):
            return live
        known = newest
        wait(PAUSE)
    raise CallError(
        f"GetCase of case {case_id}: it comes in pages, and was changed while they were read, "
        f"{GUARDS} times; apply again when nobody works on it",
        code="kept-changing",
    )
