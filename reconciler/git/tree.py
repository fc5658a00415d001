"""What a commit holds below a folder, and whether files on disk are as it has them."""

import os
import stat
from collections.abc import Collection, Iterable, Mapping
from hashlib import new as new_hash
from pathlib import Path, PurePosixPath

from reconciler.git.repository import Repository

MOST_PATHS = 500  # that are named to git; from there on it lists the whole tree

FILE, LINK, MODULE = "100", "120", "160"  # how the modes of a tree's entries begin

Tree = Mapping[str, tuple[str, str]]  # paths from the root of a tree, their modes and digests


def inside(path: Path, top: Path) -> str:
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else path.as_posix()


def below(path: str, folders: Collection[str]) -> bool:
    return path in folders or any(str(one) in folders for one in PurePosixPath(path).parents)


def tree_of(repository: Repository, paths: Collection[str]) -> Tree:
    """What the commit holds at or below the paths."""
    few = sorted(paths) if "." not in paths and len(paths) <= MOST_PATHS else ()
    listing = ("--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", repository.commit)
    tree = {}
    for line in repository.ask(*listing, "--", *few).split(b"\0")[:-1]:
        about, _, name = line.partition(b"\t")
        mode, _, digest = about.decode("ascii").split(" ")
        path = os.fsdecode(name)
        if below(path, paths):
            tree[path] = (mode, digest)
    return tree


def leads_elsewhere(path: Path, mode: str, digest: str) -> bool:
    """Whether an entry was a link, and is none or another one now."""
    if not mode.startswith(LINK):
        return False
    try:
        return _digest(os.fsencode(path.readlink()), digest) != digest
    except OSError:
        return True


def holds(file: Path, digest: str) -> bool:
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


def contents(repository: Repository, digests: Iterable[str]) -> dict[str, bytes]:
    """What is in these files, by their digests; a file that the clone lacks is left out."""
    wanted = sorted(set(digests))
    data = repository.ask(
        "cat-file", "--batch", data="".join(f"{one}\n" for one in wanted).encode()
    )
    found: dict[str, bytes] = {}
    while data:
        head, _, data = data.partition(b"\n")
        name, _, about = head.decode("ascii", "replace").partition(" ")
        kind, _, size = about.partition(" ")
        if kind != "blob" or not size.isdigit():
            continue
        found[name], data = data[: int(size)], data[int(size) + 1 :]
    return found
