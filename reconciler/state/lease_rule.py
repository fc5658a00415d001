"""Decide who may write: the rule of the lease, as arithmetic.

No clock of one machine is compared with that of another.

A holder counts its term from before it sent the write that got or renewed the lease. A taker counts
the same term from after it first saw that write, so the taker's term ends later, whatever the
clocks say. A holder sends nothing that could still be under way when its own term ends.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

TERM = 180.0  # seconds
RENEWED_EVERY = 20.0
LONGEST_CALL = 60.0  # of a write: what is sent with less left could arrive too late
LOOKED_AT_EVERY = 3.0  # by who waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """What the object says; `owner` is a token of one apply, empty in a lease that was given back.

    `renewals` makes each write of it another one, so that its ETag tells of every renewal.
    """

    owner: str = ""
    run: str = ""
    who: str = ""
    renewals: int = 0

    @property
    def free(self) -> bool:
        """Whether its holder has given it back."""
        return not self.owner


@dataclass(frozen=True, slots=True)
class Seen:
    """The object as it was read: its ETag, and what it says."""

    etag: str
    lease: Lease


class Step(Enum):
    """What somebody who wants the lease does next."""

    CREATE = auto()  # there is no object: write one, where there still is none
    TAKE = auto()  # write over the object that was seen, where it is still that one
    WAIT = auto()  # its holder may be dead: look again
    GIVE_UP = auto()  # its holder is alive
    HELD = auto()  # it is ours: a lost reply was that of a write that took effect


@dataclass(frozen=True, slots=True)
class Watch:
    """What somebody who waits has seen: an ETag, and since when (its own monotonic clock)."""

    etag: str = ""
    since: float = 0.0


def next_step(seen: Seen | None, token: str, watch: Watch, now: float) -> tuple[Step, Watch]:
    """What to do about what was read just now (`now` is after the reply), and what to remember."""
    if seen is None:
        return (Step.GIVE_UP if watch.etag else Step.CREATE), watch
    if seen.lease.owner == token:
        return Step.HELD, watch
    if seen.lease.free:
        return Step.TAKE, watch
    if not watch.etag:
        return Step.WAIT, Watch(seen.etag, now)
    if seen.etag != watch.etag:
        return Step.GIVE_UP, watch
    return (Step.TAKE if now - watch.since > TERM else Step.WAIT), watch


@dataclass(frozen=True, slots=True)
class Holding:
    """What a holder knows of its own lease; `since` is from before the write that renewed it."""

    seen: Seen
    since: float
    lost: str = ""
    tried_since: float | None = None  # when the renewal that is under way was first sent

    def may_write(self, now: float) -> "Holding":
        """The same, lost where what is left of the term is not longer than the longest call.

        It stays lost: whoever was stopped for so long cannot know what it missed.
        """
        if self.lost or self.since + TERM - now > LONGEST_CALL:
            return self
        return replace(self, lost="its lease could not be renewed in time")

    def trying(self, now: float) -> "Holding":
        """Before a renewal is sent, or sent again."""
        return self if self.tried_since is not None else replace(self, tried_since=now)

    def renewed(self, seen: Seen, since: float) -> "Holding":
        """After a renewal whose reply came; `since` is from before it was sent."""
        if self.lost:
            return self
        return replace(self, seen=seen, since=since, tried_since=None)

    def settled(self, found: Seen | None) -> "Holding":
        """After a renewal of which nobody can tell: what the object says now.

        Where it is ours as it was to become, one of those that were sent took effect, and the
        first of them may have. Where it is ours as it was, one of them may still come.
        """
        if found is None or found.lease.owner != self.seen.lease.owner:
            return replace(self, lost=_taken(found))
        if found.lease.renewals > self.seen.lease.renewals and self.tried_since is not None:
            return self.renewed(found, self.tried_since)
        return replace(self, seen=found)

    def next_lease(self) -> Lease:
        """What the next renewal writes."""
        return replace(self.seen.lease, renewals=self.seen.lease.renewals + 1)


def _taken(found: Seen | None) -> str:
    if found is None:
        return "its lease was removed"
    if found.lease.free:
        return f"its lease was taken over by run {found.lease.run}, which has ended"
    return f"its lease was taken over by {found.lease.who}, run {found.lease.run}"
