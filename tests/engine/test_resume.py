"""What an unfinished journal proves."""

from dataclasses import replace

import pytest

from reconciler.engine.resume import resumed
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Failed,
    RunFinished,
    RunStarted,
    Started,
    Unsure,
)

START = RunStarted(
    run_id="r",
    plan_digest="d1",
    changes_digest="",
    commit="",
    actor="",
    mode="balanced",
    tool_version="",
    cases=3,
    at="",
)
SENT = Started(target="prod", case_id="a", fields=("note",), attempt=1)
APPLIED = Applied(target="prod", case_id="a", request_id="r")
ALREADY = AlreadyDone(target="prod", case_id="b")
FAILED = Failed(target="prod", case_id="c", code="", message="")
UNSURE = Unsure(target="prod", case_id="c", message="")


@pytest.mark.parametrize(
    ("events", "done"),
    [
        pytest.param([], set(), id="empty"),
        pytest.param([START], set(), id="nothing-done"),
        pytest.param([START, SENT], set(), id="a-write-without-an-outcome-is-unknown"),
        pytest.param([START, SENT, APPLIED], {"a"}, id="applied"),
        pytest.param([START, ALREADY], {"b"}, id="already-done"),
        pytest.param([START, FAILED, UNSURE], set(), id="failed-and-unsure-are-not-done"),
        pytest.param([START, APPLIED, RunFinished(counts=(), at="")], set(), id="finished"),
        pytest.param([APPLIED], set(), id="no-first-line"),
    ],
)
def test_only_an_unfinished_run_proves_what_is_done(events, done):
    assert resumed([events], "d1").done == {("prod", case) for case in done}


def test_the_run_of_another_plan_proves_nothing():
    assert resumed([[START, APPLIED]], "d2") == resumed([], "d2")


def test_what_several_unfinished_runs_did_counts_and_the_first_of_them_is_named():
    latest, earlier = replace(START, run_id="3"), replace(START, run_id="2")
    other = [replace(START, plan_digest="d2"), Applied(target="prod", case_id="x", request_id="r")]
    found = resumed([[latest], other, [earlier, ALREADY], [START, APPLIED]], "d1")
    assert found.done == {("prod", "a"), ("prod", "b")}
    assert found.first == "r"


def test_what_came_before_a_finished_run_does_not_count():
    finished = [START, RunFinished(counts=(), at="")]
    found = resumed([[replace(START, run_id="3"), ALREADY], finished, [START, APPLIED]], "d1")
    assert found.done == {("prod", "b")}
    assert found.first == "3"
