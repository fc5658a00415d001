"""What one project works with: its config, its connections, and whom it tells."""

import json
import os
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from reconciler.clock import Clock
from reconciler.config.file import find_config, read_config
from reconciler.config.model import Config
from reconciler.config.state_address import EXPECTED, NoPlace, state_place
from reconciler.errors import ReconcilerError, WrongArgument
from reconciler.files.paths import CONFIG_NAMES
from reconciler.model.progress import Progress, no_progress
from reconciler.project.connections import Connections

Document = Mapping[str, Any]


def silent(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What is injected: the clock, clients by target, and whoever is told or may stop the work.

    `folder` is where relative paths count from.
    """

    folder: Path
    commit: str = ""
    specs: tuple[Path, ...] = ()
    clock: Clock | None = None
    clients: Mapping[str, Any] = field(default_factory=dict)
    note: Callable[[str], None] = silent
    progress: Progress = no_progress
    stop: threading.Event = field(default_factory=threading.Event)


def ways(  # noqa: PLR0913  (one parameter a thing that is injected)
    *,
    folder: str | Path | None,
    clients: Mapping[str, Any] | None,
    clock: Clock | None,
    commit: str | None,
    note: Callable[[str], None] | None,
    progress: Progress | None,
    stop: threading.Event | None,
) -> Ways:
    """What is injected, and what stands in where nothing is."""
    return Ways(
        folder=Path("" if folder is None else folder).absolute(),
        commit=commit or "",
        clock=clock,
        clients=dict(clients or {}),
        note=note or silent,
        progress=progress or no_progress,
        stop=stop or threading.Event(),
    )


class Home:
    """A project's config and connections, which are opened on demand and closed together."""

    def __init__(self, config: Config, ways: Ways) -> None:
        unknown = [name for name in ways.clients if name not in config.targets]
        if unknown:
            known = ", ".join(config.targets)
            raise WrongArgument(
                "clients", f'the config has no target "{unknown[0]}"; it has: {known}'
            )
        self.config = config
        self.ways = ways
        self.closing = ExitStack()
        self.connections = self.closing.enter_context(
            Connections(config, ways.stop, ways.note, ways.clock, ways.clients)
        )
        self._closed = False

    def close(self) -> None:
        """Give back what was opened; nothing can be asked any more."""
        self._closed = True
        self.closing.close()

    def check_open(self) -> None:
        """A closed project says so."""
        if self._closed:
            raise ReconcilerError("the project is closed; load it again")

    def paths(self, given: Sequence[str | Path] | str | Path | None) -> tuple[Path, ...]:
        """Paths of specs from the project's folder on; its own where none is given."""
        several = names("paths", [given] if isinstance(given, str | Path) else given)
        return tuple(self.ways.folder / one for one in several) or self.ways.specs


def names(argument: str, given: Any) -> tuple[Any, ...]:
    """Names as a tuple; one may stand alone, None means all, and none at all is a mistake."""
    if given is None:
        return ()
    found = (given,) if isinstance(given, str) else tuple(given)
    if not found:
        raise WrongArgument(
            argument, "found an empty list, expected names, or None for all of them"
        )
    wrong = [one for one in found if not isinstance(one, str | Path) or str(one) == ""]
    if wrong:
        raise WrongArgument(argument, f"found {wrong[0]!r}, expected a name")
    return found


def home_of(path: str | Path | None, state: str | Path | None, ways: Ways) -> Home:
    """The project of a config in a file, with this process's environment as it is now."""
    file = find_config(ways.folder) if path is None else ways.folder / path
    if file is None:
        raise ReconcilerError(
            f"there is no {CONFIG_NAMES[0]} in {ways.folder} or in a folder above"
        )
    return Home(_with_state(read_config(file, dict(os.environ)), state, ways.folder), ways)


def home_with(
    config: Document | str | Path,
    specs: Sequence[Document | str | Path] | None,
    state: str | Path | None,
    environment: Mapping[str, str] | None,
    ways: Ways,
) -> Home:
    """The project of a config and specs that are handed over, as files or as what they say."""
    written = _Written(ways.folder)
    file = written.path("reconcile.json", config)
    found = tuple(written.path(f"specs/{at:04}.json", one) for at, one in enumerate(specs or (), 1))
    if specs is not None and not found:
        raise WrongArgument(
            "specs", "found an empty list, expected specs, or None for those of the config"
        )
    read = _with_state(read_config(file, dict(environment or {})), state, ways.folder)
    home = Home(read, replace(ways, specs=found))
    home.closing.callback(written.remove)
    return home


def _with_state(config: Config, state: str | Path | None, folder: Path) -> Config:
    if state is None:
        return config
    if isinstance(state, Path):
        return replace(config, state_folder=folder / state, state_bucket=None)
    try:
        place = state_place(state, folder)
    except NoPlace as error:
        raise WrongArgument("state", f"found {state!r} ({error}), expected {EXPECTED}") from None
    return replace(config, state_folder=place.folder, state_bucket=place.bucket)


class _Written:
    """Documents that are handed over as data, written where everything else is read from."""

    def __init__(self, folder: Path) -> None:
        self._near = folder
        self._own: Path | None = None

    def path(self, name: str, given: Document | str | Path) -> Path:
        """Where the document is; one that is data is written first."""
        if isinstance(given, str | Path):
            return self._near / given
        if not isinstance(given, Mapping):
            raise WrongArgument(name, f"found {type(given).__name__}, expected a mapping or a path")
        if self._own is None:
            self._own = Path(tempfile.mkdtemp(prefix="reconcile-")).resolve()
        path = self._own / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(given, indent=1, ensure_ascii=False), encoding="utf-8")
        return path

    def remove(self) -> None:
        """Take away what was written; what a run left stays."""
        if self._own is None:
            return
        for path in (*self._own.glob("specs/*.json"), self._own / "reconcile.json"):
            path.unlink(missing_ok=True)
        for folder in (self._own / "specs", self._own):
            try:
                folder.rmdir()
            except OSError:  # journals and receipts are in it, and are the only record there is
                continue
