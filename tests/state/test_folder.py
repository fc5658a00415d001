"""The state in a folder: whole objects, conditions that hold, and the names that files have."""

import threading

import pytest

from reconciler.errors import Contended, ReconcilerError
from reconciler.state.folder import FolderStore


def test_an_object_is_put_once_and_then_replaced_on_its_etag_alone(tmp_path):
    store = FolderStore(tmp_path / "state")
    assert store.get("cache/a") is None
    etag = store.put_new("cache/a", b"one")
    with pytest.raises(Contended):
        store.put_new("cache/a", b"two")
    with pytest.raises(Contended):
        store.put_over("cache/a", b"two", "another")
    newer = store.put_over("cache/a", b"two", etag)
    assert store.get("cache/a").content == b"two"
    assert store.get("cache/a").etag == newer
    store.delete("cache/a")
    store.delete("cache/a")
    assert store.get("cache/a") is None
    with pytest.raises(Contended):
        store.put_over("cache/a", b"three", newer)


def test_journals_and_receipts_have_the_names_that_people_know(tmp_path):
    store = FolderStore(tmp_path)
    store.put_new("runs/R/receipt.json", b"{}")
    (tmp_path / "runs" / "R.jsonl").write_bytes(b"line\n")
    (tmp_path / "runs" / ".reconcile-1.tmp").write_bytes(b"half")
    assert (tmp_path / "runs" / "R.receipt.json").read_bytes() == b"{}"
    assert store.get("runs/R/journal-0001.jsonl").content == b"line\n"
    assert [one.key for one in store.list("runs/")] == [
        "runs/R/journal-0001.jsonl",
        "runs/R/receipt.json",
    ]
    assert list(store.names("runs/")) == ["R"]


@pytest.mark.parametrize(
    "key", ["", "a//b", "../x", "a/../b", "./a", "/etc/passwd", "a\0b", "a\\b"]
)
def test_no_key_leads_out_of_the_folder(tmp_path, key):
    with pytest.raises(ReconcilerError, match="no key"):
        FolderStore(tmp_path).get(key)


@pytest.mark.parametrize(("at_end", "found"), [(False, b"a"), (True, b"z")])
def test_a_peek_shows_one_end_of_an_object(tmp_path, at_end, found):
    store = FolderStore(tmp_path)
    assert store.peek("cache/a", at_end=at_end) == b""
    store.put_new("cache/a", b"a" * 70_000 + b"z" * 70_000)
    assert {*store.peek("cache/a", at_end=at_end)} == {*found}


def test_of_many_who_replace_one_object_each_sees_what_it_replaced(tmp_path):
    store = FolderStore(tmp_path)
    store.put_new("n", b"0")

    def count():
        for _ in range(20):
            while True:
                found = store.get("n")
                try:
                    store.put_over("n", b"%d" % (int(found.content) + 1), found.etag)
                except Contended:
                    continue
                break

    threads = [threading.Thread(target=count) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert store.get("n").content == b"80"


def test_a_folder_that_takes_nothing_says_so(tmp_path):
    (tmp_path / "state").write_text("a file")
    with pytest.raises(ReconcilerError, match="cannot be written"):
        FolderStore(tmp_path / "state").put_new("a", b"")
