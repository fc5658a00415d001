"""What `reconcile init` adds to a folder, and that it changes nothing that is there."""

import os
import subprocess

import pytest

from reconciler.cli.commands.init import IGNORED
from tests.e2e.repository import plain_git

CASE_DATA = (
    "plan.json",
    "plan.md",
    "plan.html",
    "plan-prod.json",
    "drift.md",
    "apply.xml",
    "report.sarif",
    "report.txt",
    "cases.csv",
    "cases.jsonl",
    "cases.json",
    "wave.csv",
    "found.jsonl",
    "codequality.json",
    "terraform.json",
    "rollback.json",
    "0a1b.receipt.json",
    ".reconcile/demo.db",
    ".reconcile/plan.json",
    ".reconcile/runs/0a1b.jsonl",
    ".reconcile/seal.key",
)
KEPT = ("README.md", "specs/cases.yaml", "specs/wave.csv", "specs/plan.yaml", "catalog.json")


@pytest.fixture
def repository(empty, tmp_path, monkeypatch):
    plain_git(tmp_path, monkeypatch)
    subprocess.run(["git", "init", "--quiet"], check=True, cwd=empty.path)
    return empty


def tracked(folder):
    subprocess.run(["git", "add", "--all"], check=True, cwd=folder)
    done = subprocess.run(["git", "ls-files", "-z"], check=True, cwd=folder, capture_output=True)
    return set(done.stdout.decode().split("\0")[:-1])


@pytest.mark.parametrize("ci", ["github", "gitlab", "none"])
def test_adding_everything_to_git_adds_no_case_data(repository, ci):
    assert repository.run("init", "--ci", ci)[0] == 0
    ours = tracked(repository.path)
    for name in (*CASE_DATA, *KEPT):
        repository.write(name, "secret")
    assert tracked(repository.path) == ours | set(KEPT)


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"*.log\n",
        b"*.log",
        b"*.log\r\n!keep\r\n",
        b"\xff\xfe\n",
        b"/plan*\n",
        b".reconcile/\n",
    ],
)
def test_lines_are_only_added_to_the_ignores_that_are_there(repository, before):
    path = repository.path / ".gitignore"
    path.write_bytes(before)
    assert repository.run("init", "--ci", "none")[0] == 0
    after = path.read_bytes()
    assert after.startswith(before)
    lines = after.decode("latin-1").splitlines()
    assert all(lines.count(one) == 1 for one in IGNORED)
    assert (b"\r\n" in before) == (b"\r\n" in after)
    status, out, _ = repository.run("init", "--ci", "none")
    assert (status, path.read_bytes()) == (0, after)
    assert ".gitignore" not in out, "nothing was left to say"


def test_what_was_added_is_said(repository):
    assert "wrote   .gitignore: .reconcile/, /plan*" in repository.run("init")[1]
    (repository.path / ".gitignore").write_text(".reconcile/\n")
    assert "added to .gitignore: /plan*" in repository.run("init")[1]


@pytest.mark.parametrize("room", [0, 100, 1000])
def test_a_full_disk_ends_in_one_line_and_leaves_no_half_file(repository, monkeypatch, room):
    assert repository.run("init")[0] == 0
    whole = {one: one.read_bytes() for one in repository.path.rglob("*") if one.is_file()}
    for one in whole:
        if ".git/" not in str(one):
            one.unlink()
    left, write = [room], os.write

    def until_full(handle, data):
        taken = write(handle, bytes(data)[: left[0]])
        left[0] -= taken
        if not taken:
            raise OSError(28, "No space left on device")
        return taken

    monkeypatch.setattr(os, "write", until_full)
    status, _, err = repository.run("init")
    assert status == 1
    assert "cannot be written: No space left on device" in err
    assert "Traceback" not in err
    for one in repository.path.rglob("*"):
        assert not one.is_file() or one.read_bytes() == whole[one]


def test_a_link_is_kept_wherever_it_leads(repository):
    path = repository.path / "reconcile.yaml"
    path.symlink_to("../nowhere.yaml")
    status, out, _ = repository.run("init")
    assert status == 0
    assert "kept    reconcile.yaml" in out
    assert not path.exists()
    assert path.is_symlink()


def test_a_folder_in_the_place_of_a_file_is_told_in_one_line(repository):
    (repository.path / ".gitignore").mkdir()
    status, _, err = repository.run("init")
    assert status == 1
    assert ".gitignore" in err
    assert "Traceback" not in err
