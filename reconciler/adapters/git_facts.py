"""Where the specs stand in git, asked of the git program itself."""

import subprocess
from pathlib import Path

from reconciler.model.plan import Git


def git_facts(folder: Path) -> Git:
    """The commit, the branch and whether tracked files differ; empty outside a repository."""
    commit = _git(folder, "rev-parse", "HEAD")
    if not commit:
        return Git()
    branch = _git(folder, "symbolic-ref", "--short", "--quiet", "HEAD")
    status = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return Git(commit, branch, bool(status))


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
