"""Find the files that come with the program from outside its package: schemas and CI examples."""

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def shipped(name: str) -> Path:
    """A file of the repository by its path there: inside the wheel, or in a checkout."""
    packaged = _PACKAGE / "_shipped" / name
    return packaged if packaged.exists() else _PACKAGE.parent / name
