"""Specs as they stood at a commit, and what made each line, asked of real repositories."""

from datetime import UTC, datetime

import pytest

from reconciler.git import specs as git_specs
from reconciler.git.history import CommitFacts, LineCommit
from reconciler.git.specs import GitSpecs
from tests.e2e.repository import Repository, plain_git

HEAD = "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: fix}\n"
FIRST = HEAD + "cases:\n  - id: c1\n    fields: {note: old}\n"
SECOND = FIRST.replace("old", "new") + "  - {id: c2, fields: {note: x}}\n"
ONE, TWO = (datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2))


@pytest.fixture
def repository(tmp_path, monkeypatch):
    plain_git(tmp_path, monkeypatch)
    return Repository(tmp_path)


@pytest.fixture
def commits(repository):
    """Two commits of one file; the config stands in a folder of the repository."""
    file = repository.folder / "sub" / "specs" / "a.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(FIRST)
    first = repository.commit("First things", ONE.isoformat())
    file.write_text(SECOND)
    return first, repository.commit("Second thoughts\n\nand why", TWO.isoformat())


@pytest.fixture
def specs(repository):
    return GitSpecs(repository.folder / "sub")


def value(found, at=0):
    [spec] = found
    return spec.cases[at].fields[0].value.text


def test_a_file_as_it_stood_at_each_commit(specs, commits):
    first, second = commits
    assert value(specs.specs_at(first, "specs/a.yaml")) == "old"
    assert value(specs.specs_at(second, "specs/a.yaml")) == "new"
    assert value(specs.specs_at(second[:12] + "^", "specs/a.yaml")) == "old"


@pytest.mark.parametrize(
    ("commit", "file"),
    [
        ("f" * 12, "specs/a.yaml"),
        ("HEAD", "specs/b.yaml"),
        ("HEAD", "../../etc/passwd"),
        ("HEAD", "no\0name"),
        ("HEAD^^", "specs/a.yaml"),
    ],
)
def test_what_git_does_not_know_is_no_spec(specs, commits, commit, file):
    assert specs.specs_at(commit, file) == ()


@pytest.mark.parametrize("text", ["{", "kind: Cases\n", FIRST.replace("v1", "v0"), "\xff", ""])
def test_a_file_that_this_version_cannot_read_is_no_spec(repository, specs, text):
    file = repository.folder / "sub" / "a.yaml"
    file.parent.mkdir()
    file.write_text(text, encoding="latin-1")
    repository.commit()
    assert specs.specs_at("HEAD", "a.yaml") == ()


def test_somebodys_own_git_settings_change_no_answer(repository, specs, commits, monkeypatch):
    settings = repository.folder / "settings"
    settings.write_text(
        "[color]\nui = always\ngrep = always\n[grep]\nfullName = true\n"
        "[log]\nshowSignature = true\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    first, _ = commits
    assert specs.files_naming(first, "c1") == ("specs/a.yaml",)
    assert specs.commit(first) == CommitFacts(first, "First things", "Ann Author")


def test_json_is_read_as_json(repository, specs):
    file = repository.folder / "sub" / "a.yaml"
    file.parent.mkdir()
    file.with_suffix(".json").write_text(
        '{"apiVersion": "reconcile/v1", "kind": "Cases", "metadata": {"name": "j"},\n'
        '"cases": [{"id": "c1", "fields": {"note": "\\ud83d\\ude00"}}]}'
    )
    repository.git("add", "-f", ".")
    repository.commit()
    assert value(specs.specs_at("HEAD", "a.json")) == "\U0001f600"


def test_files_that_name_a_case(specs, commits, repository):
    first, second = commits
    assert specs.files_naming(first, "c1") == ("specs/a.yaml",)
    assert specs.files_naming(first, "c2") == ()
    assert specs.files_naming(second, "c2") == ("specs/a.yaml",)
    for text in ("c.", "-e", "--help", "\0", "c1\0"):
        assert specs.files_naming(second, text) == ()
    assert GitSpecs(repository.folder).files_naming(second, "c2") == ("sub/specs/a.yaml",)


def test_no_more_files_than_a_bound(repository, specs, monkeypatch):
    monkeypatch.setattr(git_specs, "MOST_FILES", 2)
    folder = repository.folder / "sub"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.yaml").write_text("c1")
    repository.commit()
    assert len(specs.files_naming("HEAD", "c1")) == 2


def test_who_made_a_line_and_what_was_before(specs, commits):
    first, second = commits
    by_first, by_second = LineCommit(ONE, f"{first}^"), LineCommit(TWO, f"{second}^")
    assert specs.line_commit("specs/a.yaml", 5, 5) == by_first
    assert specs.line_commit("specs/a.yaml", 6, 6) == by_second
    assert specs.line_commit("specs/a.yaml", 1, 5) == by_first
    assert specs.line_commit("specs/a.yaml", 1, None) == by_second
    assert specs.line_commit("specs/a.yaml", 7, 8) is None, "the file has seven lines"
    assert specs.line_commit("specs/a.yaml", 9, None) is None
    assert specs.line_commit("specs/none.yaml", 1, 1) is None


def test_a_line_that_is_not_committed_replaces_what_stands_at_head(specs, commits, repository):
    (repository.folder / "sub" / "specs" / "a.yaml").write_text(SECOND.replace("new", "newer"))
    assert specs.line_commit("specs/a.yaml", 6, 6) == LineCommit(None, "HEAD")
    assert specs.line_commit("specs/a.yaml", 1, None) == LineCommit(None, "HEAD")
    assert specs.line_commit("specs/a.yaml", 5, 5).at == ONE


def test_a_shallow_clone_knows_no_line(specs, commits, repository, tmp_path_factory):
    clone = tmp_path_factory.mktemp("clone")
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(clone))
    shallow = GitSpecs(clone / "sub")
    assert shallow.line_commit("specs/a.yaml", 5, 5) is None
    assert value(shallow.specs_at(commits[1], "specs/a.yaml")) == "new"
    assert shallow.specs_at(commits[0], "specs/a.yaml") == ()


def test_what_a_commit_says(specs, commits):
    first, second = commits
    assert specs.commit(second[:12]) == CommitFacts(second, "Second thoughts", "Ann Author")
    assert specs.commit(first).subject == "First things"
    assert specs.commit("f" * 12) is None


def test_outside_a_repository_and_without_git_nothing_is_known(tmp_path, monkeypatch):
    plain_git(tmp_path, monkeypatch)
    for _ in range(2):
        specs = GitSpecs(tmp_path)
        assert specs.specs_at("HEAD", "a.yaml") == ()
        assert specs.files_naming("HEAD", "c1") == ()
        assert specs.line_commit("a.yaml", 1, 1) is None
        assert specs.commit("HEAD") is None
        monkeypatch.setenv("PATH", str(tmp_path))
