"""Where the specs stand in git, asked of the git program itself."""

import subprocess
from pathlib import Path

from reconciler.model.plan import Git


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


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
