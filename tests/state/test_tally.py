"""Counts and exit status are folds of what happened."""

import pytest

from reconciler.errors import Exit
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    NotAttempted,
    RunFinished,
    Started,
    Unknown,
    Unverified,
)
from reconciler.state.tally import counted, outcomes, verdict


def applied(case_id="a", target="prod"):
    return Applied(target=target, case_id=case_id, request_id="r")


def done(case_id="a"):
    return AlreadyDone(target="prod", case_id=case_id)


NOT_DONE = [
    Conflict(target="prod", case_id="x", fields=(), changed_by="", changed_at=""),
    Failed(target="prod", case_id="x", code="c", message="m"),
    Unknown(target="prod", case_id="x", message="m"),
    Unverified(target="prod", case_id="x", request_id="r", fields=()),
    NotAttempted(target="prod", case_id="x", reason="interrupted"),
]


def test_the_last_word_about_a_case_counts():
    assert outcomes([NOT_DONE[2], applied("x"), applied("a")]) == (applied("x"), applied("a"))


def test_one_case_id_in_two_targets_is_two_cases():
    events = [applied("a", "prod"), applied("a", "test")]
    assert outcomes(events) == tuple(events)


def test_only_outcomes_are_outcomes():
    started = Started(target="prod", case_id="a", fields=(), attempt=1)
    assert outcomes([started, RunFinished(counts=(), at="")]) == ()


def test_every_kind_of_outcome_is_counted_also_when_there_is_none():
    counts = counted([applied("a"), applied("b"), done("c"), NOT_DONE[0]])
    assert counts == (
        ("Applied", 2),
        ("AlreadyDone", 1),
        ("Conflict", 1),
        ("Failed", 0),
        ("Unknown", 0),
        ("Unverified", 0),
        ("NotAttempted", 0),
    )


@pytest.mark.parametrize(
    ("events", "status"),
    [
        pytest.param([], Exit.OK, id="nothing-to-do"),
        pytest.param([applied(), done("b")], Exit.OK, id="all-done"),
        *(
            pytest.param([applied(), event], Exit.INCOMPLETE, id=type(event).__name__)
            for event in NOT_DONE
        ),
    ],
)
def test_the_exit_status_is_ok_only_when_all_is_done(events, status):
    assert verdict(None, events) is status
