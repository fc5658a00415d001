"""Where a state is kept: small objects under keys, each write with its condition.

The keys, for a folder as for a bucket: `state.json` (the format), `leases/DOMAIN.json`,
`runs/RUN/journal-0001.jsonl` and so on, `runs/RUN/receipt.json`, and whatever is kept below
`cache/`, `drift/` and `bundles/`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from reconciler.errors import ReconcilerError
from reconciler.files.canonical import laid_out
from reconciler.files.strict_json import strict_json

FORMAT = "1.0"
FORMAT_KEY = "state.json"
PEEK = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as it was read; `etag` changes with every write of it."""

    content: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An object of a listing; `at` is the store's own time of its last write, where it tells."""

    key: str
    size: int
    at: datetime | None = None


class Store(Protocol):
    """The port: what a folder and a bucket can both do.

    Whatever fails is a ReconcilerError; Contended where a condition does not hold.
    """

    @property
    def name(self) -> str: ...

    def get(self, key: str) -> Stored | None: ...

    def peek(self, key: str, *, at_end: bool) -> bytes: ...

    def put_new(self, key: str, content: bytes) -> str: ...

    def put_over(self, key: str, content: bytes, etag: str) -> str: ...

    def delete(self, key: str) -> None: ...

    def list(self, prefix: str) -> Iterator[Entry]: ...

    def names(self, prefix: str) -> Iterator[str]: ...


def lease_key(domain: str) -> str:
    """The lease of a domain; its id comes out of a file, and may have any character."""
    return f"leases/{quote(domain, safe='')}.json"


def run_prefix(run_id: str) -> str:
    """Everything of one run."""
    return f"runs/{run_id}/"


def segment_key(run_id: str, number: int) -> str:
    """One piece of a run's journal, from 1 on."""
    return f"{run_prefix(run_id)}journal-{number:04}.jsonl"


def receipt_key(run_id: str) -> str:
    """The receipt of a run."""
    return f"{run_prefix(run_id)}receipt.json"


def format_data() -> bytes:
    """What says of which format the state is."""
    return laid_out({"format_version": FORMAT})


def check_format(stored: Stored | None, name: str) -> None:
    """Refuse a state that a newer version has begun, or that is none of ours."""
    if stored is None:
        return
    said = _version(stored.content)
    if said is None:
        raise ReconcilerError(
            f"{name}: its {FORMAT_KEY} is none of ours, so something else is kept there; "
            "choose another place for the state"
        )
    if said.split(".")[0] != FORMAT.split(".")[0]:
        raise ReconcilerError(
            f"{name}: found a state of format {said}, and this version knows {FORMAT}; "
            "use the version that made it, or another place for the state"
        )


def _version(content: bytes) -> str | None:
    try:
        data = strict_json(content)
    except (ValueError, RecursionError):
        return None
    said = data.get("format_version") if isinstance(data, dict) else None
    return said if isinstance(said, str) and said else None
