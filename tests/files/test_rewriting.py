"""What a rewriting will change is shown as git shows it, and done as a whole."""

import stat
from pathlib import Path

import pytest

from reconciler.files.rewriting import Rewriting, named


def a_diff(before, after):
    return Rewriting(Path("a.yaml"), "specs/a.yaml", before, after).diff()


def test_a_changed_line_is_shown_with_the_files_name():
    assert a_diff(b"a: 1\nb: 2\n", b"a: 1\nb: 3\n") == (
        "--- a/specs/a.yaml\n+++ b/specs/a.yaml\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "end"),
    [
        pytest.param(
            b"a\n", b"b", "-a\n+b\n\\ No newline at end of file\n", id="the-new-one-has-no-end"
        ),
        pytest.param(
            b"a", b"b\n", "-a\n\\ No newline at end of file\n+b\n", id="the-old-one-had-none"
        ),
        pytest.param(b"\xff\n", b"b\n", "-\ufffd\n+b\n", id="bytes-that-are-no-text"),
        pytest.param(b"a\n", b"a\n", "", id="nothing-changes"),
    ],
)
def test_the_end_of_a_diff(before, after, end):
    assert a_diff(before, after).endswith(end)
    assert bool(a_diff(before, after)) is bool(end)


def test_a_rewriting_goes_through_a_link_and_keeps_the_mode(tmp_path):
    path, link = tmp_path / "a.yaml", tmp_path / "link.yaml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    Rewriting(link, "link.yaml", b"old", b"new").write()
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_path_is_named_from_here_where_it_is_below(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert named(tmp_path / "here" / "specs" / "a.yaml") == "specs/a.yaml"
    assert named(Path("a.yaml")) == "a.yaml"
    assert named(tmp_path / "a.yaml") == (tmp_path / "a.yaml").as_posix()
