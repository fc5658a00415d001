"""A file is the old one or the new one, never half, and never open to others."""

import os
import stat

import pytest

from reconciler.adapters.whole_file import replace_file


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_made_with_its_folders(tmp_path):
    path = tmp_path / "a" / "b" / "plan.json"
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("wanted", [0o600, 0o644])
def test_the_mode_is_what_was_asked_also_of_a_file_that_was_there(tmp_path, wanted):
    path = tmp_path / "plan.json"
    path.write_bytes(b"old")
    path.chmod(0o666)
    replace_file(path, b"new", mode=wanted)
    assert mode(path) == wanted


def test_a_file_is_private_unless_said_otherwise(tmp_path):
    replace_file(tmp_path / "f", b"x")
    assert mode(tmp_path / "f") == 0o600


@pytest.mark.parametrize("step", ["fchmod", "fsync", "replace"])
def test_when_writing_fails_the_old_file_stays_and_nothing_else_is_left(
    tmp_path, monkeypatch, step
):
    path = tmp_path / "plan.json"
    replace_file(path, b"old")

    def fail(*_):
        raise OSError("no space left on device")

    if step == "replace":
        monkeypatch.setattr("pathlib.Path.replace", fail)
    else:
        monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="no space"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.json"]


def test_the_bytes_are_on_disk_before_the_name_is(tmp_path, monkeypatch):
    path, steps = tmp_path / "plan.json", []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (steps.append(path.exists()), sync(handle)))
    replace_file(path, b"new")
    assert steps == [False]
