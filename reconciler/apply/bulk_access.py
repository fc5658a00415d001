"""One target as batches see it: its index, what they have learnt of it, and how they read it."""

import threading
from collections.abc import Iterable, Sequence

from reconciler.apply.run import ApplyAccess
from reconciler.errors import CallError, Unauthenticated
from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.value import CaseId
from reconciler.read.case import ReadFailure
from reconciler.read.index import Index


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


def each_once(fields: Sequence[Field], more: Iterable[Field]) -> list[Field]:
    """The fields, and others that are not among them."""
    return list({field.id: field for field in (*fields, *more)}.values())


def shown(
    ids: Sequence[CaseId], fields: Sequence[Field], index: Index
) -> dict[CaseId, LiveCase | ReadFailure]:
    """The cases that the index shows, each as one state; the others are not in it."""
    try:
        found, unreadable = index.by_id(ids, fields)
    except Unauthenticated:
        raise
    # What the index does not show goes one by one: slow, and as right.
    except CallError:
        return {}
    failures = {
        case_id: ReadFailure(case_id, "unreadable-value", why)
        for case_id, why in unreadable.items()
    }
    return {**found, **failures}
