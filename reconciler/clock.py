"""The computer's clock, and the only place that waits."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol

# Linux has one that goes on while the machine sleeps, as leases and times of life have to.
_ELAPSED = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class SystemClock:
    """Real time; a wait ends early when the run is asked to stop."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never jump back."""
        return time.clock_gettime(_ELAPSED)

    def sleep(self, seconds: float, stop: threading.Event | None = None) -> None:
        """Wait, at most until `stop` is set."""
        if stop is not None:
            stop.wait(seconds)
        else:
            time.sleep(seconds)


class Clock(Protocol):
    """The time, and the only way to wait."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float, stop: threading.Event | None = None) -> None: ...
