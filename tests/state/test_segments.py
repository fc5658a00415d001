"""A journal is copied in whole lines, each once, whatever is lost on the way."""

import pytest

from reconciler.clock import SystemClock
from reconciler.errors import Contended, ReconcilerError
from reconciler.state import segments
from reconciler.state.segments import Segments
from reconciler.state.store import Stored


class Memory:
    """A store that may fail once, before or after a write took effect."""

    name = "memory"

    def __init__(self):
        self.objects = {}
        self.failing = []

    def put_new(self, key, content):
        how = self.failing.pop() if self.failing else ""
        if how == "before":
            raise ReconcilerError("no reply")
        if key in self.objects:
            raise Contended("412")
        self.objects[key] = content
        if how == "after":
            raise ReconcilerError("no reply")
        return "e"

    def get(self, key):
        return Stored(self.objects[key], "e") if key in self.objects else None


@pytest.fixture
def kept(tmp_path):
    store = Memory()
    return store, tmp_path / "R.jsonl", Segments(store, "R", tmp_path / "R.jsonl", SystemClock())


def test_only_whole_lines_are_copied_and_each_once(kept):
    store, path, copied = kept
    path.write_bytes(b"one\ntw")
    copied.send()
    copied.send()
    path.write_bytes(b"one\ntwo\nthree\n")
    copied.send()
    assert store.objects == {
        "runs/R/journal-0001.jsonl": b"one\n",
        "runs/R/journal-0002.jsonl": b"two\nthree\n",
    }


@pytest.mark.parametrize("most", [1, 4, 5, 9, 100])
def test_pieces_have_a_size_and_a_line_that_is_longer_stays_whole(kept, monkeypatch, most):
    monkeypatch.setattr(segments, "MOST", most)
    store, path, copied = kept
    content = b"1\n22\n" + b"3" * 30 + b"\n4\n"
    path.write_bytes(content)
    copied.send()
    found = [store.objects[key] for key in sorted(store.objects)]
    assert b"".join(found) == content
    assert all(one.endswith(b"\n") for one in found)


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_lost_reply_is_made_up_for_by_the_next_copy(kept, how):
    store, path, copied = kept
    path.write_bytes(b"one\n")
    store.failing = [how]
    with pytest.raises(ReconcilerError):
        copied.send()
    if how == "before":
        path.write_bytes(b"one\ntwo\n")
    copied.send()
    assert b"".join(store.objects.values()) == path.read_bytes()


def test_a_copy_that_took_effect_unseen_does_not_stop_what_was_written_since(kept):
    store, path, copied = kept
    path.write_bytes(b"one\n")
    store.failing = ["after"]
    with pytest.raises(ReconcilerError):
        copied.send()
    path.write_bytes(b"one\ntwo\n")
    copied.send()
    assert b"".join(store.objects[key] for key in sorted(store.objects)) == b"one\ntwo\n"


def test_the_end_says_what_is_in_the_way(kept):
    store, path, copied = kept
    path.write_bytes(b"one\n")
    copied.begin()
    path.write_bytes(b"one\ntwo\n")
    store.failing = ["before"]
    assert copied.end() == "no reply"


def test_a_piece_of_somebody_else_is_not_written_over(kept):
    store, path, copied = kept
    store.objects["runs/R/journal-0001.jsonl"] = b"theirs\n"
    path.write_bytes(b"one\n")
    with pytest.raises(Contended):
        copied.send()
