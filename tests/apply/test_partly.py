"""What is said of a case of which some fields were written, and others were not."""

import pytest

from reconciler.apply.partly import STOPPED, concluded
from reconciler.apply.resume import NOTHING, Begun
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    NotAttempted,
    Unknown,
    Unverified,
)
from reconciler.model.outcomes import KINDS, Effect, detail, kind_of
from tests.apply.running import ABOUT

PARTLY = Begun(written=frozenset({"score", "note"}))
ENDS = (
    Conflict(**ABOUT, fields=(), changed_by="", changed_at=""),
    Failed(**ABOUT, code="x", message="no"),
    Unknown(**ABOUT, message="who knows"),
    Unverified(**ABOUT, request_id="r", fields=()),
)
ALL = (
    *ENDS,
    Applied(**ABOUT, request_id="r"),
    AlreadyDone(**ABOUT),
    NotAttempted(**ABOUT, reason="x"),
)


@pytest.mark.parametrize("outcome", ALL, ids=lambda one: type(one).__name__)
def test_of_a_case_that_was_not_written_in_part_nothing_else_is_said(outcome):
    assert concluded(outcome, NOTHING, None) == outcome


@pytest.mark.parametrize("outcome", ENDS, ids=lambda one: type(one).__name__)
def test_an_end_that_leaves_something_says_what_was_written(outcome):
    found = concluded(outcome, PARTLY, "r")
    assert found.written == ("note", "score")
    assert kind_of(found).effect is Effect.PARTLY
    assert kind_of(found).note != KINDS[type(found).__name__].note
    assert detail(found).written == ("note", "score")


def test_a_case_whose_rest_was_not_attempted_has_failed():
    found = concluded(NotAttempted(**ABOUT, reason="--max-failures 3"), PARTLY, "r")
    assert found == Failed(
        **ABOUT,
        code=STOPPED,
        message="the rest was not attempted: max-failures 3",
        written=("note", "score"),
    )


def test_a_case_that_this_run_wrote_a_part_of_is_applied_when_the_rest_is_there_already():
    done = AlreadyDone(**ABOUT, about=("note", "score", "vip"))
    assert concluded(done, PARTLY, "r-1") == Applied(
        **ABOUT, request_id="r-1", about=("note", "score", "vip")
    )


def test_a_case_that_an_earlier_run_wrote_is_already_done():
    done = AlreadyDone(**ABOUT)
    assert concluded(done, PARTLY, None) == done
