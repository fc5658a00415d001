"""Read live cases: one by one, or by what a search finds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.errors import CallError, NotFound, ReconcilerError, Refused
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.selection import Filter
from reconciler.model.value import CaseId, FieldId, Value
from reconciler.ports import CaseReader, SearchPage

# From the service model: fields of one GetCase, and of one SearchCases.
GET_FIELDS = 220
SEARCH_FIELDS = 25
MOST_SEARCH_PAGES = 50_000  # five million cases


@dataclass(frozen=True, slots=True)
class Unread:
    """A case that could not be read, and why; it must never be taken for an empty one."""

    case_id: CaseId
    reason: str
    detail: str


def read_case(reader: CaseReader, case_id: CaseId, fields: Sequence[Field]) -> LiveCase:
    """One case with all the asked fields, however many calls and pages that takes."""
    values: dict[FieldId, Value] = {}
    case: LiveCase | None = None
    for at in range(0, max(1, len(fields)), GET_FIELDS):
        chunk = fields[at : at + GET_FIELDS]
        token = ""
        for _ in range(len(chunk) + 1):
            page = reader.get_case(case_id, chunk, token)
            case = page.case
            values.update(case.values)
            if not page.token:
                break
            if page.token == token:
                raise CallError(f"GetCase of case {case_id}: pages repeat", code="endless-pages")
            token = page.token
        else:
            raise CallError(f"GetCase of case {case_id}: pages do not end", code="endless-pages")
    assert case is not None
    return LiveCase(case_id, case.template_id, values, case.tags)


def try_read(reader: CaseReader, case_id: CaseId, fields: Sequence[Field]) -> LiveCase | Unread:
    """The case, or why it is unknown; only what stops the whole run is raised."""
    try:
        return read_case(reader, case_id, fields)
    except NotFound as error:
        return Unread(case_id, "not-found", str(error))
    except CallError as error:
        return Unread(case_id, error.code, str(error))


def search(
    reader: CaseReader, wanted: Filter | None, fields: Sequence[Field]
) -> Iterator[SearchPage]:
    """Every page of a search; when the service refuses the filter, every page without one.

    Dropping the filter is always right, because a selection is evaluated again on what was read;
    it only costs more pages.
    """
    assert len(fields) <= SEARCH_FIELDS
    token = ""
    for number in range(MOST_SEARCH_PAGES):
        try:
            page = reader.search_cases(wanted, fields, token)
        except Refused as error:
            if number or wanted is None or error.code != "ValidationException":
                raise
            wanted = None
            page = reader.search_cases(None, fields, token)
        yield page
        if not page.token:
            return
        if page.token == token:
            raise ReconcilerError("SearchCases: pages repeat; the answer cannot be trusted")
        token = page.token
    raise ReconcilerError(f"SearchCases does not end; stopped after {MOST_SEARCH_PAGES:,} pages")
