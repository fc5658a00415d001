"""What became of a write whose reply was lost, told from one read of the case.

Nothing that the audit history lacks, and no order or tie in it, proves anything: it may be late.
What proves that a write did not take effect is the case's own time of its last update, where that
is too old to hide a later one behind a coarse clock.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from reconciler.engine.judging import Verdict
from reconciler.engine.lineage import when
from reconciler.engine.stamp import read_stamp
from reconciler.model.audit import AuditEvent
from reconciler.model.value import FieldId, Value

# Clocks of one second, rounded either way, cannot be further apart than this.
MARGIN = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A write that was sent: the case's last update as its guard read saw it, and when that was.

    Both are the service's own times, canonical UTC, empty where they are not known.
    """

    seen_at: str = ""
    read_at: str = ""


class Settled(Enum):
    """What a read says of the attempts whose replies were lost."""

    CONFLICT = "somebody else's value"
    DONE = "the planned values"
    UNTOUCHED = "no write since the guard read"
    UNTOLD = "a write since, and nobody can say whose"


def settled(verdict: Verdict, updated_at: Value, attempts: Sequence[Attempt]) -> Settled:
    """What the newest read of a case says; only UNTOUCHED allows another write."""
    if verdict.clashes:
        return Settled.CONFLICT
    if not verdict.to_write:
        return Settled.DONE
    if attempts and all(_untouched(one, updated_at) for one in attempts):
        return Settled.UNTOUCHED
    return Settled.UNTOLD


def _untouched(attempt: Attempt, updated_at: Value) -> bool:
    now, seen = moment(updated_at), moment(attempt.seen_at)
    return now is not None and now == seen and at_rest(attempt.seen_at, attempt.read_at)


def at_rest(updated_at: Value, read_at: str) -> bool:
    """Whether a case was updated so long before it was read that any later update has another time.

    Both are the service's own times; where one is not known, nothing is.
    """
    updated, read = moment(updated_at), moment(read_at)
    return updated is not None and read is not None and read - updated > MARGIN


def later(updated_at: Value, observed_at: str) -> bool:
    """Whether a case was updated after a plan had observed it, as far as both times are known."""
    now, observed = moment(updated_at), moment(observed_at)
    return now is not None and (observed is None or now > observed)


def stamped(
    events: Iterable[AuditEvent],
    fields: Collection[FieldId],
    stamps: Collection[str],
    since: str = "",
) -> bool:
    """Whether one of the stamps stands on one of the fields, at `since` or after it."""
    begin = moment(since)
    return any(
        event.by in stamps
        and (begin is None or when(event) >= begin)
        and any(event.change_of(field) for field in fields)
        for event in events
    )


def written_since(
    events: Iterable[AuditEvent], fields: Collection[FieldId], observed_at: str
) -> bool:
    """Whether any plan of this program wrote one of the fields after a plan had observed them.

    It may be the plan itself on another machine, or the rest of it: what it wrote and somebody put
    back is not written again. What a rollback put back is no such write.
    """
    return any(
        (stamp := read_stamp(event.by)) is not None
        and not stamp.rollback
        and later(event.at, observed_at)
        and any(event.change_of(field) for field in fields)
        for event in events
    )


def earliest(attempts: Iterable[Attempt]) -> str:
    """The earliest `seen_at`; empty when that of any attempt is not known."""
    seen = [one.seen_at for one in attempts]
    known = [found for one in seen if (found := moment(one)) is not None]
    if len(known) < len(seen) or not seen:
        return ""
    return min(seen, key=lambda one: moment(one) or min(known))


def moment(text: Value) -> datetime | None:
    """A canonical time as a moment; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
