"""Hold the lease of a domain in a bucket: take it, renew it on the side, give it back."""

import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from reconciler.clock import Clock
from reconciler.errors import Contended, Held, ReconcilerError, Stopped
from reconciler.files.canonical import laid_out
from reconciler.files.strict_json import strict_json
from reconciler.state.lease_rule import (
    LOOKED_AT_EVERY,
    RENEWED_EVERY,
    TERM,
    Holding,
    Lease,
    Seen,
    Step,
    Watch,
    next_step,
)
from reconciler.state.store import FORMAT, Store, lease_key

_TRIES = 50  # of writing it, where each time another one was faster


class DomainLease:
    """The lease of one domain, for one apply; `who` and `run` are what others are told."""

    def __init__(self, store: Store, domain: str, *, who: str, run: str, clock: Clock) -> None:
        self._store = store
        self._key = lease_key(domain)
        self._clock = clock
        self._mine = Lease(owner=secrets.token_hex(16), run=run, who=who)
        self._holding: Holding | None = None
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def take(self, stop: threading.Event, tell: Callable[[str], None]) -> None:
        """Get the lease; Held where its holder is alive, Stopped where the run was asked to end.

        A holder that shows no sign of life is waited for, a whole term, and `tell` says so.
        """
        watch, looked_at, first_try = Watch(), self._clock.monotonic(), None
        for _ in range(_TRIES + int(TERM / LOOKED_AT_EVERY)):
            seen = self._read()
            last_look, looked_at = looked_at, self._clock.monotonic()
            told = bool(watch.etag)
            step, watch = next_step(seen, self._mine.owner, watch, looked_at)
            if step is Step.HELD and seen is not None and first_try is not None:
                self._holding = Holding(seen, first_try)
                return
            if step is Step.GIVE_UP:
                raise _held(seen, self._store.name, looked_at - last_look)
            if step is Step.WAIT:
                if seen is not None and not told:
                    tell(_waiting(seen.lease))
                self._clock.sleep(LOOKED_AT_EVERY, stop)
                if stop.is_set():
                    raise Stopped("the run was asked to end while it waited for the lease")
                continue
            began = self._clock.monotonic()
            first_try = began if first_try is None else first_try
            with suppress(Contended):
                etag = self._put(self._mine, seen.etag if seen is not None else "")
                self._holding = Holding(Seen(etag, self._mine), began)
                return
        raise Held(f"state {self._store.name}: others took the lease again and again; try later")

    def reason(self) -> str:
        """Why nothing may be written any more; empty while the lease is held for long enough."""
        with self._lock:
            if self._holding is None:
                return "its lease is not held"
            self._holding = self._holding.may_write(self._clock.monotonic())
            return self._holding.lost

    def renew(self) -> None:
        """Renew it once; what became of that is settled by reading it."""
        with self._lock:
            if self._holding is None or self._holding.lost:
                return
            began = self._clock.monotonic()
            holding = self._holding = self._holding.trying(began)
        lease = holding.next_lease()
        try:
            seen = Seen(self._put(lease, holding.seen.etag), lease)
        except ReconcilerError:  # contended, or no reply within a minute
            try:
                found = self._read()
            except ReconcilerError:
                return  # nobody can tell now; the term goes on running out
            with self._lock:
                self._holding = self._holding.settled(found)
        else:
            with self._lock:
                self._holding = self._holding.renewed(seen, began)

    def give_back(self) -> None:
        """Let the next one have it at once; where that fails, it has to wait for a term."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        holding, self._holding = self._holding, None
        if holding is None or holding.seen.lease.owner != self._mine.owner:
            return
        free = replace(holding.next_lease(), owner="")
        with suppress(ReconcilerError):
            try:
                self._put(free, holding.seen.etag)
            except Contended:  # also by a renewal of ours that came late
                found = self._read()
                if found is not None and found.lease.owner == self._mine.owner:
                    self._put(replace(found.lease, owner=""), found.etag)

    def keep(self) -> None:
        """Renew it on the side from now on, until it is given back."""
        self._thread = threading.Thread(target=self._renewing, name="lease", daemon=True)
        self._thread.start()

    def _renewing(self) -> None:
        while True:
            self._clock.sleep(RENEWED_EVERY, self._ended)
            if self._ended.is_set() or (self._holding and self._holding.lost):
                return
            self.renew()

    def _read(self) -> Seen | None:
        stored = self._store.get(self._key)
        if stored is None:
            return None
        return Seen(stored.etag, lease_from(stored.content, f"{self._store.name}/{self._key}"))

    def _put(self, lease: Lease, etag: str) -> str:
        content = laid_out(lease_data(lease))
        if etag:
            return self._store.put_over(self._key, content, etag)
        return self._store.put_new(self._key, content)


def lease_data(lease: Lease) -> dict[str, object]:
    """The object that a lease is kept as."""
    return {
        "format_version": FORMAT,
        "owner": lease.owner,
        "run": lease.run,
        "who": lease.who,
        "renewals": lease.renewals,
    }


def lease_from(content: bytes, where: str) -> Lease:
    """The lease that an object holds; ReconcilerError where it holds none."""
    try:
        data = strict_json(content)
        version = str(data["format_version"])
        lease = Lease(
            owner=_text(data["owner"]), run=_text(data["run"]), who=_text(data["who"]),
            renewals=int(data["renewals"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReconcilerError(f"{where}: found no lease of ours: {error}") from error
    if version.split(".")[0] != FORMAT.split(".")[0]:
        raise ReconcilerError(
            f"{where}: found a lease of format {version}, and this version knows {FORMAT}; use "
            "the version that made it"
        )
    return lease


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"found {value!r}, expected text")
    return value


def _waiting(lease: Lease) -> str:
    return (
        f"the lease of this domain is held by {lease.who}, run {lease.run}; waiting up to "
        f"{TERM:.0f} s for a sign of life, and taking over if there is none"
    )


def _held(seen: Seen | None, name: str, seconds: float) -> Held:
    if seen is None:
        return Held(f"state {name}: the lease that was waited for was removed; try again")
    lease = seen.lease
    return Held(
        f"another apply of this domain is running: {lease.who}, run {lease.run}, seen alive "
        f"less than {max(1, round(seconds + 0.5))} s ago",
        "wait for it to end, or stop it; its journal says what it has done",
    )
