"""The journal survives a crash at any byte."""

import os
import stat
import threading

import pytest

from reconciler.errors import Unwritable
from reconciler.state.journal_file import JournalFile, journal_lines, journals, read_journal

LINES = [{"event": "Started", "n": 1}, {"event": "Applied", "text": "Grüße\n\u2028"}, {"n": 3}]


@pytest.fixture
def journal(tmp_path):
    file = JournalFile(tmp_path / "runs" / "a.jsonl")
    yield file
    file.close()


def test_what_is_appended_is_read_back_in_order(journal):
    for line in LINES:
        journal.append(line)
    assert list(read_journal(journal.path)) == LINES


def test_a_line_is_one_line_whatever_is_in_it(journal):
    journal.append(LINES[1])
    assert journal.path.read_bytes().count(b"\n") == 1


def test_a_journal_and_its_folder_are_private(journal):
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700


def test_a_journal_never_continues_another(journal):
    with pytest.raises(Unwritable, match="File exists"):
        JournalFile(journal.path)


def test_a_line_is_on_disk_before_append_returns(journal, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(journal.path.read_bytes()))
    journal.append(LINES[0])
    assert synced == [b'{"event": "Started", "n": 1}\n']


def test_after_a_crash_at_any_byte_every_whole_line_is_read(journal):
    for line in LINES:
        journal.append(line)
    whole = journal.path.read_bytes()
    for length in range(len(whole) + 1):
        journal.path.write_bytes(whole[:length])
        assert list(read_journal(journal.path)) == LINES[: whole[:length].count(b"\n")]


def test_a_line_that_the_disk_takes_in_parts_is_whole_in_the_end(journal, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, bytes(data)[:7]))
    journal.append(LINES[1])
    assert list(read_journal(journal.path)) == [LINES[1]]


def test_many_threads_write_whole_lines(journal):
    def work(number):
        for count in range(20):
            journal.append({"thread": number, "count": count, "text": "x" * 500})

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = list(read_journal(journal.path))
    assert len(found) == 160
    for number in range(8):
        counts = [line["count"] for line in found if line["thread"] == number]
        assert counts == list(range(20))


def test_a_line_that_is_no_object_is_passed_over(journal):
    journal.append(LINES[0])
    with journal.path.open("ab") as file:
        file.write(b"not json\n[1]\n\xff\n\n")
    journal.append(LINES[2])
    assert list(read_journal(journal.path)) == [LINES[0], LINES[2]]


def test_half_a_surrogate_pair_does_not_end_the_run(journal):
    journal.append({"found": "a\ud83d"})
    journal.path.read_text(encoding="utf-8")
    assert list(read_journal(journal.path)) == [{"found": "a\ud83d"}]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param(b"[" * 100_000, "nested too deeply", id="nested-100,000-deep"),
        pytest.param(b'{"a": ' * 100_000, "nested too deeply", id="objects-nested"),
        pytest.param(b'{"n": ' + b"1" * 5_000 + b"}", "not JSON", id="a-number-of-5,000-digits"),
        pytest.param(b'{"n": NaN}', "not JSON", id="not-a-number"),
        pytest.param(b'{"n": 1, "n": 2}', "not JSON", id="a-key-twice"),
        pytest.param(b'{"t": "' + b"x" * 300 + b'"}', "too long", id="longer-than-any"),
        pytest.param(b"\xff\xfe{}", "not JSON", id="not-utf-8"),
        pytest.param(b"", "not JSON", id="nothing"),
        pytest.param(b"\0" * 50, "not JSON", id="a-hole-that-a-crash-left"),
        pytest.param(b"[1]", "no object", id="a-list"),
    ],
)
def test_a_line_that_cannot_be_read_is_passed_over_and_told(journal, monkeypatch, line, why):
    if "long" in why:
        monkeypatch.setattr("reconciler.state.journal_file.MAX_LINE", 100)
    journal.append(LINES[0])
    with journal.path.open("ab") as file:
        file.write(line + b"\n")
    journal.append(LINES[2])
    told = []
    assert [data for _, data in journal_lines(journal.path, told.append)] == [LINES[0], LINES[2]]
    assert told == [f"{journal.path}:2: passed over a line of the journal: it is {why}"]


def _as_folder(path):
    path.mkdir()


def _as_circle(path):
    path.symlink_to(path.name)


