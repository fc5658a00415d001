"""What an operation is told about the call it answers, beside the call's parameters."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from reconciler.sandbox.arns import Place
from reconciler.sandbox.catalog import Catalogs, Domain
from reconciler.sandbox.clock import timestamp
from reconciler.sandbox.errors import ServiceError
from reconciler.sandbox.search.results import ResultCache
from reconciler.sandbox.store import Store
from reconciler.sandbox.switches import Settings

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call: where it goes, as whom, when, and under which switches.

    `region` is None for an unsigned call, which sees the domains of every Region. `fault_on_case`
    says how one case of a batch is to fail, if it is.
    """

    store: Store
    catalogs: Catalogs
    results: ResultCache
    settings: Settings
    operation: str
    region: str | None
    place: Place
    now: datetime
    fault_on_case: Callable[[str], ServiceError | None]

    @cached_property
    def time(self) -> str:
        """The call's instant, as the service writes it."""
        return timestamp(self.now)

    def domain(self, domain_id: str) -> Domain:
        """The domain that the call is about."""
        return self.catalogs.domain(domain_id, self.region)


def digest(value: object) -> str:
    """A short name for a value: the same for the same value, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:32]
