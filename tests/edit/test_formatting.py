"""Which files are laid out anew, and which cannot be."""

import pytest

from reconciler.config.model import Config
from reconciler.edit.formatting import reformatted

UGLY, FINE = b"a:   1\n", b"a: 1\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fill(folder, *names, data=UGLY):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def named(paths, config=None):
    problems = []
    found = [one.name for one in reformatted(paths, config, problems)]
    return found, [(one.at.file, one.code) for one in problems]


def test_yaml_files_below_a_folder_are_taken_and_hidden_ones_left(folder):
    fill(folder, "s/b.yaml", "s/x/a.YML", "s/.h.yaml", "s/.h/a.yaml", "s/a.json", "s/a.txt")
    assert named([folder / "s"]) == (["s/b.yaml", "s/x/a.YML"], [])


def test_a_file_as_it_should_be_is_not_rewritten(folder):
    fill(folder, "a.yaml", data=FINE)
    assert named([folder / "a.yaml"]) == ([], [])


def test_a_file_that_is_named_twice_is_rewritten_once(folder):
    fill(folder, "s/a.yaml")
    assert named([folder / "s" / "a.yaml", folder / "s"]) == (["s/a.yaml"], [])


def test_by_default_the_specs_and_the_config_are_meant(folder):
    fill(folder, "specs/a.yaml", "reconcile.yaml", "other/b.yaml")
    config = Config(
        root=folder,
        path=folder / "reconcile.yaml",
        specs=folder / "specs",
        targets={},
        default_target=None,
    )
    assert named([], config)[0] == ["specs/a.yaml", "reconcile.yaml"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.txt", "unknown-file-type"),
        ("noend", "unknown-file-type"),
        ("gone.yaml", "unreadable-file"),
    ],
)
def test_what_cannot_be_laid_out_is_told_and_the_others_are(folder, name, code):
    fill(folder, "a.yaml", *([name] if code == "unknown-file-type" else []))
    assert named([folder / name, folder / "a.yaml"]) == (["a.yaml"], [(name, code)])


def test_a_json_file_has_its_own_layout_and_is_passed_over(folder):
    fill(folder, "a.json", data=b'{"a":1}')
    assert named([folder / "a.json"]) == ([], [])


def test_a_rewriting_holds_both_layouts(folder):
    fill(folder, "a.yaml")
    [one] = reformatted([folder / "a.yaml"], None, [])
    assert (one.before, one.after) == (UGLY, FINE)
