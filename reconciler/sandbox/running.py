"""Run a sandbox in this process until a signal ends it."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from reconciler.sandbox.arns import NOBODY, Told
from reconciler.sandbox.calls import CallLog, CallRecord
from reconciler.sandbox.clock import SystemClock
from reconciler.sandbox.core import Core, Parts
from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.faults import Faults, read_faults
from reconciler.sandbox.quotas import Quotas
from reconciler.sandbox.server import Server
from reconciler.sandbox.store import Store
from reconciler.sandbox.switches import Switches

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a sandbox runs; `fast` lifts every quota."""

    host: str = LOOPBACK
    port: int = 0
    fast: bool = False
    quota_scale: float = 1.0
    latency_ms: float = 0.0
    access_log: TextIO | None = None
    told: Told = NOBODY

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise SandboxError(f"a port is a number from 0 to 65535, not {self.port}")
        if not 0 < self.quota_scale < float("inf"):
            raise SandboxError(f"the quota scale must be above 0, not {self.quota_scale}")
        if not 0 <= self.latency_ms < float("inf"):
            raise SandboxError(f"the latency must be 0 ms or more, not {self.latency_ms}")

    def quotas(self) -> Quotas:
        """The quotas that these options ask for."""
        return Quotas(None if self.fast else self.quota_scale)

    def logger(self) -> Callable[[CallRecord], None] | None:
        """What writes a line for every call, if a log is wanted."""
        log = self.access_log
        if log is None:
            return None

        def write(record: CallRecord) -> None:
            log.write(record.line() + "\n")
            log.flush()

        return write


def serve(
    db: Path,
    *,
    options: Options,
    faults: Path | None,
    switches: Mapping[str, str],
    ready: Callable[[str], None],
) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is told the address once calls are answered."""
    rules = read_faults(faults) if faults is not None else []
    chosen = Switches(switches)
    store = Store(db, options.told)
    try:
        core = Core(
            Parts(
                store=store,
                clock=SystemClock(),
                switches=chosen,
                faults=Faults(rules),
                quotas=options.quotas(),
                calls=CallLog(),
                latency_seconds=options.latency_ms / 1000,
                on_call=options.logger(),
            )
        )
        asyncio.run(_serve(Server(core), options, ready))
    finally:
        store.close()


async def _serve(server: Server, options: Options, ready: Callable[[str], None]) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    try:
        url = await server.start(options.host, options.port)
        ready(url)
        await stopped.wait()
    except OSError as error:
        raise SandboxError(
            f"cannot listen on {options.host} port {options.port}: {error.strerror}"
        ) from error
    finally:
        await server.stop()
