"""What may be asked of the service, and what a run has asked so far."""

from collections import Counter
from dataclasses import dataclass, field

# The operations of the service that reconcile calls, each with a quota of its own.
APIS = (
    "BatchUpdateCase",
    "GetCase",
    "GetCaseAuditEvents",
    "GetDomain",
    "GetTemplate",
    "ListDomains",
    "ListFieldOptions",
    "ListFields",
    "ListTemplates",
    "SearchCases",
    "UpdateCase",
)


@dataclass(slots=True)
class CallCounts:
    """Calls, throttles and repeated attempts by API, and the time that went into waiting.

    `seconds_waited` are those in which at least one call waited for its quota: calls wait side by
    side, so that their waits summed up would be longer than the run. `began` and `waited_until`
    are moments of the same clock; so are `first` and `last`, of the first call and the last reply.
    `lanes` are the same numbers by account and Region, of which so many were at work at once.
    """

    calls: Counter[str] = field(default_factory=Counter)
    throttles: Counter[str] = field(default_factory=Counter)
    retries: Counter[str] = field(default_factory=Counter)
    seconds_waited: float = 0.0
    began: float = 0.0
    waited_until: float = 0.0
    first: float | None = None
    last: float = 0.0
    lanes: "dict[str, CallCounts]" = field(default_factory=dict)
    lanes_at_once: int | None = None

    @property
    def seconds(self) -> float:
        """From the first call to the last reply."""
        return 0.0 if self.first is None else self.last - self.first

    def of(self, lane: str) -> "tuple[CallCounts, CallCounts]":
        """What a call of this lane counts in: its own numbers and these."""
        return self, self.lanes.setdefault(lane, CallCounts(began=self.began))

    def called(self, api: str, now: float) -> None:
        """A call is sent."""
        self.calls[api] += 1
        self.first = now if self.first is None else self.first

    def waits(self, now: float, seconds: float) -> None:
        """A call waits from now on."""
        until = now + seconds
        self.seconds_waited += max(0.0, until - max(now, self.waited_until))
        self.waited_until = max(self.waited_until, until)
