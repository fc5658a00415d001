"""Open a project, of a config file or of what is handed over, and close it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from reconciler.clock import Clock
    from reconciler.config.model import Config
    from reconciler.model.calls import CallCounts
    from reconciler.model.progress import Progress
    from reconciler.project.home import Home


class Opened:
    """A config with its specs and targets, from files or handed over.

    Made of what is handed over, it reads no environment; `Project.load` opens a config file.

    Args:
        config: `reconcile.yaml` as a mapping, or the path of one.
        specs: documents as mappings, or paths of files or folders; None for the config's own.
        clients: clients of `connectcases`, by the names of targets; others are reached by the
            SDK's own credentials. A client's own retries are switched off.
        clock: tells the time and waits; None for the computer's.
        state: where journals and receipts are kept: a folder, or "s3://bucket/prefix"; None for
            what the config says, `.reconcile` beside it by default.
        commit: the commit that the specs are of; None to ask git.
        environment: the variables RECONCILE_SEAL_KEY, RECONCILE_ALLOW_ENDPOINT and those of CI.
        folder: where relative paths count from; None for the working directory as it is now.
        note, progress: are told what takes long, and how far it is.
        stop: ends what is under way once it is set, as Ctrl-C does.

    Raises:
        AuthorErrors: the config is wrong.
        WrongArgument: an argument is.

    Example:
        >>> with Project(config=folder / "reconcile.yaml", specs=[folder / "specs"]) as project:
        ...     project.plan().changed_cases
        2
    """

    def __init__(  # noqa: PLR0913  (one parameter a thing that is injected)
        self,
        config: Mapping[str, Any] | str | Path,
        specs: Sequence[Mapping[str, Any] | str | Path] | None = None,
        *,
        clients: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
        state: str | Path | None = None,
        commit: str | None = None,
        environment: Mapping[str, str] | None = None,
        folder: str | Path | None = None,
        note: Callable[[str], None] | None = None,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        from reconciler.project.home import home_with, ways

        found = ways(
            folder=folder, clients=clients, clock=clock, commit=commit,
            note=note, progress=progress, stop=stop,
        )  # fmt: skip
        self._home: Home = home_with(config, specs, state, environment, found)

    @classmethod
    def load(  # noqa: PLR0913  (one parameter a thing that is injected)
        cls,
        path: str | Path | None = None,
        *,
        state: str | Path | None = None,
        commit: str | None = None,
        clients: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
        note: Callable[[str], None] | None = None,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> Self:
        """Open the project of a config file, with the environment as it is now.

        Args:
            path: a `reconcile.yaml`; None for the nearest one, from the working directory up.
            state: a folder, or "s3://bucket/prefix"; None for what the config says.
            commit: the commit that the specs are of; None to ask git.
            clients, clock, note, progress, stop: as for `Project` itself.

        Raises:
            AuthorErrors: the config is wrong.
            ReconcilerError: there is none.

        Example:
            >>> with Project.load(folder / "reconcile.yaml", commit="1a2b3c4") as project:
            ...     project.plan().commit
            '1a2b3c4'
        """
        from pathlib import Path

        from reconciler.project.home import home_of, ways

        made = cls.__new__(cls)
        made._home = home_of(path, state, ways(
            folder=Path.cwd(), clients=clients, clock=clock, commit=commit,
            note=note, progress=progress, stop=stop,
        ))  # fmt: skip
        return made

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back what was opened; a project that is closed cannot be asked any more.

        Example:
            >>> opened = Project.load(folder / "reconcile.yaml")
            >>> opened.close()
        """
        self._home.close()

    @property
    def config(self) -> Config:
        """What the config says: `root`, `targets` by name, `default_target`, `specs`, `state`."""
        return self._home.config

    @property
    def calls(self) -> CallCounts:
        """What was asked of the service so far: `calls` by API, and how often it throttled."""
        return self._home.connections.counts

    @property
    def seconds(self) -> float:
        """How long ago the project was opened, by its clock."""
        connections = self._home.connections
        return connections.clock.monotonic() - connections.counts.began
