"""One call to the service: paced, counted, and tried again while that is safe.

This is the only layer that retries (the SDK's own retries are off), so that counts are true.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type
from tenacity.wait import wait_random_exponential

from reconciler.clock import Clock
from reconciler.config.model import Rate
from reconciler.errors import OutcomeUnknown, Stopped, Transient, Unauthenticated, Unavailable
from reconciler.model.calls import CallCounts
from reconciler.model.plural import plural
from reconciler.service.pacing import Pace

T = TypeVar("T")

ATTEMPTS = 8
CONNECTION = "connection"  # the code of what is the network's fault
LONGEST_WAIT = 20.0  # seconds between two attempts, also when the service asks for more
# Seconds of one call, replies and waits between them together, after which none is tried again:
# with the longest exchange (20 s, see bounded_http) no call takes more than 60.
LAST_START = 40.0
TOLD_AFTER = 2.0  # seconds of trying before somebody who waits is told
_jitter = wait_random_exponential(multiplier=0.5, max=LONGEST_WAIT / 2)  # full jitter


class Paces:
    """The token buckets of one account and Region, shared by every target that lives there."""

    def __init__(self, clock: Clock, quotas: Mapping[str, Rate] | None, share: float) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        now = clock.monotonic()
        # The share cuts the burst as well: live agents draw from the same buckets, since quotas are
        # per API, account and Region (documented).
        self._paces = {
            api: Pace.full(rate.rate * share, rate.burst * share, now)
            for api, rate in (quotas or {}).items()
        }

    def take(self, api: str) -> float:
        """Reserve the next call of an API; the seconds to wait before sending it."""
        with self._lock:
            pace = self._paces.get(api)
            if pace is None:
                # Calls without a documented quota, such as GetCallerIdentity, go out at once.
                return 0.0
            wait, self._paces[api] = pace.take(self._clock.monotonic())
            return wait

    def give_back(self, api: str) -> None:
        """A reserved call is not made after all."""
        with self._lock:
            if api in self._paces:
                self._paces[api] = self._paces[api].given_back()

    def throttled(self, api: str) -> None:
        """Slow down: the service said so."""
        with self._lock:
            if api in self._paces:
                self._paces[api] = self._paces[api].throttled(self._clock.monotonic())

    def accepted(self, api: str) -> None:
        """A call went through."""
        with self._lock:
            if api in self._paces:
                self._paces[api] = self._paces[api].accepted()


@dataclass(slots=True)
class _Effort:
    """What one call has cost so far, but for waits for the quota."""

    attempts: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        return f"{plural(self.attempts, 'attempt')}, {self.seconds:.0f} s"


class Caller:
    """Sends calls for one target."""

    def __init__(
        self,
        clock: Clock,
        paces: Paces,
        stop: threading.Event,
        counts: CallCounts | Sequence[CallCounts],
        tell: Callable[[str], None] = lambda _: None,
        lock: "threading.Lock | None" = None,
    ) -> None:
        """`tell` is told of calls that take long because they are tried again.

        Callers that count together, in one of the `counts` or in all, share their `lock`.
        """
        self._clock = clock
        self._tell = tell
        self._told_at = -TOLD_AFTER
        self.paces = paces
        self._stop = stop
        self._lock = lock or threading.Lock()
        self._counts = (counts,) if isinstance(counts, CallCounts) else tuple(counts)
        self._refused: Unauthenticated | None = None

    def await_turn(self, api: str) -> None:
        """Wait until a call of this API may be sent, so that it need not wait later.

        What is read in between is then fresh when the call goes out with `waited`.
        """
        self._turn(api, self._stop)

    def give_back(self, api: str) -> None:
        """The call that was waited for is not made after all."""
        self.paces.give_back(api)

    def call(
        self,
        api: str,
        send: Callable[[], T],
        *,
        before_send: Callable[[int], None] | None = None,
        finish: bool = False,
        waited: bool = False,
    ) -> T:
        """Send when the pace allows, and again after passing faults, a bounded number of times.

        `before_send(attempt)` runs right before each attempt. With `finish` the call is made even
        when the run has been asked to stop: it belongs to something that is in flight. With
        `waited` the first attempt goes out at once: its turn has come already.
        """
        # What was sent is brought to its end: to stop in between would leave a write that nobody
        # knows of.
        stop = None if finish else self._stop
        effort = _Effort()

        def attempt() -> T:
            effort.attempts += 1
            if effort.attempts > 1 or not waited:
                self._turn(api, stop)
            elif stop is not None and stop.is_set():
                raise Stopped(f"{api}: not sent, the run was asked to stop")
            self._check_credentials(api)
            if before_send is not None:
                before_send(effort.attempts)
            began = self._clock.monotonic()
            try:
                return self._send(api, send)
            finally:
                ended = self._clock.monotonic()
                effort.seconds += ended - began
                with self._lock:
                    for counts in self._counts:
                        counts.last = ended

        try:
            return self._retrying(api, effort, stop)(attempt)
        except Transient as error:
            message = f"{error} (gave up after {effort})"
            # The text says what it has cost, so that nobody takes eight attempts for one.
            raise Unavailable(message, code=error.code) from error

    def _retrying(self, api: str, effort: "_Effort", stop: threading.Event | None) -> Retrying:
        def goes_on(state: RetryCallState) -> None:
            effort.seconds += state.upcoming_sleep
            self._count_retry(api)
            self._say(api, state, effort.seconds)

        return Retrying(
            retry=retry_if_exception_type(Transient),
            stop=lambda state: (
                effort.attempts >= ATTEMPTS or effort.seconds + state.upcoming_sleep > LAST_START
            ),
            wait=_wait_seconds,
            sleep=lambda seconds: self._clock.sleep(seconds, stop),
            before_sleep=goes_on,
            reraise=True,
        )

    def _say(self, api: str, state: RetryCallState, spent: float) -> None:
        """Tell whoever waits, once in a while, what is being tried again and why."""
        error = state.outcome.exception() if state.outcome is not None else None
        with self._lock:
            now = self._clock.monotonic()
            if spent < TOLD_AFTER or now - self._told_at < TOLD_AFTER:
                return
            self._told_at = now
        self._tell(f"retrying {state.attempt_number + 1} of {ATTEMPTS}: {_reason(api, error)}")

    def _turn(self, api: str, stop: threading.Event | None) -> None:
        self._check_credentials(api)
        wait = self.paces.take(api)
        if wait > 0:
            with self._lock:
                for counts in self._counts:
                    counts.waits(self._clock.monotonic(), wait)
            self._clock.sleep(wait, stop)
        if stop is not None and stop.is_set():
            raise Stopped(f"{api}: not sent, the run was asked to stop")

    def _check_credentials(self, api: str) -> None:
        """Send nothing more once the credentials were refused: it could only be refused again."""
        if self._refused is not None:
            first = self._refused
            raise Unauthenticated(
                f"{api}: not sent: {first}", code=first.code, reason=first.reason
            ) from first

    def _send(self, api: str, send: Callable[[], T]) -> T:
        with self._lock:
            for counts in self._counts:
                counts.called(api, self._clock.monotonic())
        try:
            reply = send()
        except Transient as error:
            if error.throttled:
                self.paces.throttled(api)
                with self._lock:
                    for counts in self._counts:
                        counts.throttles[api] += 1
            raise
        except OutcomeUnknown:
            self._count_retry(api)
            raise
        except Unauthenticated as error:
            # Every worker of the target sees it before its next call.
            self._refused = error
            raise
        # Only a reply speeds the pace up again; a broken connection says nothing about the quota.
        self.paces.accepted(api)
        return reply

    def _count_retry(self, api: str) -> None:
        with self._lock:
            for counts in self._counts:
                counts.retries[api] += 1


def _reason(api: str, error: BaseException | None) -> str:
    """Why a call is tried again; a service may repeat values in its words, the network does not."""
    if not isinstance(error, Transient) or error.code == CONNECTION:
        return str(error)
    return f"{api}: {error.code}"


def _wait_seconds(state: RetryCallState) -> float:
    """Full jitter, and never less than the service asked for (up to our longest wait)."""
    error = state.outcome.exception() if state.outcome is not None else None
    asked = error.retry_after if isinstance(error, Transient) and error.retry_after else 0.0
    return min(LONGEST_WAIT, max(asked, _jitter(state)))
