"""What a run has asked of the service so far."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class CallCounts:
    """Calls, throttles and repeated attempts by API, and the seconds spent waiting for quotas."""

    calls: Counter[str] = field(default_factory=Counter)
    throttles: Counter[str] = field(default_factory=Counter)
    retries: Counter[str] = field(default_factory=Counter)
    seconds_waited: float = 0.0
