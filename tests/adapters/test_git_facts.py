"""What git says about the folder of the specs."""

import subprocess

import pytest

from reconciler.adapters.git_facts import git_facts
from reconciler.model.plan import Git
from tests.e2e.repository import plain_git


@pytest.fixture(autouse=True)
def plain(tmp_path, monkeypatch):
    plain_git(tmp_path, monkeypatch)


def git(folder, *arguments):
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init", "--quiet", "--initial-branch", "fix/vips")
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "a.yaml").write_text("kind: Cases\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "one")
    return tmp_path


def test_a_clean_checkout(repository):
    commit = git(repository, "rev-parse", "HEAD")
    assert git_facts(repository) == Git(commit, "fix/vips", dirty=False)
    assert git_facts(repository / "specs") == git_facts(repository)


@pytest.mark.parametrize("staged", [True, False], ids=["staged", "not-staged"])
def test_an_edit_that_is_not_committed_is_dirty(repository, staged):
    (repository / "specs" / "a.yaml").write_text("kind: Policy\n")
    if staged:
        git(repository, "add", ".")
    assert git_facts(repository).dirty


def test_files_that_git_does_not_track_are_not_edits(repository):
    (repository / "plan.json").touch()
    assert not git_facts(repository).dirty


def test_a_detached_checkout_as_in_ci_has_a_commit_and_no_branch(repository):
    git(repository, "checkout", "--quiet", "--detach")
    facts = git_facts(repository)
    assert (len(facts.commit), facts.branch) == (40, "")


def test_a_repository_without_a_commit_has_none(tmp_path):
    git(tmp_path, "init", "--quiet")
    assert git_facts(tmp_path) == Git()


def test_outside_a_repository_there_is_nothing_to_say(tmp_path):
    assert git_facts(tmp_path) == Git()


def test_without_git_there_is_nothing_to_say(repository, monkeypatch):
    monkeypatch.setenv("PATH", str(repository / "nothing"))
    assert git_facts(repository) == Git()
