"""Specs and config get one layout, in place, and nothing is lost on the way."""

import io
import sys

import pytest

from tests.cli.worlds import CONFIG, SPEC

LOOSE = SPEC.replace("note: new", "note:   'new' ") + "# the end\n"
TIDY = SPEC + "# the end\n"


@pytest.fixture
def loose(folder):
    """A folder whose spec and config could be tidier."""
    folder.write("specs/a.yaml", LOOSE)
    folder.write("specs/deep/b.yml", TIDY.replace("name: fix", "name: other"))
    folder.write("specs/c.json", '{"apiVersion":   1}')
    folder.write("specs/.hidden/d.yaml", LOOSE)
    folder.write("reconcile.yaml", CONFIG + "\n\n")
    return folder


def read(folder, name):
    return (folder.path / name).read_text()


def test_every_spec_and_the_config_are_rewritten_in_place(loose):
    (loose.path / "specs/a.yaml").chmod(0o640)
    assert loose.run("fmt") == (0, "specs/a.yaml\nreconcile.yaml\n", "")
    assert read(loose, "specs/a.yaml") == TIDY
    assert (loose.path / "specs/a.yaml").stat().st_mode & 0o777 == 0o640
    assert read(loose, "specs/.hidden/d.yaml") == LOOSE
    assert read(loose, "specs/c.json") == '{"apiVersion":   1}'
    assert loose.run("fmt", "--check") == (0, "", "")


def test_paths_may_be_given(loose):
    assert loose.run("fmt", "specs/a.yaml", "specs/c.json", "specs/deep")[:2] == (
        0,
        "specs/a.yaml\n",
    )


def test_check_names_what_would_change_and_writes_nothing(loose):
    assert loose.run("fmt", "--check") == (1, "specs/a.yaml\nreconcile.yaml\n", "")
    assert read(loose, "specs/a.yaml") == LOOSE


@pytest.mark.parametrize(("more", "status"), [((), 0), (("--check",), 1)])
def test_diff_shows_what_would_change_and_writes_nothing(loose, more, status):
    found, out, _ = loose.run("fmt", "specs/a.yaml", "--diff", *more)
    assert found == status
    assert "--- a/specs/a.yaml\n+++ b/specs/a.yaml\n" in out
    assert "-    fields: {note:   'new' }\n+    fields: {note: new}\n" in out
    assert read(loose, "specs/a.yaml") == LOOSE


def test_a_link_stays_a_link(loose):
    (loose.path / "specs/link.yaml").symlink_to("a.yaml")
    assert loose.run("fmt", "specs/link.yaml")[0] == 0
    assert (loose.path / "specs/link.yaml").is_symlink()
    assert read(loose, "specs/a.yaml") == TIDY


def test_what_is_no_good_yaml_is_told_with_its_place_and_the_rest_is_done(loose):
    loose.write("specs/b.yaml", "a: 1\n? [x]\n: y\n")
    status, out, err = loose.run("fmt")
    assert status == 1
    assert out == "specs/a.yaml\nreconcile.yaml\n"
    assert "specs/b.yaml:2:3: wrong-shape:" in err
    assert read(loose, "specs/b.yaml") == "a: 1\n? [x]\n: y\n"


def test_another_kind_of_file_is_an_error(loose):
    loose.write("notes.txt", "a:  1")
    status, _, err = loose.run("fmt", "notes.txt")
    assert status == 1
    assert "notes.txt:1:1: unknown-file-type: found the suffix '.txt'" in err


def piped(monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_stdin_goes_to_stdout(empty, monkeypatch):
    piped(monkeypatch, LOOSE)
    assert empty.run("fmt", "-") == (0, TIDY, "")


@pytest.mark.parametrize(("text", "status"), [(LOOSE, 1), (TIDY, 0)])
def test_stdin_can_be_checked(empty, monkeypatch, text, status):
    piped(monkeypatch, text)
    assert empty.run("fmt", "-", "--check") == (status, "", "")


def test_stdin_that_is_no_yaml_is_an_error(empty, monkeypatch):
    piped(monkeypatch, "a: 1\na: 2\n")
    status, out, err = empty.run("fmt", "-")
    assert (status, out) == (1, "")
    assert "stdin:2:1: repeated-key" in err


def test_what_init_writes_has_the_layout(empty):
    assert empty.run("init")[0] == 0
    assert empty.run("fmt", "--check", "reconcile.yaml", "specs") == (0, "", "")
