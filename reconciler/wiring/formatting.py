"""Which files `fmt` is about, and what each would be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from reconciler.adapters.whole_file import replace_file
from reconciler.adapters.yaml_layout import laid_out
from reconciler.model.config import Config
from reconciler.model.diagnostic import Location, Problem

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Rewriting:
    """One file that is to have other bytes; `name` is its path from here."""

    path: Path
    name: str
    before: bytes
    after: bytes

    def write(self) -> None:
        """Replace the file, links followed, its mode kept."""
        real = self.path.resolve()
        replace_file(real, self.after, mode=real.stat().st_mode & 0o7777)

    def diff(self) -> str:
        """What changes, as `git diff` shows it."""
        old, new = (
            one.decode("utf-8", "replace").splitlines(keepends=True)
            for one in (self.before, self.after)
        )
        return "".join(_ended(unified_diff(old, new, f"a/{self.name}", f"b/{self.name}")))


def reformatted(
    paths: Sequence[Path], config: Config | None, problems: list[Problem]
) -> Iterator[Rewriting]:
    """Every file whose layout is not the canonical one; by default the specs and the config."""
    if config is not None:
        paths = (config.specs, *([config.path] if config.path else []))
    files = (file for path in paths for file in _yaml_files(path, problems))
    for path in dict.fromkeys(files):
        name = named(path)
        try:
            before = path.read_bytes()
        except OSError as error:
            message = f"found a file that cannot be read: {error.strerror}"
            problems.append(
                Problem(Location(name), "unreadable-file", message, "check its permissions")
            )
            continue
        after, found = laid_out(before, name)
        problems.extend(found)
        if after != before:
            yield Rewriting(path, name, before, after)


def named(path: Path) -> str:
    """A path from here on when it is below, as problems and diffs say it."""
    here = Path.cwd()
    path = path.absolute()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _yaml_files(path: Path, problems: list[Problem]) -> Iterable[Path]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.suffix in _SUFFIXES and not hidden and file.is_file():
                yield file
    elif path.suffix in _SUFFIXES:
        yield path
    elif path.suffix != ".json":
        problems.append(
            Problem(
                Location(named(path)),
                "unknown-file-type",
                f"found the suffix {path.suffix or 'none'!r}, expected {' or '.join(_SUFFIXES)}",
                "rename the file, or leave it out",
            )
        )


def _ended(lines: Iterable[str]) -> Iterator[str]:
    """Lines of a diff, those that have no end said so as git does."""
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
