"""The ways into the sandbox; nothing outside the sandbox imports anything else of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TextIO

from reconciler.sandbox import running, store
from reconciler.sandbox.arns import ACCOUNT, REGION, Told
from reconciler.sandbox.calls import CallLog, CallRecord
from reconciler.sandbox.clock import Clock, ManualClock, SystemClock
from reconciler.sandbox.editing import edit
from reconciler.sandbox.embedded import Embedded
from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.faults import Rule
from reconciler.sandbox.running import Options
from reconciler.sandbox.seeding.seed import seed
from reconciler.sandbox.switches import SWITCHES, Switch, parse_assignments

__all__ = [
    "ACCOUNT",
    "REGION",
    "SWITCHES",
    "CallLog",
    "CallRecord",
    "Clock",
    "Embedded",
    "ManualClock",
    "Rule",
    "SandboxError",
    "Switch",
    "SystemClock",
    "edit",
    "parse_assignments",
    "reset",
    "seed",
    "serve",
]


def serve(  # noqa: PLR0913 - each is an option of the command line
    db: Path,
    *,
    host: str = running.LOOPBACK,
    port: int = 0,
    fast: bool = False,
    quota_scale: float = 1.0,
    latency_ms: float = 0.0,
    faults: Path | None = None,
    switches: Mapping[str, str] | None = None,
    access_log: TextIO | None = None,
    account: str = "",
    region: str = "",
    ready: Callable[[str], None],
) -> None:
    """Serve a database until SIGINT or SIGTERM; `ready` is told the address when calls can come."""
    options = Options(
        host=host,
        port=port,
        fast=fast,
        quota_scale=quota_scale,
        latency_ms=latency_ms,
        access_log=access_log,
        told=Told(account=account, region=region),
    )
    running.serve(db, options=options, faults=faults, switches=switches or {}, ready=ready)


def reset(db: Path) -> None:
    """Delete a sandbox database with its side files; any other file is refused."""
    store.remove(db)
