"""What time it is: the computer's clock, or one that a test moves by hand."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

MANUAL_START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Clock(Protocol):
    """Two readings: the date, and seconds that only ever grow."""

    def now(self) -> datetime:
        """The current instant, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment, never going back."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The current instant, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment, never going back."""
        return time.monotonic()


class ManualClock:
    """A clock that stands still until it is told to advance."""

    def __init__(self, start: datetime = MANUAL_START) -> None:
        self._start = start
        self._elapsed = 0.0

    def now(self) -> datetime:
        """The current instant, in UTC."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._elapsed += seconds


def timestamp(instant: datetime) -> str:
    """An instant as the service writes it: UTC, milliseconds, Z."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_instant(text: str) -> datetime | None:
    """Read an ISO 8601 date and time with an offset; None when the text is anything else."""
    if "T" not in text:
        return None
    try:
        instant = datetime.fromisoformat(text)
        return instant.astimezone(UTC) if instant.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
