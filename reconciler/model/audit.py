"""What a case's own audit history says: who changed which field, when, from what to what."""

from dataclasses import dataclass
from typing import TypeAlias

from reconciler.model.value import FieldId, Value


@dataclass(frozen=True, slots=True)
class UnreadableValue:
    """A recorded value in a shape this program does not know: shown, and equal to no value."""

    text: str


Recorded: TypeAlias = Value | UnreadableValue


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """One field of an event. A value before that the service does not state is empty."""

    field: FieldId
    before: Recorded
    after: Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One entry of a case's history; `at` is UTC.

    `by` is a user ARN or a custom entity, `principal` an IAM ARN; both may be empty.
    """

    event_id: str
    kind: str
    at: str
    by: str
    principal: str
    changes: tuple[RecordedChange, ...] = ()

    def change_of(self, field: FieldId) -> RecordedChange | None:
        """What the event did to one field; None when it did nothing to it."""
        return next((one for one in self.changes if one.field == field), None)