def _as_device(path):
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(os.mkfifo, id="a-pipe-without-a-writer"),
        pytest.param(_as_folder, id="a-folder"),
        pytest.param(_as_circle, id="a-link-in-a-circle"),
        pytest.param(_as_device, id="a-device-without-an-end"),
        pytest.param(lambda path: path.symlink_to("gone"), id="a-link-to-nothing"),
    ],
)
def test_what_is_no_file_is_passed_over_and_told(tmp_path, made):
    path, told = tmp_path / "a.jsonl", []
    made(path)
    assert list(journal_lines(path, told.append)) == []
    assert len(told) == 1
    assert told[0].startswith(f"{path}: passed over a journal that cannot be read: ")


def test_the_newest_journals_of_a_plan_come_first(tmp_path):
    names = [
        "20261201T090000.000001Z-aaaaaaaa-1a2b.jsonl",
        "20261202T090000.000001Z-aaaaaaaa-1a2b.jsonl",
        "20261203T090000.000001Z-bbbbbbbb-1a2b.jsonl",
        "by-hand.jsonl",
        "other.txt",
    ]
    for name in names:
        (tmp_path / name).write_text("{}\n")
    found = [path.name for path in journals(tmp_path, "a" * 64)]
    assert found == ["by-hand.jsonl", names[1], names[0]]


def test_journals_of_other_plans_push_none_of_ours_out(tmp_path):
    (tmp_path / "20261201T090000Z-aaaaaaaa-1a2b.jsonl").touch()
    for number in range(300):
        (tmp_path / f"99991201T090000Z-bbbbbbbb-{number:04x}.jsonl").touch()
    assert len(journals(tmp_path, "a" * 64)) == 1


def test_a_folder_that_is_not_there_has_no_journals(tmp_path):
    assert journals(tmp_path / "none", "a" * 64) == []


# -- full disks ----------------------------------------------------------------------------


@pytest.fixture
def disk(monkeypatch):
    """A disk that takes as many bytes as it has room for."""
    room, write = [10**9], os.write

    def nearly_full(handle, data):
        taken = write(handle, bytes(data)[: room[0]])
        room[0] -= taken
        if not taken:
            raise OSError(28, "No space left on device")
        return taken

    monkeypatch.setattr(os, "write", nearly_full)
    return room


@pytest.mark.parametrize("room", range(0, 30, 4))
def test_what_a_full_disk_took_of_a_line_is_no_part_of_the_next(journal, disk, room):
    journal.append(LINES[0])
    disk[0] = room
    with pytest.raises(Unwritable, match=r"a\.jsonl: cannot be written: No space left"):
        journal.append(LINES[1])
    disk[0] = 10**9
    journal.append(LINES[2])
    assert list(read_journal(journal.path)) == [LINES[0], LINES[2]]
    assert journal.path.read_bytes().count(b"\n") == 2


@pytest.mark.parametrize("room", [0, 5])
def test_a_journal_that_no_line_went_into_is_not_left_behind(tmp_path, disk, room):
    disk[0] = room
    file = JournalFile(tmp_path / "a.jsonl")
    with pytest.raises(Unwritable):
        file.append(LINES[0])
    file.close()
    assert list(tmp_path.iterdir()) == []


def test_a_torn_line_is_gone_when_the_journal_is_closed(tmp_path, disk):
    file = JournalFile(tmp_path / "a.jsonl")
    file.append(LINES[0])
    disk[0] = 5
    with pytest.raises(Unwritable):
        file.append(LINES[1])
    file.close()
    assert file.path.read_bytes() == b'{"event": "Started", "n": 1}\n'


def test_a_line_that_may_not_be_on_the_disk_is_told_and_stays_readable(journal, monkeypatch):
    def fails(_):
        raise OSError(5, "Input/output error")

    sync = os.fsync
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(Unwritable, match="Input/output error"):
        journal.append(LINES[0])
    monkeypatch.setattr(os, "fsync", sync)
    journal.append(LINES[1])
    assert list(read_journal(journal.path)) == LINES[:2]


def test_where_no_folder_can_be_there_is_no_journal(tmp_path):
    (tmp_path / "runs").touch()
    with pytest.raises(Unwritable, match=r"a\.jsonl: cannot be written: "):
        JournalFile(tmp_path / "runs" / "a.jsonl")
