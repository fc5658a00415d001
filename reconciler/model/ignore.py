"""Which differences are left alone for a while, as their author wrote it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from reconciler.model.condition import Condition
from reconciler.model.diagnostic import Source
from reconciler.model.source import Written
from reconciler.model.value import instant

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Scope(StrEnum):
    """Where a rule holds: `drift` reports what it ignores nowhere, `apply` leaves it as it is."""

    DRIFT = "drift"
    APPLY = "apply"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreRule:
    """One field that is left alone, of every case or of one, for a reason and until a day.

    `case` is an id, or a reference where `by_reference` says so; empty for every case.
    """

    field: Written
    reason: str
    until: Written
    ends: datetime
    at: Source
    case: str = ""
    by_reference: bool = False
    when: Condition | None = None
    scope: Scope = Scope.BOTH

    def holds_for(self, *, drift: bool) -> bool:
        """Whether the rule is about this kind of run."""
        return self.scope in (Scope.BOTH, Scope.DRIFT if drift else Scope.APPLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """One field of one case to leave alone; `name` is the field's, for people who read the file."""

    field: str
    name: str
    case: str
    reason: str
    until: str
    scope: Scope = Scope.BOTH

    def is_kept_by(self, rule: IgnoreRule) -> bool:
        """Whether a rule leaves the same alone already, whatever else it does."""
        named = rule.field.text.casefold() in (self.field.casefold(), self.name.casefold())
        about = rule.case == "" or (rule.case == self.case and not rule.by_reference)
        return named and about and rule.when is None and rule.scope in (Scope.BOTH, self.scope)


def end_of(until: str) -> datetime | None:
    """When a rule ends: a day ends with its last moment in UTC; None for what is no time."""
    day = _DAY.match(until)
    if day is None:
        return None
    moment = instant(until)
    try:
        if moment is not None:
            return datetime.fromisoformat(moment)
        if day[0] != until:
            return None
        return datetime.fromisoformat(until).replace(tzinfo=UTC) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
