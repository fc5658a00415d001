"""Which spec files are not as they were at a commit: edited, new, moved or gone."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reconciler.files.paths import CONFIG_NAMES, is_spec_name
from reconciler.git.repository import Repository
from reconciler.git.tree import FILE, Tree, contents, holds, inside, leads_elsewhere, tree_of


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file by its path from the top of the tree; each side is None where it had or has none.

    `unreadable`: nobody can tell what it was or is about, such as a link that leads elsewhere.
    """

    path: str
    before: bytes | None
    after: bytes | None
    unreadable: bool = False


def changed_files(
    repository: Repository, top: Path, folders: Collection[Path], files: Collection[Path]
) -> Iterator[ChangedFile]:
    """The spec files below the folders that differ; `files` are those that are read now."""
    below = {inside(folder, top) for folder in folders}
    tree = tree_of(repository, {"." if one == "" else one for one in below})
    now = {inside(file, top): file for file in files}
    before = {path: digest for path, (mode, digest) in tree.items() if _is_spec(path, mode, below)}
    differing = {
        path: digest
        for path, digest in before.items()
        if path not in now or not holds(now[path], digest)
    }
    held = contents(repository, differing.values())
    for path, digest in differing.items():
        found = held.get(digest)
        yield ChangedFile(path, found, _content(now.get(path)), unreadable=found is None)
    for path, file in now.items():
        if path not in before:
            yield ChangedFile(path, None, _content(file))
    yield from _links(tree, top)


def file_at(repository: Repository, path: str) -> bytes | None:
    """One file at the commit; None where it had none."""
    _, digest = tree_of(repository, {path}).get(path, ("", ""))
    return contents(repository, [digest]).get(digest) if digest else None


def _links(tree: Tree, top: Path) -> Iterator[ChangedFile]:
    for path, entry in tree.items():
        if leads_elsewhere(top / path, *entry):
            yield ChangedFile(path, None, None, unreadable=True)


def _is_spec(path: str, mode: str, below: Collection[str]) -> bool:
    """Whether a file would be read as a spec: no hidden one is, nor the config."""
    if not mode.startswith(FILE) or not is_spec_name(PurePosixPath(path).name):
        return False
    for folder in below:
        start = () if folder in ("", ".") else PurePosixPath(folder).parts
        parts = PurePosixPath(path).parts
        if parts[: len(start)] == start:
            rest = parts[len(start) :]
            config = len(rest) == 1 and rest[0] in CONFIG_NAMES
            return not config and not any(one.startswith(".") for one in rest)
    return False


def _content(file: Path | None) -> bytes | None:
    if file is None:
        return None
    try:
        return file.read_bytes()
    except OSError:
        return os.fsencode(file)  # which is no spec, so that nobody can tell what it is about
