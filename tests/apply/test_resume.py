"""What journals and a receipt prove of earlier applies of a plan."""

from dataclasses import replace

import pytest

from reconciler.apply.part import WHOLE, Part
from reconciler.apply.resume import NOTHING, Begun, Earlier, begun_in, first_line
from reconciler.apply.settling_rule import Attempt
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    NotAttempted,
    RunFinished,
    RunStarted,
    StageStarted,
    Started,
    Unknown,
    Unverified,
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
END = RunFinished(counts=(), at="")
ABOUT = {"target": "prod", "case_id": "a"}
SENT = Started(**ABOUT, fields=("note",), attempt=1, seen_at="s1", read_at="r1")
AGAIN = replace(SENT, attempt=2, seen_at="s2", read_at="r2")
APPLIED = Applied(**ABOUT, request_id="r")
ALREADY = AlreadyDone(**ABOUT)
FAILED = Failed(**ABOUT, code="", message="")
SKIPPED = NotAttempted(**ABOUT, reason="interrupted")
UNSURE = Unknown(**ABOUT, message="")
ACCEPTED = replace(UNSURE, request_id="r")
UNVERIFIED = Unverified(**ABOUT, request_id="r", fields=())
CONFLICT = Conflict(**ABOUT, fields=(), changed_by="", changed_at="")
ONE, TWO = Attempt("s1", "r1"), Attempt("s2", "r2")
NOTE = Part(frozenset(["note"]))
OF_NOTE = replace(SENT, about=("note",))
ONE_OF_NOTE = replace(ONE, about=NOTE)
TOLD = Begun(told=WHOLE)
LOOSE = replace(TOLD, unreported=True)


@pytest.mark.parametrize(
    ("events", "begun"),
    [
        pytest.param([], NOTHING, id="empty"),
        pytest.param([START], NOTHING, id="nothing-begun"),
        pytest.param([START, StageStarted(stage=1, stages=2, cases=1)], NOTHING, id="a-stage"),
        pytest.param([START, SENT], Begun((ONE,)), id="sent-and-killed"),
        pytest.param([START, SENT, AGAIN], Begun((ONE, TWO)), id="sent-twice-and-killed"),
        pytest.param([START, SENT, UNSURE], Begun((ONE,)), id="sent-and-unsure"),
        pytest.param([START, SENT, UNSURE, END], Begun((ONE,)), id="unknown-in-a-finished-run"),
        pytest.param([START, SENT, CONFLICT, END], Begun((ONE,)), id="a-conflict-after-a-send"),
        pytest.param([START, SENT, FAILED, END], NOTHING, id="refused"),
        pytest.param([START, SENT, SKIPPED], NOTHING, id="throttled-and-stopped"),
        pytest.param([START, FAILED, END], NOTHING, id="not-read"),
        pytest.param([START, CONFLICT, END], NOTHING, id="a-conflict-before-any-send"),
        pytest.param([START, UNSURE], NOTHING, id="passed-over"),
        pytest.param([START, SENT, APPLIED], LOOSE, id="applied-and-killed"),
        pytest.param([START, SENT, APPLIED, END], TOLD, id="applied"),
        pytest.param([START, ALREADY, END], TOLD, id="already-done"),
        pytest.param([START, SENT, UNVERIFIED, END], TOLD, id="not-verified"),
        pytest.param([START, SENT, ACCEPTED, END], TOLD, id="accepted-and-not-checked"),
        pytest.param(
            [START, replace(SENT, seen_at="", read_at="")], Begun((Attempt(),)), id="an-old-journal"
        ),
        pytest.param([START, OF_NOTE], Begun((ONE_OF_NOTE,)), id="a-part-sent-and-killed"),
        pytest.param([START, OF_NOTE, APPLIED, END], Begun(told=NOTE), id="a-part-applied"),
        pytest.param([START, OF_NOTE, ACCEPTED, END], Begun(told=NOTE), id="a-part-accepted"),
        pytest.param(
            [START, replace(ALREADY, about=("note",)), END], Begun(told=NOTE), id="a-part-done"
        ),
    ],
)
def test_what_a_journal_says_of_a_case(events, begun):
    assert begun_in([events]).get(("prod", "a"), NOTHING) == begun


@pytest.mark.parametrize(
    ("runs", "begun"),
    [
        pytest.param(
            [[START, SENT, APPLIED, END], [START, SENT]],
            replace(TOLD, attempts=(ONE,)),
            id="told-is-told-whatever-comes-after",
        ),
        pytest.param(
            [[START, SENT], [START, AGAIN, FAILED, END]],
            Begun((ONE,)),
            id="a-refusal-closes-its-own-run-only",
        ),
        pytest.param([[START, SENT], [START, AGAIN]], Begun((ONE, TWO)), id="killed-twice"),
        pytest.param(
            [[START, OF_NOTE, APPLIED, END], [START, replace(ALREADY, about=("due",)), END]],
            Begun(told=Part(frozenset(["note", "due"]))),
            id="two-parts",
        ),
        pytest.param(
            [[START, OF_NOTE, APPLIED, END], [START, SENT, APPLIED, END]],
            Begun(told=NOTE | WHOLE),
            id="a-part-and-the-whole",
        ),
    ],
)
def test_every_run_of_a_plan_counts(runs, begun):
    assert begun_in(runs)["prod", "a"] == begun
    assert begun_in(reversed(runs))["prod", "a"].told == begun.told


@pytest.mark.parametrize(
    ("runs", "outcome", "begun"),
    [
        pytest.param([], UNSURE, Begun((Attempt(),)), id="unknown-without-a-journal"),
        pytest.param([[START, SENT, UNSURE]], UNSURE, Begun((ONE,)), id="unknown-with-one"),
        pytest.param([], UNVERIFIED, TOLD, id="not-verified"),
        pytest.param([], ACCEPTED, TOLD, id="accepted"),
        pytest.param([], FAILED, NOTHING, id="refused"),
        pytest.param([], SKIPPED, NOTHING, id="not-attempted"),
    ],
)
def test_a_receipt_counts_too(runs, outcome, begun):
    assert begun_in(runs, [outcome]).get(("prod", "a"), NOTHING) == begun


def test_a_receipt_is_about_what_its_plan_changes():
    planned = {("prod", "a"): NOTE}
    assert begun_in([], [UNVERIFIED], planned)["prod", "a"] == Begun(told=NOTE)
    assert begun_in([], [UNSURE], planned)["prod", "a"] == Begun((Attempt(about=NOTE),))


@pytest.mark.parametrize(
    ("begun", "loose"),
    [(NOTHING, False), (TOLD, False), (LOOSE, True), (Begun((ONE,)), True)],
)
def test_what_no_receipt_tells_yet_must_not_be_passed_over(begun, loose):
    assert begun.loose is loose


def test_what_runs_that_were_cut_short_had_done_is_counted():
    cases = {("prod", "a"): LOOSE, ("prod", "b"): TOLD, ("prod", "c"): Begun((ONE,))}
    assert Earlier(cases).unfinished == 1


def test_a_journal_without_its_first_line_is_of_no_plan():
    assert first_line([START, SENT]) == START
    assert first_line([SENT]) is None
    assert first_line([]) is None
