"""A file is the old one or the new one, never half, and never open to others."""

import os
import socket
import stat
import threading
from pathlib import Path

import pytest

from reconciler.errors import Unwritable
from reconciler.files import whole_file
from reconciler.files.whole_file import append_file, check_place, replace_file, replaces


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
    with pytest.raises(Unwritable, match=r"plan\.json: cannot be written: no space"):
        replace_file(path, b"new", keeps=True)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.json"]


def test_the_bytes_are_on_disk_before_the_name_is(tmp_path, monkeypatch):
    path, steps = tmp_path / "plan.json", []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (steps.append(path.exists()), sync(handle)))
    replace_file(path, b"new")
    assert steps == [False]


# -- what is there already -----------------------------------------------------------------


def test_a_file_that_keeps_its_mode_keeps_it(tmp_path):
    path = tmp_path / "spec.yaml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace_file(path, b"new", mode=0o666, keeps=True)
    assert (mode(path), path.read_bytes()) == (0o640, b"new")


def test_a_new_file_for_everybody_heeds_the_mask(tmp_path):
    before = os.umask(0o027)
    try:
        replace_file(tmp_path / "f", b"x", mode=0o666, keeps=True)
    finally:
        os.umask(before)
    assert mode(tmp_path / "f") == 0o640


@pytest.mark.parametrize("there", [True, False], ids=["leading-to-a-file", "dangling"])
def test_links_are_followed_and_stay(tmp_path, there):
    (tmp_path / "far").mkdir()
    file, middle, link = tmp_path / "far/file", tmp_path / "far/middle", tmp_path / "link"
    middle.symlink_to("file")
    link.symlink_to("far/middle")
    if there:
        file.write_bytes(b"old")
    check_place(link)
    replace_file(link, b"new")
    assert (link.is_symlink(), middle.is_symlink(), file.is_symlink()) == (True, True, False)
    assert file.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir() if not entry.is_dir()] == ["link"]


def test_the_other_names_of_a_file_keep_its_old_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    replace_file(tmp_path / "a", b"new")
    assert (tmp_path / "b").read_bytes() == b"old"


def test_a_device_is_written_through(tmp_path):
    before = Path(os.devnull).stat()
    check_place(tmp_path / os.devnull)
    for write in (replace_file, append_file):
        write(tmp_path / os.devnull, b"new")
    after = Path(os.devnull).stat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    assert not replaces(tmp_path / os.devnull)


@pytest.mark.parametrize("write", [replace_file, append_file])
def test_a_pipe_is_written_through_and_its_reader_may_come_late(tmp_path, write):
    path, found = tmp_path / "pipe", []
    os.mkfifo(path)
    content = bytes(300_000)  # more than a pipe holds
    check_place(path)
    reader = threading.Timer(0.1, lambda: found.append(path.read_bytes()))
    reader.start()
    write(path, content)
    reader.join()
    assert found == [content]
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_a_pipe_that_nobody_reads_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(whole_file, "READER_SECONDS", 0)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unwritable, match="nobody reads this pipe"):
        replace_file(tmp_path / "pipe", b"x")


@pytest.mark.parametrize("name", ["/dev/fd/{}", "/proc/self/fd/{}", "link"])
def test_an_open_file_that_was_handed_down_is_written_where_it_is(tmp_path, name):
    with (tmp_path / "log").open("wb", buffering=0) as log:
        os.set_inheritable(log.fileno(), True)
        (tmp_path / "link").symlink_to(f"/dev/fd/{log.fileno()}")
        path = tmp_path / name.format(log.fileno())
        log.write(b"before ")
        check_place(path)
        assert not replaces(path)
        replace_file(path, b"report")
        log.write(b" after")
    assert (tmp_path / "log").read_bytes() == b"before report after"


def test_a_file_that_the_program_opened_for_itself_is_not_written(tmp_path):
    with (tmp_path / "database").open("wb") as own:
        for write in (replace_file, append_file, lambda path, _: check_place(path)):
            with pytest.raises(Unwritable, match="Bad file descriptor"):
                write(tmp_path / f"/dev/fd/{own.fileno()}", b"x")
    assert (tmp_path / "database").read_bytes() == b""


