"""A sandbox inside another program: a server thread that lives as long as its `with` block."""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self, TextIO

from reconciler.sandbox.arns import Told
from reconciler.sandbox.calls import CallLog
from reconciler.sandbox.clock import Clock, SystemClock
from reconciler.sandbox.core import Core, Parts
from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.faults import Faults, Rule
from reconciler.sandbox.running import Options
from reconciler.sandbox.server import Server
from reconciler.sandbox.store import Store
from reconciler.sandbox.switches import Switches

START_SECONDS = 30


class Embedded:
    """A running sandbox; `url` is where clients reach it. Calls are served from its own thread.

    What it counts, how it fails and how it behaves can be read and changed while it runs:
    `calls`, `faults`, `switches`. Its account and Region are those of the file where they are
    empty. With a `ManualClock` quotas and the index's lag stand still
    until the clock is advanced.
    """

    def __init__(  # noqa: PLR0913 - each is a choice of its own
        self,
        db: Path | str,
        *,
        fast: bool = False,
        quota_scale: float = 1.0,
        latency_ms: float = 0.0,
        faults: Iterable[Rule | Mapping[str, Any]] = (),
        switches: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        access_log: TextIO | None = None,
        port: int = 0,
        account: str = "",
        region: str = "",
    ) -> None:
        options = Options(
            port=port,
            fast=fast,
            quota_scale=quota_scale,
            latency_ms=latency_ms,
            access_log=access_log,
            told=Told(account=account, region=region),
        )
        self.clock: Clock = clock or SystemClock()
        self.calls = CallLog()
        self.faults = Faults(faults)
        self.switches = Switches(switches)
        self.db = Path(db)
        self._store = Store(self.db, options.told)
        parts = Parts(
            store=self._store,
            clock=self.clock,
            switches=self.switches,
            faults=self.faults,
            quotas=options.quotas(),
            calls=self.calls,
            latency_seconds=options.latency_ms / 1000,
            on_call=options.logger(),
        )
        self._server = Server(Core(parts))
        self._loop = asyncio.new_event_loop()
        self._started = Event()
        self._failure: OSError | None = None
        self.url = ""
        self._thread = Thread(target=self._run, args=(options,), name="sandbox", daemon=True)
        self._thread.start()
        if not self._started.wait(START_SECONDS) or self._failure is not None:
            self.close()
            where = f"{options.host} port {options.port}"
            raise SandboxError(f"cannot listen on {where}") from self._failure

    def region_of(self, domain: str) -> str:
        """The Region that a client has to ask in to see a domain, by its name or id."""
        return self._store.region_of(domain)

    def close(self) -> None:
        """Stop serving; what was written stays in the file. Closing twice does no harm."""
        if self._thread.is_alive() and self._failure is None:
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self, options: Options) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(_handle)
        try:
            self.url = self._loop.run_until_complete(self._server.start(options.host, options.port))
            self._started.set()
            self._loop.run_forever()
        except OSError as error:
            self._failure = error
        finally:
            self._loop.run_until_complete(self._server.stop())
            self._loop.close()
            # After a failure only now: whoever waits may then join this thread at once.
            self._started.set()


def _handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Keep quiet about what the system refuses, such as one more open file: the caller sees it."""
    if not isinstance(context.get("exception"), OSError):
        loop.default_exception_handler(context)
