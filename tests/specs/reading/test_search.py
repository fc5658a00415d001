"""Which files a run reads."""

import os
from pathlib import Path

import pytest

from reconciler.specs.reading.search import find_files


def made(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("# nothing\n")


def found(root: Path, *paths: str | Path) -> tuple[list[str], list[tuple[str, str, str]]]:
    problems: list = []
    files = find_files([root / path for path in paths], root, problems)
    names = [file.relative_to(root).as_posix() for file in files]
    return names, [(problem.at.file, problem.code, problem.hint) for problem in problems]


@pytest.fixture
def root(tmp_path):
    (tmp_path / "repository").mkdir()
    return (tmp_path / "repository").resolve()


def test_a_folder_means_every_spec_file_below_it_sorted(root):
    made(root, "b.yaml", "a/z.json", "a/b/c.yml", "a/README.md", "a.yaml.bak", "A.yaml")
    assert found(root, ".") == (["A.yaml", "a/b/c.yml", "a/z.json", "b.yaml"], [])


def test_hidden_files_and_folders_are_passed_over_unless_named(root):
    made(root, ".hidden.yaml", ".github/workflows/ci.yaml", "a.yaml")
    assert found(root, ".") == (["a.yaml"], [])
    assert found(root, ".hidden.yaml") == ([".hidden.yaml"], [])


def test_the_config_is_no_spec(root):
    made(root, "reconcile.yaml", "specs/reconcile.yaml")
    assert found(root, ".") == (["specs/reconcile.yaml"], [])


def test_a_file_reached_in_several_ways_is_read_once(root):
    made(root, "specs/a.yaml")
    (root / "specs/link.yaml").symlink_to("a.yaml")
    (root / "specs/more").symlink_to(".")
    assert found(root, "specs", "specs/a.yaml", "specs/more/link.yaml") == (["specs/a.yaml"], [])


def test_links_inside_the_repository_are_followed(root):
    made(root, "shared/a.yaml")
    (root / "specs").mkdir()
    (root / "specs/shared").symlink_to("../shared")
    assert found(root, "specs") == (["shared/a.yaml"], [])


@pytest.mark.parametrize("link", ["specs/out.yaml", "specs/out"])
def test_links_that_leave_the_repository_are_refused(root, link):
    made(root, "specs/a.yaml", "../outside/b.yaml")
    target = root.parent / "outside"
    (root / link).symlink_to(target / "b.yaml" if link.endswith(".yaml") else target)
    names, problems = found(root, "specs")
    assert names == ["specs/a.yaml"]
    assert problems == [(link, "outside-repository", "move the file into the repository")]


def test_paths_that_leave_the_repository_are_refused(root):
    made(root, "../outside/b.yaml")
    names, ((file, code, _),) = found(root, "../outside/b.yaml")
    assert (names, code) == ([], "outside-repository")
    assert file.endswith("outside/b.yaml")


def test_paths_that_only_seem_to_leave_are_fine(root):
    made(root, "specs/a.yaml")
    assert found(root, "specs/../../repository/specs") == (["specs/a.yaml"], [])


def test_a_path_that_was_asked_for_must_exist(root):
    assert found(root, "no/such.yaml") == ([], [("no/such.yaml", "no-such-file", "check the path")])
    assert found(root, "nowhere") == ([], [("nowhere", "no-such-file", "check the path")])


def test_a_link_to_nothing_is_refused(root):
    (root / "a.yaml").symlink_to("b.yaml")
    (root / "c.yaml").symlink_to("c.yaml")
    names, problems = found(root, ".")
    assert names == []
    assert [(file, code) for file, code, _ in problems] == [
        ("a.yaml", "no-such-file"),
        ("c.yaml", "no-such-file"),
    ]


def test_a_file_of_another_type_is_refused_when_it_was_asked_for(root):
    made(root, "a.txt", "b")
    names, problems = found(root, "a.txt", "b")
    assert names == []
    assert [(file, code) for file, code, _ in problems] == [
        ("a.txt", "unknown-file-type"),
        ("b", "unknown-file-type"),
    ]


def test_what_is_not_a_file_is_refused(root):
    os.mkfifo(root / "a.yaml")
    names, ((file, code, _),) = found(root, ".")
    assert (names, file, code) == ([], "a.yaml", "no-such-file")


def test_names_that_are_no_text_can_still_be_shown(root):
    (root / os.fsdecode(b"\xff.yaml")).symlink_to(root.parent)
    _, ((file, code, _),) = found(root, ".")
    assert (file, code) == ("\\udcff.yaml", "outside-repository")
