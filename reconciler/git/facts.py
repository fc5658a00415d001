"""Where the specs stand in git: the commit, the branch, and whether they are what it holds."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from reconciler.files.paths import CONFIG_NAMES, SUFFIXES, real_path
from reconciler.git.repository import Repository, find_repository
from reconciler.git.tree import (
    FILE,
    MODULE,
    Tree,
    below,
    holds,
    inside,
    leads_elsewhere,
    tree_of,
)
from reconciler.model.plan import Git
from reconciler.specs.reading.search import find_files


def git_facts(repository: Repository, folder: Path, sources: Sequence[Path]) -> Git:
    """The commit, the branch, and whether the specs below the sources differ from the commit.

    `folder` is that of the config. What is compared is the bytes on disk, line ends aside: what
    the index, an attribute or a setting says of a file does not change what a plan is made of.
    """
    if not repository.commit or repository.top is None:
        return Git()
    files = find_files(sources, folder.resolve(), [])
    differs = _differs(repository, repository.top, folder.resolve(), sources, files)
    return Git(repository.commit, repository.branch, differs)


def history_problem(repository: Repository) -> str:
    """Why git cannot tell all about earlier commits, and what to do; empty where it can."""
    if repository.shallow:
        return (
            "this clone is shallow: who changed which spec line, and so drift, cannot be told; "
            "fetch all of it (`git fetch --unshallow`, `fetch-depth: 0`, `GIT_DEPTH: 0`)"
        )
    if repository.partial:
        return (
            "this clone is partial: specs of earlier commits may be missing, and nothing is "
            "fetched here; clone without --filter to have drift told"
        )
    return ""


def git_warnings(repository: Repository, *, with_history: bool) -> Iterator[str]:
    """Why git says nothing, or less than a plan asks of it, and what comes of that."""
    if repository.problem:
        yield (
            "no commit is known, nor who changed which spec line, and so drift cannot be told: "
            f"{repository.problem}"
        )
    elif with_history and (problem := history_problem(repository)):
        yield problem


def _differs(
    repository: Repository, top: Path, folder: Path, sources: Iterable[Path], files: Iterable[Path]
) -> bool:
    wanted = {inside(file, top): file for file in files}
    asked = {path for source in sources for path in _ways(source, top)}
    # A link among the sources may lead to a file elsewhere in the repository.
    asked |= {name for name in wanted if not below(name, asked)}
    tree = tree_of(repository, asked)
    return (
        any(
            _is_gone(path, mode, wanted, folder.relative_to(top))
            for path, (mode, _) in tree.items()
        )
        or any(leads_elsewhere(top / path, *entry) for path, entry in tree.items())
        or not _all_committed(wanted, tree, top)
    )


def _ways(source: Path, top: Path) -> Iterator[str]:
    """A source as it was named, and where its links lead, from the root of the tree."""
    for path in (Path(os.path.normpath(source.absolute())), real_path(source)):
        if path.is_relative_to(top):
            yield inside(path, top)


def _is_gone(path: str, mode: str, wanted: Collection[str], folder: Path) -> bool:
    """Whether a spec file of the commit is not read: neither a hidden one nor the config is."""
    if path in wanted or not mode.startswith(FILE) or not path.endswith(SUFFIXES):
        return False
    parts = PurePosixPath(path).parts
    config = parts[:-1] == folder.parts and parts[-1] in CONFIG_NAMES
    return not config and not any(part.startswith(".") for part in parts[len(folder.parts) :])


def _all_committed(wanted: Mapping[str, Path], tree: Tree, top: Path) -> bool:
    """Whether each file is as the commit has it, or as the commit's submodules have it."""
    submodules: dict[str, list[Path]] = {}
    for name, file in wanted.items():
        mode, digest = tree.get(name, ("", ""))
        if mode.startswith(FILE):
            if not holds(file, digest):
                return False
            continue
        around = (str(one) for one in PurePosixPath(name).parents)
        holder = next((one for one in around if tree.get(one, ("",))[0].startswith(MODULE)), None)
        if holder is None:
            return False
        submodules.setdefault(holder, []).append(file)
    return all(_as_in(top / path, tree[path][1], found) for path, found in submodules.items())


def _as_in(folder: Path, commit: str, files: Sequence[Path]) -> bool:
    """Whether a submodule is at a commit, and these of its files are as that has them."""
    inner = find_repository(folder)
    if inner.top != folder or inner.commit != commit:
        return False
    wanted = {inside(file, folder): file for file in files}
    return _all_committed(wanted, tree_of(inner, wanted), folder)
