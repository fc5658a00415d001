"""The journal survives a crash at any byte."""

import json
import os
import stat
import threading

import pytest

from reconciler.adapters.journal_file import JournalFile, journals, read_journal

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
    with pytest.raises(FileExistsError):
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


def test_the_newest_journals_come_first(tmp_path):
    for name in ("20261201T090000Z-a", "20261202T090000Z-b", "20251201T090000Z-c"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({}))
    (tmp_path / "other.txt").touch()
    names = [path.name[:8] for path in journals(tmp_path, most=2)]
    assert names == ["20261202", "20261201"]


def test_a_folder_that_is_not_there_has_no_journals(tmp_path):
    assert journals(tmp_path / "none") == []
