"""One target as batches see it, and what they have learnt of it so far."""

import threading

from reconciler.workflow.index import Index
from reconciler.workflow.run import ApplyAccess


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
