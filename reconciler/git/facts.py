"""Where the specs stand in git: the commit, the branch, and whether they are what it holds."""

import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import new as new_hash
from pathlib import Path, PurePosixPath

from reconciler.files.paths import CONFIG_NAMES, SUFFIXES, real_path
from reconciler.git.repository import Repository, find_repository
from reconciler.model.plan import Git
from reconciler.specs.reading.search import find_files

MOST_PATHS = 500  # that are named to git; from there on it lists the whole tree

_FILE, _LINK, _MODULE = "100", "120", "160"  # how the modes of a tree's entries begin

Tree = Mapping[str, tuple[str, str]]  # paths from the root of a tree, their modes and digests


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
    wanted = {_inside(file, top): file for file in files}
    asked = {path for source in sources for path in _ways(source, top)}
    # A link among the sources may lead to a file elsewhere in the repository.
    asked |= {name for name in wanted if not _below(name, asked)}
    tree = _tree(repository, asked)
    return (
        any(
            _is_gone(path, mode, wanted, folder.relative_to(top))
            for path, (mode, _) in tree.items()
        )
        or any(_leads_elsewhere(top / path, *entry) for path, entry in tree.items())
        or not _all_committed(wanted, tree, top)
    )


def _ways(source: Path, top: Path) -> Iterator[str]:
    """A source as it was named, and where its links lead, from the root of the tree."""
    for path in (Path(os.path.normpath(source.absolute())), real_path(source)):
        if path.is_relative_to(top):
            yield _inside(path, top)


def _inside(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else path.as_posix()


def _below(path: str, folders: Collection[str]) -> bool:
    return path in folders or any(str(one) in folders for one in PurePosixPath(path).parents)


def _tree(repository: Repository, paths: Collection[str]) -> Tree:
    """What the commit holds at or below the paths."""
    few = sorted(paths) if "." not in paths and len(paths) <= MOST_PATHS else ()
    listing = ("--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", repository.commit)
    tree = {}
    for line in repository.ask(*listing, "--", *few).split(b"\0")[:-1]:
        about, _, name = line.partition(b"\t")
        mode, _, digest = about.decode("ascii").split(" ")
        path = os.fsdecode(name)
        if _below(path, paths):
            tree[path] = (mode, digest)
    return tree


def _is_gone(path: str, mode: str, wanted: Collection[str], folder: Path) -> bool:
    """Whether a spec file of the commit is not read: neither a hidden one nor the config is."""
    if path in wanted or not mode.startswith(_FILE) or not path.endswith(SUFFIXES):
        return False
    parts = PurePosixPath(path).parts
    config = parts[:-1] == folder.parts and parts[-1] in CONFIG_NAMES
    return not config and not any(part.startswith(".") for part in parts[len(folder.parts) :])


def _leads_elsewhere(path: Path, mode: str, digest: str) -> bool:
    """Whether an entry was a link, and is none or another one now."""
    if not mode.startswith(_LINK):
        return False
    try:
        return _digest(os.fsencode(path.readlink()), digest) != digest
    except OSError:
        return True


def _all_committed(wanted: Mapping[str, Path], tree: Tree, top: Path) -> bool:
    """Whether each file is as the commit has it, or as the commit's submodules have it."""
    submodules: dict[str, list[Path]] = {}
    for name, file in wanted.items():
        mode, digest = tree.get(name, ("", ""))
        if mode.startswith(_FILE):
            if not _holds(file, digest):
                return False
            continue
        around = (str(one) for one in PurePosixPath(name).parents)
        holder = next((one for one in around if tree.get(one, ("",))[0].startswith(_MODULE)), None)
        if holder is None:
            return False
        submodules.setdefault(holder, []).append(file)
    return all(_as_in(top / path, tree[path][1], found) for path, found in submodules.items())


def _as_in(folder: Path, commit: str, files: Sequence[Path]) -> bool:
    """Whether a submodule is at a commit, and these of its files are as that has them."""
    inner = find_repository(folder)
    if inner.top != folder or inner.commit != commit:
        return False
    wanted = {_inside(file, folder): file for file in files}
    return _all_committed(wanted, _tree(inner, wanted), folder)


def _holds(file: Path, digest: str) -> bool:
    """Whether a file's bytes have a digest, as they are or with the line ends that git keeps."""
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            return False
        data = file.read_bytes()
    except OSError:
        return False
    # Line ends aside: a checkout on Windows has others than the commit (core.autocrlf).
    return _digest(data, digest) == digest or (
        b"\r\n" in data and _digest(data.replace(b"\r\n", b"\n"), digest) == digest
    )


def _digest(data: bytes, like: str) -> str:
    """The name that git gives to a file's content, of the same length as another such name."""
    # git names a content by its hash; there are repositories of either kind.
    found = new_hash("sha256" if len(like) == 64 else "sha1", usedforsecurity=False)
    found.update(b"blob %d\0" % len(data))
    found.update(data)
    return found.hexdigest()
