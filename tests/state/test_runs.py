"""Which run somebody means; tests/e2e/test_runs.py has them from a folder and from S3."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from reconciler.errors import ReconcilerError
from reconciler.state.folder import FolderStore
from reconciler.state.runs import looks_like_a_run, named, newest, run_ids
from reconciler.state.store import Entry


def line(data):
    """A line of a journal."""
    return json.dumps(data).encode() + b"\n"


def store_with(folder, *names):
    for name in names:
        (folder / "runs").mkdir(exist_ok=True)
        (folder / "runs" / f"{name}.jsonl").write_bytes(b"{}\n")
    return FolderStore(folder)


ONE, TWO = (f"2026112{day}T000000.000000Z-aaaaaaaa-000{day}" for day in (1, 2))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("last", True), ("2026", True), ("20261125", True), ("20261125T09", True), (ONE, True),
        (f"{ONE}.receipt.json", False), (f"runs/{ONE}", False), ("receipt.json", False),
        ("", False), ("LAST", False), ("../20261125T", False), ("2026.json", False),
    ],
)  # fmt: skip
def test_what_looks_like_a_run(text, is_one):
    assert looks_like_a_run(text) is is_one


def test_a_run_is_named_in_full_or_as_far_as_no_other_begins_so(tmp_path):
    store = store_with(tmp_path, ONE, TWO)
    assert named(store, ONE).run_id == ONE
    assert named(store, "20261122").run_id == TWO
    assert named(store, "last").run_id == TWO
    with pytest.raises(ReconcilerError, match="stands for 2 runs"):
        named(store, "2026")
    with pytest.raises(ReconcilerError, match="no such run"):
        named(store, "2027")


def test_files_of_other_names_are_no_runs(tmp_path):
    store = store_with(tmp_path, ONE, "notes", "20261125", "..-aaaaaaaa-00")
    assert run_ids(store) == (ONE,)


def test_the_stores_clock_decides_which_run_was_the_last(tmp_path):
    """The runner of the first was ten minutes ahead."""
    store = store_with(tmp_path, ONE, TWO)
    began = datetime(2026, 11, 25, tzinfo=UTC)
    moments = {TWO: began, ONE: began + timedelta(minutes=1)}
    listed = store.list
    store.list = lambda prefix: (
        Entry(one.key, one.size, moments[one.key.split("/")[1]]) for one in listed(prefix)
    )
    assert [run.run_id for run in newest(store, 2)] == [ONE, TWO]
    assert named(store, "last").run_id == ONE
