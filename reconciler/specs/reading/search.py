"""Find the spec files at or below the paths of a run, none of them outside the repository."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from reconciler.files.paths import (
    CONFIG_NAMES,
    SUFFIXES,
    is_spec_name,
    real_path,
    shown,
)
from reconciler.model.diagnostic import Problem, Source
from reconciler.specs.reading.lookalike import lookalike


def find_files(
    paths: Sequence[Path],
    root: Path,
    problems: list[Problem],
    passed_over: list[Problem] | None = None,
) -> list[Path]:
    """Every spec file once, resolved and sorted; `root` is the resolved folder of the config.

    What looks like a spec in a folder, and is none by its name, is told to `passed_over`.
    """
    search = _Search(root, problems)
    for path in paths:
        search.add(path.absolute())
    if passed_over is not None:
        found = ((path, shown(path, root)) for path in sorted(search.others - search.files))
        passed_over.extend(one for path, name in found if (one := lookalike(path, name)))
    return sorted(search.files)


class _Search:
    """Gathers files; a file or folder reached twice, say through a link, counts once."""

    def __init__(self, root: Path, problems: list[Problem]) -> None:
        self.files: set[Path] = set()
        self.others: set[Path] = set()  # that are passed over because of their names
        self._root = root
        self._problems = problems
        self._folders: set[Path] = set()

    def add(self, path: Path) -> None:
        """Take a path that was asked for, whatever its name, or say why that cannot be."""
        real = self._inside(path)
        if real is None:
            return
        if real.is_dir():
            self._walk(real)
        elif real.exists() and real.suffix.lower() not in SUFFIXES:
            self._refuse(
                path,
                "unknown-file-type",
                f"found the suffix {real.suffix or 'none'!r}, expected {', '.join(SUFFIXES)}",
                "rename the file, or leave it out",
            )
        else:
            self._take(path, real)

    def _walk(self, folder: Path) -> None:
        """Take all spec files below a folder; hidden ones and the config itself are passed over."""
        waiting = [folder]
        while waiting:
            folder = waiting.pop()
            if folder in self._folders:
                continue
            self._folders.add(folder)
            for path in self._listed(folder):
                real = self._inside(path)
                if real is None:
                    continue
                if real.is_dir():
                    waiting.append(real)
                elif is_spec_name(path.name):
                    self._take(path, real)
                else:
                    self.others.add(path)

    def _listed(self, folder: Path) -> Iterator[Path]:
        try:
            paths = sorted(folder.iterdir())
        except OSError as error:
            self._refuse(
                folder,
                "unreadable-file",
                f"found a folder that cannot be listed: {error.strerror}",
                "check its permissions",
            )
            return
        for path in paths:
            config = folder == self._root and path.name in CONFIG_NAMES
            hidden = path.name.startswith(".")
            if hidden and path.is_file():
                self.others.add(path)
            elif not hidden and not config:
                yield path

    def _take(self, path: Path, real: Path) -> None:
        if real.is_file():
            self.files.add(real)
            return
        found = "something that is not a file" if real.exists() else "no such file or folder"
        self._refuse(path, "no-such-file", f"found {found}", "check the path")

    def _inside(self, path: Path) -> Path | None:
        """Where a path leads, links followed; leaving the repository is refused."""
        real = real_path(path)
        if real.is_relative_to(self._root):
            return real
        self._refuse(
            path,
            "outside-repository",
            f"found a path that leads to {shown(real, self._root)}, expected one below "
            f"{self._root.as_posix()}, the folder of the config",
            "move the file into the repository",
        )
        return None

    def _refuse(self, path: Path, code: str, message: str, hint: str) -> None:
        self._problems.append(Problem(Source(shown(path, self._root)), code, message, hint))
