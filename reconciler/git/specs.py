"""The specs as they stood at earlier commits, out of the repository around the config."""

import io
import posixpath
import re
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from reconciler.files.paths import SUFFIXES
from reconciler.git.history import CommitFacts, LineCommit
from reconciler.git.repository import Repository, find_repository
from reconciler.model.diagnostic import Problem
from reconciler.model.spec import CasesSpec, PolicySpec, Spec
from reconciler.specs.reading.document import DocumentReader
from reconciler.yaml.checks import Page
from reconciler.yaml.reader import reading
from reconciler.yaml.source_bytes import FileBytes

MOST_BYTES = 64 * 1024 * 1024
MOST_FILES = 20  # that name one case at one commit; the rest is not looked at

_BLAMED = re.compile(rb"[0-9a-f]{40,64} \d+ \d+")
_WILD = re.compile(r"([*?\[\]\\])")


class GitSpecs:
    """Asks git, each question once; paths count from the root, the folder of the config."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._found = lru_cache(1)(lambda: find_repository(root))
        self._lines = lru_cache(64)(lambda file: _line_commits(self._found(), root, file))
        self._words = lru_cache(256)(lambda commit: _commit_words(self._found(), commit))
        self._holding = lru_cache(1024)(
            lambda commit, text: _files_holding(self._found(), commit, text)
        )

    def specs_at(self, commit: str, file: str) -> tuple[Spec, ...]:
        """The specs of one file as they stood at a commit; none if this version cannot read it."""
        data = _blob_at(self._found(), commit, file)
        problems: list[Problem] = []
        specs: list[Spec] = []
        page = Page(file, problems)
        pieces = FileBytes(io.BytesIO(data), is_json=file.lower().endswith(".json"), digested=False)
        with reading(pieces, file, problems) as reader:
            while reader.next_document():
                spec = DocumentReader(reader, page).read()
                if isinstance(spec, CasesSpec | PolicySpec):
                    specs.append(spec)
        # Half a file would seem to have wanted nothing of the rest.
        return () if problems else tuple(specs)

    def files_naming(self, commit: str, text: str) -> tuple[str, ...]:
        """The spec files that held a text at a commit."""
        return self._holding(commit, text)[:MOST_FILES]

    def line_commit(self, file: str, first: int, last: int | None) -> LineCommit | None:
        """What made the newest of these lines; None where git does not know all of them."""
        lines = self._lines(file)[first - 1 : last]
        if not lines or (last is not None and len(lines) <= last - first):
            return None
        # A line that is not committed yet began to say so now; what it said before is at HEAD.
        if "" in {commit for _, commit in lines}:
            return LineCommit(None, "HEAD")
        at, commit = max(lines)
        return LineCommit(datetime.fromtimestamp(at, UTC), f"{commit}^")

    def commit(self, commit: str) -> CommitFacts | None:
        """What a commit says of itself."""
        words = self._words(commit)
        return CommitFacts(*words) if words else None


def _blob_at(repository: Repository, commit: str, file: str) -> bytes:
    """A file below the folder as it stood at a commit; empty where git does not know it."""
    name = f"{commit}:{_from_top(repository, file)}"
    # Its size first: git would hand out a file of any length.
    size = repository.ask("cat-file", "-s", name).strip()
    if not size.isdigit() or int(size) > MOST_BYTES:
        return b""
    return repository.ask("cat-file", "blob", name)


def _from_top(repository: Repository, file: str) -> str:
    return posixpath.normpath(repository.prefix + file)


def _files_holding(repository: Repository, commit: str, text: str) -> tuple[str, ...]:
    """The spec files below the folder that held a text at a commit, from the folder on."""
    below = _WILD.sub(r"\\\1", repository.prefix)
    patterns = (f":(top){below}*{suffix}" for suffix in SUFFIXES)
    found = repository.ask("grep", "-l", "-z", "-a", "-F", "-e", text, commit, "--", *patterns)
    names = (name.partition(":")[2] for name in found.decode("utf-8", "replace").split("\0"))
    return tuple(name.removeprefix(repository.prefix) for name in names if name)


def _line_commits(repository: Repository, root: Path, file: str) -> tuple[tuple[int, str], ...]:
    """Each line's commit: its time, in seconds since 1970, and its id; (0, "") for none yet.

    In a shallow clone the oldest commit it holds seems to have written everything: no answer.
    """
    if repository.shallow:
        return ()
    try:
        data = (root / file).read_bytes()
    except OSError:
        return ()
    if b"\r\n" in data and b"\r\n" not in _blob_at(repository, "HEAD", file):
        data = data.replace(b"\r\n", b"\n")  # as git keeps it
    path = _from_top(repository, file)
    blame = repository.ask("blame", "--porcelain", "--contents", "-", "--", path, data=data)
    times: dict[bytes, int] = {}
    lines: list[tuple[int, str]] = []
    commit = b""
    for line in blame.split(b"\n"):
        if line.startswith(b"\t"):
            known = commit.strip(b"0") != b""
            lines.append((times.get(commit, 0), commit.decode()) if known else (0, ""))
        elif line.startswith(b"committer-time "):
            times[commit] = int(line[15:])
        elif _BLAMED.match(line):
            commit = line.split(b" ", 1)[0]
    return tuple(lines)


def _commit_words(repository: Repository, commit: str) -> tuple[str, str, str] | None:
    """A commit's whole id, the first line of its message, and its author."""
    form = ("--encoding=UTF-8", "--no-show-signature", "--format=%H%x00%s%x00%an")
    found = repository.ask("log", "-1", *form, commit, "--").decode("utf-8", "replace").strip()
    words = found.split("\0")
    return (words[0], words[1], words[2]) if len(words) == 3 else None
