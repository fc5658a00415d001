"""Records kept out of memory come back as they were put, in memory and on disk alike."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import Unwritable
from reconciler.files.spool import Spool

KEYS = st.sampled_from(["a", "b", "c", "d"])
RECORDS = st.binary(max_size=30).map(lambda data: data.replace(b"\n", b""))
STEPS = st.lists(st.tuples(KEYS, RECORDS | st.none()), max_size=30)


@given(STEPS, st.sampled_from([1, 20, 1_000]))
def test_the_last_record_of_a_key_counts_wherever_it_is_kept(steps, in_memory):
    spool, expected = Spool(in_memory), {}
    for key, record in steps:
        if record is None:
            spool.drop(key)
            expected.pop(key, None)
        else:
            spool.put(key, record)
            expected[key] = record
            assert spool.get(key) == record
    assert {key: spool.get(key) for key in spool} == expected
    assert list(spool) == sorted(expected)
    assert len(spool) == len(expected)


def open_files():
    return sorted(Path("/proc/self/fd").iterdir())


def test_a_few_records_touch_no_disk_and_many_leave_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spool = Spool(100)
    opened = open_files()
    spool.put("a", b"x" * 50)
    assert open_files() == opened
    spool.put("b", b"x" * 500)
    assert list(tmp_path.iterdir()) == []
    del spool
    assert open_files() == opened


def test_where_no_temporary_file_can_be_made_it_is_said_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    spool = Spool(10)
    with pytest.raises(Unwritable, match=r"temporary files \(TMPDIR\): cannot be written: No such"):
        spool.put("a", b"x" * 50)
