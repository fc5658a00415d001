"""What other machines put on record comes into the local folder, and nowhere else."""

import pytest

from reconciler.errors import ReconcilerError
from reconciler.model.event import RunStarted
from reconciler.state.event_data import event_data
from reconciler.state.fetching import fetch_earlier, fetch_receipt, may_be_later
from reconciler.state.store import Entry, Stored
from tests.state.test_runs import line

A, B, C, D = "aaaaaaaa", "bbbbbbbb", "cccccccc", "dddddddd"


class Memory:
    """A store of pieces, as a bucket has them."""

    name = "memory"

    def __init__(self, **objects):
        self.objects = objects
        self.read = []

    def get(self, key):
        self.read.append(key)
        found = self.objects.get(key)
        return None if found is None else Stored(found, "e")

    def peek(self, key, *, at_end):
        return self.objects[key]

    def list(self, prefix):
        return (Entry(k, len(v)) for k, v in sorted(self.objects.items()) if k.startswith(prefix))

    def names(self, prefix):
        return dict.fromkeys(key.split("/")[1] for key in self.objects if key.startswith(prefix))


def run_id(day, plan, number="0"):
    return f"202611{day}T000000.000000Z-{plan}-000{number}"


def pieces(name, plan, retry_of="", *more):
    started = RunStarted(
        run_id=name, plan_digest=plan * 8, changes_digest="", commit="", actor="", mode="",
        tool_version="", cases=1, at="", retry_of=retry_of,
    )  # fmt: skip
    contents = (line(event_data(started)), *more)
    return {f"runs/{name}/journal-{at:04}.jsonl": text for at, text in enumerate(contents, 1)}


FIRST, REST, REST_OF_REST = run_id(20, A), run_id(21, B), run_id(22, C)
OTHER = run_id(23, D)
EVERY = {
    **pieces(FIRST, A, "", b"{}\n", b"{}\n"),
    **pieces(REST, B, FIRST),
    **pieces(REST_OF_REST, C, REST),
    **pieces(OTHER, D),
    "runs/../../evil/journal-0001.jsonl": b"",
}


@pytest.mark.parametrize("plan", [A, B, C])
def test_all_runs_that_belong_together_come_whichever_of_their_plans_is_applied(tmp_path, plan):
    fetch_earlier(Memory(**EVERY), tmp_path, plan * 8, ())
    assert {one.name for one in tmp_path.iterdir()} == {
        f"{one}.jsonl" for one in (FIRST, REST, REST_OF_REST)
    }
    assert (tmp_path / f"{FIRST}.jsonl").read_bytes().endswith(b"\n{}\n{}\n")


def test_a_plan_that_nobody_began_costs_no_read(tmp_path):
    store = Memory(**EVERY)
    fetch_earlier(store, tmp_path, "e" * 64, ())
    assert not store.read
    assert not list(tmp_path.iterdir())


def test_a_journal_that_is_longer_here_stays_and_a_shorter_one_is_replaced(tmp_path):
    local = tmp_path / f"{FIRST}.jsonl"
    for content, stays in ((b"x" * 10_000, True), (b"x", False)):
        local.write_bytes(content)
        fetch_earlier(Memory(**EVERY), tmp_path, A * 8, ())
        assert (local.read_bytes() == content) == stays


def test_a_piece_that_is_missing_ends_the_journal(tmp_path):
    objects = {**EVERY}
    del objects[f"runs/{FIRST}/journal-0002.jsonl"]
    fetch_earlier(Memory(**objects), tmp_path, A * 8, ())
    assert not (tmp_path / f"{FIRST}.jsonl").read_bytes().endswith(b"{}\n")


def test_no_link_leads_what_comes_to_somewhere_else(tmp_path):
    (tmp_path / f"{FIRST}.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ReconcilerError, match="found a link"):
        fetch_earlier(Memory(**EVERY), tmp_path, A * 8, ())
    (tmp_path / f"{FIRST}.receipt.json").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ReconcilerError, match="found a link"):
        fetch_receipt(Memory(**EVERY), tmp_path, FIRST)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("run", "later"),
    [(run_id(20, A), True), (run_id(19, A), True), (run_id(18, A), False), ("odd", True)],
)
def test_clocks_that_differ_hide_no_later_run(run, later):
    assert may_be_later(run, {run_id(20, B)}) is later
