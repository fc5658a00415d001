"""A checkout that a stranger proposed: nothing in it is run while it is planned."""

import shutil
import subprocess

import pytest

from tests.e2e.repository import plain_git

A = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"
SPEC = f"""\
apiVersion: reconcile/v1
kind: Cases
metadata: {{name: fix}}
cases:
  - id: {A}
    fields: {{country: XX}}
"""


@pytest.fixture
def trap(world, tmp_path, monkeypatch):
    """A bare repository's files beside the config, whose settings name a command."""
    plain_git(tmp_path, monkeypatch)
    (world.folder / "specs" / "a.yaml").write_text(SPEC)
    mark, command = tmp_path / "it-ran", tmp_path / "command"
    command.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat\n")
    command.chmod(0o755)
    subprocess.run(["git", "init", "--quiet", "--bare", str(world.folder)], check=True)
    with (world.folder / "config").open("a") as file:
        file.write(
            f"[core]\nbare = false\nworktree = {world.folder}\nfsmonitor = {command}\n"
            f'[filter "x"]\nclean = {command}\n[alias]\nstatus = !{command}\n'
        )
    (world.folder / ".gitattributes").write_text("* filter=x\n")
    return mark


@pytest.mark.parametrize(
    "words",
    [
        ["plan"],
        ["plan", "--report", "markdown=plan.md"],
        ["drift"],
        ["accept", "--all-drift", "--dry-run"],
        ["history", A],
        ["validate", "--report", "sarif=found.sarif"],
        ["apply", "--yes"],
        ["export", "--case", A],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_no_command_runs_what_the_checkout_names(world, trap, words):
    ran = world.run(*words)
    assert ran.status in (0, 2), ran.text
    assert not trap.exists()


def test_a_plan_says_why_it_names_no_commit(world, trap, monkeypatch):
    shutil.rmtree(world.folder / "refs")
    (world.folder / ".git").write_text("gitdir: /nowhere\n")
    ran = world.run("plan")
    assert ran.status == 0
    assert "no commit is known" in ran.err
    assert "not a git repository: /nowhere" in ran.err
    monkeypatch.setenv("PATH", str(world.folder))
    assert "git is not installed" in world.run("plan").err
    assert "git is not installed" in world.run("history", A).err
    (world.folder / ".git").unlink()
    assert "no commit is known" not in world.run("plan").err
