"""A git repository around a test's folder, with nothing of the machine's own settings."""

import os
import subprocess


class Repository:
    """Commits whatever the folder holds."""

    def __init__(self, folder):
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch", "main")
        (folder / ".gitignore").write_text("*.db*\n.reconcile\n*.json\n")

    def git(self, *arguments, **more):
        """What git prints."""
        done = subprocess.run(
            ["git", "-C", str(self.folder), *arguments],
            capture_output=True,
            text=True,
            check=True,
            **more,
        )
        return done.stdout.strip()

    def commit(self, message="specs", at="2026-01-01T00:00:00Z"):
        """The id of a new commit, made at this time."""
        self.git("add", ".")
        made = {**os.environ, "GIT_COMMITTER_DATE": at, "GIT_AUTHOR_DATE": at}
        self.git("commit", "--quiet", "--allow-empty", "-m", message, env=made)
        return self.git("rev-parse", "HEAD")


def plain_git(tmp_path, monkeypatch):
    """Nothing of the machine's own git settings, and no repository around the test's folder."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ann Author")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ann@example.com")
