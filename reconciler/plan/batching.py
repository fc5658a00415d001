"""Which changes can travel together in one BatchUpdateCase, and under which token."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconciler.files.canonical import canonical, plain
from reconciler.model.plan import CaseChange, FieldChange, Sealed, Shown
from reconciler.model.system_fields import TITLE
from reconciler.model.value import FieldId

# From the service model: cases of one batch, and what its top-level members take.
MOST_CASES = 100
FEWEST_CASES = 2  # a batch of one saves no call
TOP_LEVEL = {
    TITLE: re.compile(r"(?s).{1,500}"),
    FieldId("status"): re.compile(r"[a-zA-Z0-9_\-\s]{1,100}"),
    FieldId("customer_id"): re.compile(r"[a-zA-Z0-9/_\-:.]{1,500}"),
}


@dataclass(frozen=True, slots=True)
class Batch:
    """Cases that are to hold the same values: one BatchUpdateCase, or the calls of one each."""

    changes: tuple[CaseChange, ...]

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        """The values, which are those of every case of the batch."""
        return self.changes[0].fields


def batches(planned: Iterable[CaseChange]) -> tuple[tuple[Batch, ...], tuple[CaseChange, ...]]:
    """The batches of these changes, and the changes that have to go one by one."""
    groups: dict[tuple[tuple[FieldId, Shown, type], ...], list[CaseChange]] = {}
    singles: list[CaseChange] = []
    for change in planned:
        if all(fits(entry) for entry in change.fields):
            # With the type: in Python True equals 1, and 1 equals 1.0.
            alike = tuple((entry.id, entry.after, type(entry.after)) for entry in change.fields)
            groups.setdefault(alike, []).append(change)
        else:
            singles.append(change)
    made: list[Batch] = []
    for changes in groups.values():
        for at in range(0, len(changes), MOST_CASES):
            part = tuple(changes[at : at + MOST_CASES])
            if len(part) < FEWEST_CASES:
                singles.extend(part)
            else:
                made.append(Batch(part))
    return tuple(made), tuple(sorted(singles, key=lambda change: change.case_id))


def fits(entry: FieldChange) -> bool:
    """Title, status and customer travel at the top level, which has patterns and no way to clear.

    A sealed value is not known here; the service has the last word on it.
    """
    pattern = TOP_LEVEL.get(entry.id)
    # Fields of the list have no pattern in the service model.
    if pattern is None or isinstance(entry.after, Sealed):
        return True
    return entry.after is not None and bool(pattern.fullmatch(str(entry.after)))


def client_token(
    run: str, changes: Sequence[CaseChange], fields: Sequence[FieldChange], attempt: int
) -> str:
    """The same token for the same attempt of the same run at the same cases: 64 characters.

    A repeated token makes the service answer again what it answered before, and write nothing
    twice; a further attempt, or a further run, needs another one.
    """
    content = [
        run,
        attempt,
        [change.case_id for change in changes],
        [
            [
                entry.id,
                entry.after.digest if isinstance(entry.after, Sealed) else plain(entry.after),
            ]
            for entry in fields
        ],
    ]
    # Client tokens have at most 64 characters (service model): just a sha256.
    return hashlib.sha256(canonical(content)).hexdigest()
