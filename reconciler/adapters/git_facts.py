"""Where the specs stand in git, asked of the git program itself."""

import re
import subprocess
from pathlib import Path

from reconciler.model.plan import Git

SECONDS = 20  # for one question; whatever takes longer is not known
MOST_BYTES = 64 * 1024 * 1024

_BLAMED = re.compile(rb"[0-9a-f]{40,64} \d+ \d+")


def git_facts(folder: Path, *sources: Path) -> Git:
    """The commit, the branch, and whether the sources differ from it; empty outside a repository.

    Without `sources` every tracked file counts; with them also files that are not tracked yet.
    """
    commit = _git(folder, "rev-parse", "HEAD")
    if not commit:
        return Git()
    branch = _git(folder, "symbolic-ref", "--short", "--quiet", "HEAD")
    untracked = "normal" if sources else "no"
    within = ["--", *map(str, sources)] if sources else []
    status = _git(folder, "status", "--porcelain", f"--untracked-files={untracked}", *within)
    return Git(commit, branch, bool(status))


def git_prefix(folder: Path) -> str:
    """The way from the root of the repository to the folder, with a slash at its end, or empty."""
    return _git(folder, "rev-parse", "--show-prefix")


def blob_at(folder: Path, commit: str, file: str) -> bytes:
    """A file below the folder as it stood at a commit; empty where git does not know it."""
    name = f"{commit}:./{file}"
    size = _git(folder, "cat-file", "-s", name)
    if not size.isdigit() or int(size) > MOST_BYTES:
        return b""
    return _output(folder, "cat-file", "blob", name)


def files_holding(folder: Path, commit: str, text: str, *patterns: str) -> tuple[str, ...]:
    """The files below the folder, of names like the patterns, that held a text at a commit."""
    how = ("-l", "-z", "-I", "-F", "--no-color", "--no-full-name")  # whatever somebody has set
    found = _output(folder, "grep", *how, "-e", text, commit, "--", *patterns).decode(
        "utf-8", "replace"
    )
    return tuple(name.partition(":")[2] for name in found.split("\0") if name)


def line_commits(folder: Path, file: str) -> tuple[tuple[int, str], ...]:
    """Each line's commit: its time, in seconds since 1970, and its id; (0, "") for none yet.

    In a shallow clone the oldest commit it holds seems to have written everything: no answer.
    """
    if _git(folder, "rev-parse", "--is-shallow-repository") != "false":
        return ()
    blame = _output(folder, "blame", "--porcelain", "--", file)
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


def commit_words(folder: Path, commit: str) -> tuple[str, str, str] | None:
    """A commit's whole id, the first line of its message, and its author."""
    found = _git(
        folder, "log", "-1", "--no-show-signature", "--format=%H%x00%s%x00%an", commit, "--"
    ).split("\0")
    return (found[0], found[1], found[2]) if len(found) == 3 else None


def _git(folder: Path, *arguments: str) -> str:
    return _output(folder, *arguments).decode("utf-8", "replace").strip()


def _output(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):  # ValueError: a NUL in an argument
        return b""
    return done.stdout if done.returncode == 0 else b""
