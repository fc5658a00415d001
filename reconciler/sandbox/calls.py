"""Remember which calls were made, without the values they carried."""

from collections import Counter, deque
from dataclasses import dataclass
from threading import Lock
from urllib.parse import quote

KEPT = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call: when, which operation, on which case if any, and how it was answered."""

    time: str
    operation: str
    case_id: str | None
    status: int
    error: str | None
    milliseconds: float
    request_id: str

    def line(self) -> str:
        """The call as one line of an access log."""
        case = quote(self.case_id, safe="/:#=+") if self.case_id else "-"
        outcome = f"{self.status} {self.error}" if self.error else str(self.status)
        took = f"{self.milliseconds:.1f} ms"
        return f"{self.time} {self.operation} {case} {outcome} {took} {self.request_id}"


class CallLog:
    """The calls since the start, or since the last `clear`; the oldest records are let go."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[str] = Counter()
        self._records: deque[CallRecord] = deque(maxlen=KEPT)

    def add(self, record: CallRecord) -> None:
        """Remember one call."""
        with self._lock:
            self._counts[record.operation] += 1
            self._records.append(record)

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._counts.clear()
            self._records.clear()

    @property
    def counts(self) -> Counter[str]:
        """How often each operation was called, whatever the answer."""
        with self._lock:
            return Counter(self._counts)

    @property
    def records(self) -> list[CallRecord]:
        """The recent calls, oldest first."""
        with self._lock:
            return list(self._records)

    def __getitem__(self, operation: str) -> int:
        with self._lock:
            return self._counts[operation]
