"""Right before a write, and right after: does the case still hold what the plan says?"""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from reconciler.model.case import LiveCase
from reconciler.model.catalog import Field
from reconciler.model.event import FieldConflict
from reconciler.model.plan import FieldChange
from reconciler.model.value import FieldId
from reconciler.secrets.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Verdict:
    """Fields still to write (empty: already done), or the conflicts that forbid writing any."""

    to_write: tuple[FieldChange, ...] = ()
    conflicts: tuple[FieldConflict, ...] = ()


def judge(
    fields: Sequence[FieldChange],
    live: LiveCase,
    sealer: Sealer,
    closed: Container[FieldId] = (),
) -> Verdict:
    """Compare planned fields with the case as it was just read.

    A field at `before` is to be written; one at `after` already is; anything else is a conflict,
    and one conflict keeps the whole case from being written. A `closed` field was brought to
    `after` once, and is not written again: whatever else it holds is a conflict.
    """
    to_write: list[FieldChange] = []
    conflicts: list[FieldConflict] = []
    for entry in fields:
        found = sealer.show(entry.id, live.value_of(entry.id))
        # Before the rest: a value that is right already needs neither a write nor a culprit.
        if found == entry.after:
            continue
        if found == entry.before and entry.id not in closed:
            to_write.append(entry)
        else:
            conflicts.append(FieldConflict(entry.id, entry.name, entry.before, entry.after, found))
    # Whether UpdateCase writes all of its fields or none is not documented; a case is written as a
    # whole or left.
    return Verdict(conflicts=tuple(conflicts)) if conflicts else Verdict(to_write=tuple(to_write))


def field_of(entry: FieldChange) -> Field:
    """The field definition that a plan carries along."""
    return Field(id=entry.id, name=entry.name, type=entry.type)
