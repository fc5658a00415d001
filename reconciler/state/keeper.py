"""What an apply does with the state around it: hold it, know of earlier runs, leave its own."""

import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from reconciler.clock import Clock
from reconciler.errors import ReconcilerError
from reconciler.state.bucket import BucketStore
from reconciler.state.fetching import fetch_earlier
from reconciler.state.folder import open_folder
from reconciler.state.lease import DomainLease
from reconciler.state.lock import run_lock
from reconciler.state.segments import Segments
from reconciler.state.store import receipt_key

Tell = Callable[[str], None]


class Keeper:
    """The state of one apply; without a bucket, its folder is all there is.

    Journal and receipt are on the local disk first. `errors` says what the bucket did not take.
    """

    def __init__(self, folder: Path, bucket: Callable[[], BucketStore] | None, clock: Clock):
        self._folder = folder
        self._open = bucket
        self._bucket: BucketStore | None = None
        self._clock = clock
        self._leases: list[DomainLease] = []
        self._segments: Segments | None = None
        self.errors: list[str] = []

    @property
    def runs(self) -> Path:
        """The local folder of journals and receipts."""
        return self._folder / "runs"

    def hold(
        self, stack: ExitStack, domains: Iterable[str], who: tuple[str, str], stop: threading.Event,
        tell: Tell,
    ) -> None:  # fmt: skip
        """Hold every domain against other applies until the stack is left.

        `who` is what others are told: of this process and machine, and of its run. Held where one
        is another's.
        """
        names = sorted(set(domains))
        for domain in names:  # a domain id may have any character, and comes out of a file
            lock = self._folder / f"apply-{quote(domain, safe='')}.lock"
            stack.enter_context(run_lock(lock, who[0]))
        if self._open is None:
            open_folder(self._folder)
            return
        bucket = self._bucket = self._open()
        bucket.prove()
        for domain in names:
            lease = DomainLease(bucket, domain, who=who[0], run=who[1], clock=self._clock)
            stack.callback(lease.give_back)
            lease.take(stop, tell)
            lease.keep()
            self._leases.append(lease)

    def reason(self) -> str:
        """Why nothing may be written any more; empty while everything is held."""
        return next(filter(None, (lease.reason() for lease in self._leases)), "")

    def fetch(self, digest: str, tried: Iterable[str]) -> None:
        """Have at hand what other machines put on record of this plan."""
        if self._bucket is not None:
            fetch_earlier(self._bucket, self.runs, digest, tried)

    def follow(self, run_id: str, journal: Path) -> None:
        """Copy the journal while it is written; ReconcilerError where that cannot begin."""
        if self._bucket is not None:
            segments = Segments(self._bucket, run_id, journal, self._clock)
            segments.begin()
            self._segments = segments

    def leave(self, run_id: str, journal: Path, receipt: bytes) -> None:
        """Copy the rest of the journal, and the receipt."""
        if self._bucket is None or self._segments is None:
            return
        if problem := self._segments.end():
            self.errors.append(
                f"journal and receipt could not be copied to {self._bucket.name}: {problem}; the "
                f"journal is whole in {journal}"
            )
            return  # a store that is gone is not waited for once more
        try:
            self._bucket.leave(receipt_key(run_id), receipt)
        except ReconcilerError as error:
            self.errors.append(
                f"the receipt could not be copied to {self._bucket.name}: {error}; it is kept on "
                "this machine"
            )
