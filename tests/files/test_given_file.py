"""A file that somebody else may have laid there is read whole, or refused: never waited for."""

import errno
import os
import threading

import pytest

from reconciler.files.given_file import open_given, read_given


def test_a_file_is_read_whole(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"\x00abc\n")
    assert read_given(path) == b"\x00abc\n"


@pytest.mark.parametrize(("size", "fits"), [(9, True), (10, True), (11, False)])
def test_a_file_larger_than_any_can_be_is_refused_after_that_many_bytes(tmp_path, size, fits):
    path = tmp_path / "a"
    path.write_bytes(b"x" * size)
    if fits:
        assert len(read_given(path, most=10)) == size
        return
    with pytest.raises(OSError, match="larger than 10 bytes") as raised:
        read_given(path, most=10)
    assert raised.value.errno == errno.EFBIG


def test_a_device_without_an_end_is_refused():
    with pytest.raises(OSError, match="it is a device, expected a file"):
        read_given("/dev/zero")


@pytest.mark.parametrize("read", [open_given, read_given])
def test_a_folder_is_no_file(tmp_path, read):
    with pytest.raises(OSError, match="it is a folder, expected a file"):
        read(tmp_path)


def test_a_pipe_that_nobody_writes_into_is_empty_where_one_may_be_and_else_refused(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert read_given(path) == b""
    with pytest.raises(OSError, match="it is a pipe, expected a file"):
        open_given(path)


def test_what_is_written_into_a_pipe_is_waited_for_until_its_end(tmp_path):
    given, taken = os.pipe()
    writer = threading.Thread(target=lambda: (os.write(taken, b"late"), os.close(taken)))
    with open_given(f"/proc/self/fd/{given}", pipes=True) as file:
        os.close(given)
        assert os.get_blocking(file.fileno())
        writer.start()
        assert file.read() == b"late"
    writer.join()


def test_a_refused_file_is_closed_again(tmp_path, monkeypatch):
    closed = []
    close = os.close
    monkeypatch.setattr(os, "close", lambda handle: (closed.append(handle), close(handle)))
    with pytest.raises(OSError, match="folder"):
        open_given(tmp_path)
    assert len(closed) == 1
