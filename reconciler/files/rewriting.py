"""A file that is to have other bytes: what changes in it, and how it is replaced."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reconciler.files.line_diff import unified
from reconciler.files.whole_file import replace_file


@dataclass(frozen=True, slots=True)
class Rewriting:
    """One file that is to have other bytes; `name` is its path from here."""

    path: Path
    name: str
    before: bytes
    after: bytes

    def write(self) -> None:
        """Replace the file, links followed, its mode kept."""
        replace_file(self.path, self.after, keeps=True)

    def diff(self) -> str:
        """What changes, as `git diff` shows it."""
        old, new = (
            one.decode("utf-8", "replace").splitlines(keepends=True)
            for one in (self.before, self.after)
        )
        return "".join(_ended(unified(old, new, f"a/{self.name}", f"b/{self.name}")))


def named(path: Path) -> str:
    """A path from here on when it is below, as problems and diffs say it."""
    here = Path.cwd()
    path = path.absolute()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _ended(lines: Iterable[str]) -> Iterator[str]:
    """Lines of a diff, those that have no end said so as git does."""
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
