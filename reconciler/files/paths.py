"""Names and places of files, as messages say them."""

from pathlib import Path

YAML_SUFFIXES = (".yaml", ".yml")


SUFFIXES = (*YAML_SUFFIXES, ".json")


CONFIG_NAMES = ("reconcile.yaml", "reconcile.yml")


def is_spec_name(name: str) -> bool:
    """Whether a file of this name is read as a spec, in capitals or not."""
    return name.lower().endswith(SUFFIXES) and not name.startswith(".")


def shown(path: Path, root: Path) -> str:
    """A path as messages and plans say it: from the root on when it is below."""
    inside = path.relative_to(root) if path.is_relative_to(root) else path
    return inside.as_posix().encode("utf-8", "backslashreplace").decode()


def real_path(path: Path) -> Path:
    """Where a path leads, every link followed; itself when a link leads in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path
