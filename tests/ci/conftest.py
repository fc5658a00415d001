"""The local service of the end-to-end tests, and a runner whose checkout is the test's folder."""

import subprocess

import pytest

from tests.ci.runner import Runner
from tests.e2e.conftest import seeded, world

__all__ = ["runner", "seeded", "world"]


@pytest.fixture
def runner(world, tmp_path_factory):
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=world.folder, check=True)
    commit(world, "config")
    return Runner(
        world.folder, tmp_path_factory.mktemp("remote"), event={"pull_request": {"number": 12}}
    )


def commit(world, message):
    """Commit everything but what the local service keeps."""
    (world.folder / ".gitignore").write_text(".reconcile/\ncases.db*\n")
    for words in (
        ["add", "--all"],
        ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", message],
    ):
        subprocess.run(["git", *words], cwd=world.folder, check=True)
