"""Read one live case, whole, or say why it is unknown."""

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.errors import CallError, NotFound, Unauthenticated
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.value import CaseId, FieldId, Value
from reconciler.read.planner import GET_FIELDS
from reconciler.service.paging import Paging
from reconciler.service.ports import CaseReader


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """A case that could not be read, and why; it must never be taken for an empty one."""

    case_id: CaseId
    reason: str
    detail: str


def read_case(reader: CaseReader, case_id: CaseId, fields: Sequence[Field]) -> LiveCase:
    """One case with all the asked fields, however many calls and pages that takes."""
    values: dict[FieldId, Value] = {}
    case: LiveCase | None = None
    read_at = ""  # of the first page: nothing that it shows is newer
    for at in range(0, max(1, len(fields)), GET_FIELDS):
        chunk = fields[at : at + GET_FIELDS]
        # GetCase has a token, though at most 220 fields may be asked; when it pages is not
        # documented.
        paging, token = Paging(f"GetCase of case {case_id}", len(chunk) + 1), ""
        while True:
            page = reader.get_case(case_id, chunk, token)
            case, token = page.case, page.token
            read_at = read_at or case.read_at
            values.update(case.values)
            if not paging.goes_on(token):
                break
    assert case is not None
    return LiveCase(case_id, case.template_id, values, case.tags, read_at)


def try_read(
    reader: CaseReader, case_id: CaseId, fields: Sequence[Field]
) -> LiveCase | ReadFailure:
    """The case, or why it is unknown; only what stops the whole run is raised."""
    try:
        return read_case(reader, case_id, fields)
    except Unauthenticated:
        raise
    except NotFound as error:
        return ReadFailure(case_id, "not-found", str(error))
    except CallError as error:
        return ReadFailure(case_id, error.code, str(error))