# -- where no file can be ------------------------------------------------------------------


@pytest.fixture
def bound(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        yield


@pytest.mark.usefixtures("bound")
@pytest.mark.parametrize(
    "place",
    [
        pytest.param(".", id="a-folder"),
        pytest.param("file/below", id="below-a-file"),
        pytest.param("file/far/below", id="far-below-a-file"),
        pytest.param("loop", id="a-loop-of-links"),
        pytest.param("loop/below", id="below-a-loop"),
        pytest.param("dangling/below", id="below-a-dangling-link"),
        pytest.param("socket", id="a-socket"),
        pytest.param("x" * 300, id="a-name-too-long"),
        pytest.param("nul\0", id="a-name-that-no-system-has"),
        pytest.param("/dev/fd/999", id="a-file-that-is-not-open"),
        pytest.param("/proc/none", id="a-folder-that-takes-no-file"),
    ],
)
def test_where_no_file_can_be_is_known_before_and_told_in_a_line(tmp_path, place):
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nowhere")
    before = sorted(tmp_path.rglob("*"))
    path = tmp_path / place
    for write in (replace_file, append_file, lambda path, _: check_place(path)):
        with pytest.raises(Unwritable) as told:
            write(path, b"x")
        assert str(told.value).startswith(f"{path}: cannot be written: ")
        assert len(str(told.value).splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_asking_whether_a_file_can_be_written_leaves_nothing_behind(tmp_path):
    check_place(tmp_path / "far" / "below" / "plan.json")
    assert list(tmp_path.iterdir()) == []


# -- files that others add to, too ---------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"), [(b"", b"x\n"), (b"a", b"a\nx\n"), (b"a\n", b"a\nx\n")]
)
def test_what_is_added_begins_on_a_line_of_its_own(tmp_path, before, after):
    (tmp_path / "f").write_bytes(before)
    append_file(tmp_path / "f", b"x\n")
    assert (tmp_path / "f").read_bytes() == after


def test_what_cannot_be_added_whole_is_not_added(tmp_path, monkeypatch):
    (tmp_path / "f").write_bytes(b"a\n")
    write, room = os.write, [3]

    def nearly_full(handle, data):
        if not room[0]:
            raise OSError(28, "No space left on device")
        taken = write(handle, bytes(data)[: room[0]])
        room[0] -= taken
        return taken

    monkeypatch.setattr(os, "write", nearly_full)
    with pytest.raises(Unwritable, match="No space left"):
        append_file(tmp_path / "f", b"changes=true\n")
    assert (tmp_path / "f").read_bytes() == b"a\n"


def test_a_pipe_that_does_not_wait_is_waited_for(tmp_path):
    end, start = os.pipe()
    os.set_inheritable(start, True)
    os.set_blocking(start, False)
    found = []

    def read():
        with os.fdopen(end, "rb") as file:
            found.append(file.read())

    reader = threading.Thread(target=read)
    reader.start()
    replace_file(tmp_path / f"/dev/fd/{start}", bytes(300_000))
    os.close(start)
    reader.join()
    assert found == [bytes(300_000)]


def test_parts_are_one_file_and_where_making_one_fails_nothing_has_changed(tmp_path):
    path = tmp_path / "f"
    replace_file(path, iter([b"a", b"", b"b"]))
    assert path.read_bytes() == b"ab"

    def parts():
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace_file(path, parts())
    assert path.read_bytes() == b"ab"
    assert [entry.name for entry in tmp_path.iterdir()] == ["f"]


def test_a_mistake_in_making_a_part_is_not_called_unwritable(tmp_path):
    def parts():
        yield b"half"
        raise ValueError("a mistake")

    with pytest.raises(ValueError, match="a mistake"):
        replace_file(tmp_path / "f", parts())
    with pytest.raises(Unwritable):
        replace_file(tmp_path / "f\0", b"x")
