"""Open the project that a command is about, in front of whoever watches and may press Ctrl-C."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler import Project
from reconciler.cli.console import Console
from reconciler.cli.progress import Relay, shown
from reconciler.cli.stopping import Stop, stoppable

if TYPE_CHECKING:
    from reconciler.config.model import Config


@dataclass(frozen=True, slots=True)
class Work:
    """A project that a command works with."""

    console: Console
    project: Project
    stop: Stop
    relay: Relay

    @property
    def config(self) -> "Config":
        """What the config says."""
        return self.project.config

    @contextmanager
    def progress(self, *, accounted: bool = True, bars: bool = True) -> Iterator[None]:
        """Show how far the block is; afterwards, what it asked of the service."""
        with shown(self.console, self.project, bars=bars, accounted=accounted) as progress:
            self.relay.to = progress
            yield


@contextmanager
def opened(console: Console, config_path: Path | None) -> Iterator[Work]:
    """The project of the config named, or of the nearest one."""
    relay = Relay()
    with (
        stoppable() as stop,
        Project.load(config_path, note=console.note, progress=relay, stop=stop.event) as project,
    ):
        yield Work(console, project, stop, relay)
