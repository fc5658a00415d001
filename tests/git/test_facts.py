"""What git says about the folder of the specs."""

import os
import subprocess

import pytest

from reconciler.git.facts import git_facts
from reconciler.git.repository import find_repository
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


def facts(folder, *sources):
    return git_facts(find_repository(folder), folder, sources or [folder / "specs"])


def test_a_clean_checkout(repository):
    commit = git(repository, "rev-parse", "HEAD")
    assert facts(repository) == Git(commit, "fix/vips", dirty=False)
    assert facts(repository / "specs", repository / "specs") == facts(repository)
    assert facts(repository, repository) == facts(repository)


def edited(repository):
    (repository / "specs" / "a.yaml").write_text("kind: Policy\n")


def staged(repository):
    edited(repository)
    git(repository, "add", ".")


def unstaged_again(repository):
    """Staged, and then put back: neither the index nor the commit is what is read."""
    staged(repository)
    (repository / "specs" / "a.yaml").write_text("kind: Test\n")


def hidden_from_the_index(repository):
    git(repository, "update-index", "--assume-unchanged", "specs/a.yaml")
    edited(repository)


def skipped_by_the_index(repository):
    git(repository, "update-index", "--skip-worktree", "specs/a.yaml")
    edited(repository)


def of_the_same_size_and_time(repository):
    file = repository / "specs" / "a.yaml"
    before = file.stat()
    file.write_text("kind: caseS\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def removed(repository):
    (repository / "specs" / "a.yaml").unlink()


def renamed(repository):
    (repository / "specs" / "a.yaml").rename(repository / "specs" / "a.yml")


def new(repository):
    (repository / "specs" / "b.yaml").touch()


def new_and_ignored(repository):
    (repository / ".git" / "info").mkdir(exist_ok=True)
    (repository / ".git" / "info" / "exclude").write_text("*.yaml\n")
    new(repository)


def linked_elsewhere(repository):
    (repository / "other.yaml").touch()
    removed(repository)
    (repository / "specs" / "a.yaml").symlink_to(repository / "other.yaml")


def committed_and_then_reset(repository):
    git(repository, "commit", "--quiet", "--allow-empty", "-m", "two")
    edited(repository)
    git(repository, "commit", "--quiet", "-a", "-m", "three")
    git(repository, "reset", "--quiet", "--soft", "HEAD~1")


@pytest.mark.parametrize(
    "change",
    [
        edited,
        staged,
        unstaged_again,
        hidden_from_the_index,
        skipped_by_the_index,
        of_the_same_size_and_time,
        removed,
        renamed,
        new,
        new_and_ignored,
        linked_elsewhere,
        committed_and_then_reset,
    ],
    ids=lambda change: change.__name__,
)
def test_specs_that_are_not_those_of_the_commit_are_dirty(repository, change):
    change(repository)
    assert facts(repository).dirty
    assert facts(repository, repository / "specs" / "..").dirty


def beside(repository):
    (repository / "plan.json").touch()
    (repository / "README").touch()


def no_spec(repository):
    (repository / "specs" / "notes.txt").touch()


def touched(repository):
    os.utime(repository / "specs" / "a.yaml", (1, 1))


def out_of_the_index(repository):
    git(repository, "rm", "--quiet", "--cached", "specs/a.yaml")


def executable(repository):
    (repository / "specs" / "a.yaml").chmod(0o755)


def other_ends_of_lines(repository):
    """As git itself writes files where it is told to, on Windows for example."""
    (repository / "specs" / "a.yaml").write_bytes(b"kind: Cases\r\n")


def without_an_index(repository):
    (repository / ".git" / "index").unlink()


@pytest.mark.parametrize(
    "change",
    [beside, no_spec, touched, out_of_the_index, executable, other_ends_of_lines, without_an_index],
    ids=lambda change: change.__name__,
)
def test_what_changes_no_spec_is_no_edit(repository, change):
    change(repository)
    assert not facts(repository).dirty


def test_only_the_sources_count(repository):
    edited(repository)
    (repository / "more").mkdir()
    (repository / "more" / "b.yaml").write_text("kind: Cases\n")
    git(repository, "add", "more")
    git(repository, "commit", "--quiet", "-m", "two")
    assert not facts(repository, repository / "more").dirty
    assert not facts(repository, repository / "more" / "b.yaml").dirty
    assert facts(repository, repository / "more", repository / "specs").dirty


def test_links_lead_to_what_the_commit_has_there(repository):
    (repository / "real").mkdir()
    (repository / "real" / "b.yaml").write_text("kind: Cases\n")
    (repository / "linked").symlink_to("real")
    (repository / "specs" / "c.yaml").symlink_to("../real/b.yaml")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "links")
    assert not facts(repository).dirty
    assert not facts(repository, repository / "linked").dirty
    (repository / "linked").unlink()
    (repository / "linked").symlink_to("specs")
    assert facts(repository, repository / "linked").dirty
    (repository / "real" / "b.yaml").write_text("kind: Policy\n")
    assert facts(repository).dirty


def test_specs_of_a_submodule_are_those_of_its_commit(repository, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    git(other, "init", "--quiet")
    (other / "b.yaml").write_text("kind: Cases\n")
    git(other, "add", ".")
    git(other, "commit", "--quiet", "-m", "one")
    allowed = ("-c", "protocol.file.allow=always")
    git(repository, *allowed, "submodule", "--quiet", "add", str(other), "specs/inner")
    git(repository, "commit", "--quiet", "-m", "a submodule")
    assert not facts(repository).dirty
    (repository / "specs" / "inner" / "b.yaml").write_text("kind: Policy\n")
    assert facts(repository).dirty
    git(repository / "specs" / "inner", "commit", "--quiet", "-am", "two")
    assert facts(repository).dirty
    git(repository, "commit", "--quiet", "-am", "the new one")
    assert not facts(repository).dirty


def test_more_paths_than_are_named_to_git(repository, monkeypatch):
    monkeypatch.setattr("reconciler.git.tree.MOST_PATHS", 0)
    (repository / "more.yaml").write_text("kind: Cases\n")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "two")
    (repository / "more.yaml").unlink()
    assert not facts(repository).dirty
    edited(repository)
    assert facts(repository).dirty


def test_a_detached_checkout_as_in_ci_has_a_commit_and_no_branch(repository):
    git(repository, "checkout", "--quiet", "--detach")
    found = facts(repository)
    assert (len(found.commit), found.branch) == (40, "")


def test_a_repository_without_a_commit_has_none(tmp_path):
    git(tmp_path, "init", "--quiet")
    assert facts(tmp_path) == Git()


def test_outside_a_repository_there_is_nothing_to_say(tmp_path):
    assert facts(tmp_path) == Git()


def test_without_git_there_is_nothing_to_say(repository, monkeypatch):
    monkeypatch.setenv("PATH", str(repository / "nothing"))
    assert facts(repository) == Git()
