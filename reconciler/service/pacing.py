"""When may the next call be sent? Arithmetic only: no clock, no waiting.

A token bucket for one API of one account and Region. Its speed is halved by each throttle and
grows back slowly, so that live agents, who share the quota, get their calls through.
"""

from dataclasses import dataclass, replace

SLOWEST = 1 / 16  # of the full rate
RECOVERY = 1.05  # per call that was not throttled


@dataclass(frozen=True, slots=True)
class Pace:
    """Rates are calls per second; `tokens` may be negative: calls already promised a later time."""

    rate: float
    burst: float
    tokens: float
    at: float
    slowdown: float = 1.0

    @classmethod
    def full(cls, rate: float, burst: float, now: float) -> "Pace":
        """A bucket nobody has drawn from yet."""
        # At least one whole call: the documented burst of UpdateCase is 2 on one of AWS's pages,
        # and a share of it may be less than a call, for which no bucket would ever do.
        return cls(rate, max(1.0, burst), max(1.0, burst), now)

    def take(self, now: float) -> tuple[float, "Pace"]:
        """The seconds to wait before this call, and the pace for the one after."""
        speed = self.rate * self.slowdown
        # A clock that goes back gives nothing: `at` only grows, and no second is counted twice.
        tokens = min(self.burst, self.tokens + max(0.0, now - self.at) * speed) - 1.0
        wait = 0.0 if tokens >= 0 else -tokens / speed
        return wait, replace(self, tokens=tokens, at=max(now, self.at))

    def given_back(self) -> "Pace":
        """A call that was promised is not made after all.

        A promise may stem from a time of higher speed, so no more than the shortest wait is back.
        """
        back = 1.0 if self.tokens >= 0 else self.slowdown
        return replace(self, tokens=min(self.burst, self.tokens + back))

    def throttled(self, now: float | None = None) -> "Pace":
        """After a throttle: half the speed, and no burst left (as of `now`, where it is known)."""
        at = self.at if now is None else max(self.at, now)
        slower = self._at_speed(max(SLOWEST, self.slowdown / 2))
        return replace(slower, tokens=min(slower.tokens, 0.0), at=at)

    def accepted(self) -> "Pace":
        """After a call that was not throttled: a little faster again, up to the full rate."""
        if self.slowdown >= 1.0:
            return self
        return self._at_speed(min(1.0, self.slowdown * RECOVERY))

    def _at_speed(self, slowdown: float) -> "Pace":
        """Another speed from the last promised call on: what was promised keeps its time."""
        debt = self.tokens * slowdown / self.slowdown
        tokens = self.tokens if self.tokens >= 0 else debt
        return replace(self, slowdown=slowdown, tokens=tokens)


def seconds_for(calls: float, rate: float, burst: float) -> float:
    """How long a quota makes `calls` calls take when the bucket is full at first."""
    return max(0.0, calls - max(1.0, burst)) / rate
