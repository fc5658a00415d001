"""How often each API may be called: one token bucket per account, Region and API.

Rates and bursts are those of Service Quotas, or of the administrator guide where its table has a
lower number; BatchUpdateCase is in neither and has a switch.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# Calls a second, and calls at once.
QUOTAS: Mapping[str, tuple[float, float]] = {
    "BatchGetField": (8, 25),
    "BatchPutFieldOptions": (2, 5),
    "CreateCase": (2, 10),
    "CreateDomain": (2, 5),
    "CreateField": (2, 5),
    "CreateTemplate": (2, 5),
    "DeleteCase": (2, 5),
    "DeleteField": (2, 5),
    "GetCase": (4, 10),
    "GetCaseAuditEvents": (2, 10),
    "GetDomain": (2, 5),
    "GetTemplate": (6, 20),
    "ListDomains": (2, 5),
    "ListFieldOptions": (6, 15),
    "ListFields": (2, 5),
    "ListTagsForResource": (2, 10),
    "ListTemplates": (2, 10),
    "SearchCases": (2, 10),
    "TagResource": (2, 10),
    "UntagResource": (2, 10),
    "UpdateCase": (2, 2),
    "UpdateField": (2, 5),
    "UpdateTemplate": (2, 5),
}


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class Quotas:
    """The buckets of one running sandbox; a scale of None lifts all quotas.

    A scale is of the rates alone: a service in which time runs faster lets as many calls through
    at once.
    """

    def __init__(self, scale: float | None = 1.0) -> None:
        self._scale = scale
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}

    def take(self, key: tuple[str, str, str], batch: tuple[float, float], now: float) -> bool:
        """Take one call of (account, region, operation) from its bucket; False when it is empty."""
        if self._scale is None:
            return True
        rate, burst = self._limits(key[2], batch)
        bucket = self._buckets.setdefault(key, _Bucket(burst, now))
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.filled_at) * rate)
        bucket.filled_at = now
        # A bucket filled in small steps can miss a whole token by a rounding error.
        if bucket.tokens < 1 - 1e-9:
            return False
        bucket.tokens -= 1
        return True

    def _limits(self, operation: str, batch: tuple[float, float]) -> tuple[float, float]:
        assert self._scale is not None
        rate, burst = QUOTAS.get(operation, batch)
        return rate * self._scale, burst
