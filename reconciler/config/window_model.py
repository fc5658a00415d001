"""When apply may run on a target, and when it may not."""

from dataclasses import dataclass
from datetime import datetime, time, tzinfo


@dataclass(frozen=True, slots=True)
class Weekly:
    """Hours on some days of the week (Monday is 0); they end on the next day unless `end` is later.

    Both are what a clock in the window's time zone shows.
    """

    days: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Span:
    """From one date and time to another, as a clock in the window's time zone shows them."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One change window; while a forbidding one is open apply is refused.

    Where a target has allowing windows, one of them must be open. `name` is what an override
    names.
    """

    name: str
    allows: bool
    schedule: Weekly | Span
    zone: tzinfo
    reason: str = ""
