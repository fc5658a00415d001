"""One target as batches see it: its index, what they have learnt of it, and how they read it."""

import threading
from collections.abc import Sequence

from reconciler.errors import CallError, Unauthenticated
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.value import CaseId
from reconciler.ports import CaseReader
from reconciler.workflow.index import Index
from reconciler.workflow.reading import Unread, try_read
from reconciler.workflow.run import ApplyAccess


class BatchThrottled(Exception):
    """A batch was not executed, and has to be guarded again before it is repeated."""


class BulkAccess:
    """One target as batches see it, and what they have learnt of it so far."""

    def __init__(self, access: ApplyAccess) -> None:
        self.access = access
        self.index = Index(access.reader)
        # What has been sent is checked even when the run has been asked to stop.
        self.finishing = access.reader.finishing()
        self.finishing_index = Index(self.finishing)
        self.allowed = threading.Event()
        self.allowed.set()


def read_many(
    ids: Sequence[CaseId], fields: Sequence[Field], index: Index, reader: CaseReader
) -> dict[CaseId, LiveCase | Unread]:
    """Every case: as the index shows it, or as GetCase does where the index does not."""
    try:
        found, unreadable = index.by_id(ids, fields)
    except Unauthenticated:
        raise
    except CallError:
        found, unreadable = {}, {}
    answers: dict[CaseId, LiveCase | Unread] = {}
    for case_id in ids:
        if case_id in found:
            answers[case_id] = found[case_id]
        elif case_id in unreadable:
            answers[case_id] = Unread(case_id, "unreadable-value", unreadable[case_id])
        else:
            answers[case_id] = try_read(reader, case_id, fields)
    return answers


def read_back(
    ids: Sequence[CaseId], fields: Sequence[Field], bulk: BulkAccess
) -> dict[CaseId, LiveCase | Unread]:
    """Every case after a write; where the credentials have ended meanwhile, none is readable."""
    try:
        return read_many(ids, fields, bulk.finishing_index, bulk.finishing)
    except Unauthenticated as error:
        return {case_id: Unread(case_id, error.code, str(error)) for case_id in ids}
