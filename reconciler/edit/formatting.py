"""Which files `fmt` is about, and what each would be."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from reconciler.config.model import Config
from reconciler.files.paths import YAML_SUFFIXES
from reconciler.files.rewriting import Rewriting, named
from reconciler.model.diagnostic import Problem, Source
from reconciler.yaml.layout import laid_out


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
                Problem(Source(name), "unreadable-file", message, "check its permissions")
            )
            continue
        after, found = laid_out(before, name)
        problems.extend(found)
        if after != before:
            yield Rewriting(path, name, before, after)


def _yaml_files(path: Path, problems: list[Problem]) -> Iterable[Path]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            # As when specs are read: what is hidden is nobody's spec.
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.suffix.lower() in YAML_SUFFIXES and not hidden and file.is_file():
                yield file
    elif path.suffix.lower() in YAML_SUFFIXES:
        yield path
    elif path.suffix.lower() != ".json":
        expected = " or ".join(YAML_SUFFIXES)
        problems.append(
            Problem(
                Source(named(path)),
                "unknown-file-type",
                f"found the suffix {path.suffix or 'none'!r}, expected {expected}",
                "rename the file, or leave it out",
            )
        )
