"""The state in S3, below a prefix; each call is tried again while that is safe, for a minute."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from reconciler.clock import Clock
from reconciler.config.model import BucketAddress
from reconciler.errors import CallError, Contended, ReconcilerError
from reconciler.model.calls import CallCounts
from reconciler.service.calling import Caller, Paces
from reconciler.state.store import FORMAT_KEY, PEEK, Entry, Stored, check_format, format_data

if TYPE_CHECKING:
    from reconciler.service.aws.bucket import Bucket, Found

T = TypeVar("T")
_RACES = 5  # times that a write is sent which others overtake

_NO_SUCH = '"00000000000000000000000000000000"'  # the ETag of no object


class BucketStore:
    """Objects below the prefix of a bucket, whose owner and Region have been looked at."""

    def __init__(
        self, address: BucketAddress, bucket: "Bucket", caller: Caller, owner: str
    ) -> None:
        self._address = address
        self._bucket = bucket
        self._caller = caller
        self._owner = owner

    @property
    def name(self) -> str:
        """The address of the state."""
        return str(self._address)

    def get(self, key: str) -> Stored | None:
        """The object; None where there is none."""
        found = self._call("GetObject", lambda: self._bucket.get(self._address.prefix + key))
        return None if found is None else Stored(*found)

    def peek(self, key: str, *, at_end: bool) -> bytes:
        """The first or the last bytes of an object, up to PEEK; none where there is none."""
        span = f"bytes=-{PEEK}" if at_end else f"bytes=0-{PEEK - 1}"
        found = self._call("GetObject", lambda: self._bucket.get(self._address.prefix + key, span))
        return b"" if found is None else found[0]

    def put_new(self, key: str, content: bytes) -> str:
        """Write an object that is not there yet; Contended where it is, also by this very call."""
        return self._call("PutObject", lambda: self._put(key, content, ""))

    def put_over(self, key: str, content: bytes, etag: str) -> str:
        """Write over an object that is still the one with this ETag; else Contended."""
        return self._call("PutObject", lambda: self._put(key, content, etag))

    def delete(self, key: str) -> None:
        """Remove the object, if it is there."""
        self._call("DeleteObject", lambda: self._bucket.delete(self._address.prefix + key))

    def list(self, prefix: str) -> Iterator[Entry]:
        """The objects whose keys begin so, in order."""
        token, known = "", {""}
        while True:
            page, token = self._page(prefix, token)
            for found in page:
                key = found.key.removeprefix(self._address.prefix)
                yield Entry(key, found.size, found.at)
            if token in known:
                return
            known.add(token)

    def names(self, prefix: str) -> Iterator[str]:
        """What stands next in the keys that begin so, up to a slash; each once, in order."""
        token, known = "", {""}
        while True:
            page, token = self._names(prefix, token)
            yield from page
            if token in known:
                return
            known.add(token)

    def _names(self, prefix: str, token: str) -> tuple[tuple[str, ...], str]:
        start = self._address.prefix
        return self._call("ListObjectsV2", lambda: self._bucket.names(start + prefix, token))

    def _page(self, prefix: str, token: str) -> "tuple[tuple[Found, ...], str]":
        start = self._address.prefix
        return self._call("ListObjectsV2", lambda: self._bucket.keys(start + prefix, token))

    def prove(self) -> None:
        """Refuse a store that writes whatever the condition says.

        Such a store would give one lease to two applies.
        """
        content = self._made_once(FORMAT_KEY, format_data())
        if not (self._refuses(content, "") and self._refuses(content, _NO_SUCH)):
            raise ReconcilerError(
                f"state {self.name}: the store writes although the condition of the write does "
                "not hold, so that two applies could hold one lease; use Amazon S3, or a folder"
            )

    def leave(self, key: str, content: bytes) -> None:
        """Write an object that never changes; Contended where another one is there."""
        if self._made_once(key, content) != content:
            raise Contended(f"{self.name}/{key}: somebody else has written it")

    def _made_once(self, key: str, content: bytes) -> bytes:
        """What is under the key, which is this where nothing was.

        A write that another one overtook, or whose reply was lost, may or may not be there.
        """
        for _ in range(_RACES):
            with suppress(Contended):
                self.put_new(key, content)
                return content
            if found := self.get(key):
                return found.content
        raise ReconcilerError(f"{self.name}/{key}: {_RACES} writes were each overtaken; try later")

    def _refuses(self, content: bytes, etag: str) -> bool:
        """Whether the store keeps a condition that does not hold."""
        try:
            self._call("PutObject", lambda: self._put(FORMAT_KEY, content, etag))
        except Contended:
            return True
        return False

    def _put(self, key: str, content: bytes, etag: str) -> str:
        return self._bucket.put(self._address.prefix + key, content, etag)

    def _call(self, api: str, send: Callable[[], T]) -> T:
        with explained(self._address, self._owner):
            return self._caller.call(api, send, finish=True)


def open_bucket(
    address: BucketAddress,
    environment: Mapping[str, str] | None,
    clock: Clock,
    tell: Callable[[str], None],
) -> BucketStore:
    """The state at an address, once it is certain whose bucket it is and where."""
    from reconciler.service.aws.bucket import Bucket
    from reconciler.service.aws.state_session import StateSession

    session = StateSession(address, environment)
    # What is under way when a run is asked to stop is brought to its end.
    caller = Caller(clock, Paces(clock, None, 1.0), threading.Event(), CallCounts(), tell)
    with explained(address, ""):
        owner = caller.call("GetCallerIdentity", session.owner)
    bucket = Bucket(session.client(), address.bucket, owner)
    with explained(address, owner):
        region = caller.call("HeadBucket", bucket.region)
    if region and region != session.region:
        raise ReconcilerError(
            f"state {address}: the bucket is in the Region {region}, and {session.region} was "
            f"asked; write {address}?region={region}"
        )
    store = BucketStore(address, bucket, caller, owner)
    check_format(store.get(FORMAT_KEY), f"state {address}")
    return store


@contextmanager
def explained(address: BucketAddress, owner: str) -> Iterator[None]:
    """Say of a failed call which state it was about, and what to do."""
    try:
        yield
    except CallError as error:
        raise ReconcilerError(f"state {address}: {error}", *_advice(error.code, owner)) from error


def _advice(code: str, owner: str) -> tuple[str, ...]:
    if code in ("403", "AccessDenied", "AccessDeniedException"):
        return (
            f"the role may not do that, or the bucket is not of account {owner}, to which the "
            "state must belong; README has the IAM statements, and RECONCILE_STATE_OWNER in the "
            "environment names another account",
        )
    if code in ("404", "NoSuchBucket"):
        return ("there is no such bucket; make it, or correct `state:`",)
    return ()
