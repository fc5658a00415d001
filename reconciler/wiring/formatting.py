"""Which files `fmt` is about, and what each would be."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from reconciler.adapters.spec_search import YAML_SUFFIXES
from reconciler.adapters.yaml_layout import laid_out
from reconciler.model.config import Config
from reconciler.model.diagnostic import Location, Problem
from reconciler.wiring.rewriting import Rewriting, named


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


def _yaml_files(path: Path, problems: list[Problem]) -> Iterable[Path]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.suffix.lower() in YAML_SUFFIXES and not hidden and file.is_file():
                yield file
    elif path.suffix.lower() in YAML_SUFFIXES:
        yield path
    elif path.suffix.lower() != ".json":
        expected = " or ".join(YAML_SUFFIXES)
        problems.append(
            Problem(
                Location(named(path)),
                "unknown-file-type",
                f"found the suffix {path.suffix or 'none'!r}, expected {expected}",
                "rename the file, or leave it out",
            )
        )
