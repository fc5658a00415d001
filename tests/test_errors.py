"""What an error says, line by line, and how the program ends with it."""

import pytest

from reconciler import errors as module
from reconciler.errors import (
    AuthorErrors,
    Blocked,
    CallError,
    Exit,
    Held,
    Interrupted,
    PlanMisfit,
    ReconcilerError,
    Unwritable,
    WrongArgument,
)
from reconciler.model.argument import argument
from reconciler.model.diagnostic import Problem, Source

KINDS = [
    kind
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, ReconcilerError)
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_only_a_guard_a_misfit_and_another_apply_have_statuses_of_their_own(kind):
    own = {Blocked: Exit.BLOCKED, Held: Exit.HELD, PlanMisfit: Exit.MISFIT}
    assert kind.status is own.get(kind, Exit.ERROR)


def test_a_signal_ends_the_run_with_its_own_status():
    assert Interrupted(Exit.SIGTERM, "ended").status == 143


def test_an_error_has_a_line_for_its_message_and_one_for_each_that_follows():
    assert ReconcilerError("a", "b", "c").lines == ("a", "b", "c")
    assert str(ReconcilerError("a", "b")) == "a\nb"
    assert ReconcilerError().lines == ("",)


def test_an_argument_is_called_by_its_name_and_marked_for_those_who_call_it_otherwise():
    error = ReconcilerError(f"{argument('cases')} c9: none", f"see {argument('fields')}")
    assert error.lines == ("cases c9: none", "see fields")
    assert error.marked[0] != error.lines[0]


def test_problems_are_sorted_by_place_and_each_is_told_once():
    late, early = (Problem(Source("a.yaml", line), "x", "found it") for line in (10, 9))
    error = AuthorErrors([late, early, late])
    assert error.problems == (early, late)
    assert error.lines == (str(early), str(late))


def test_an_author_reads_the_name_of_an_argument_too():
    error = AuthorErrors([Problem(Source("a.yaml", 1), "x", f"say {argument('null')}")])
    assert error.problems[0].message == "say null"


def test_why_a_file_cannot_be_written_is_known_without_its_place():
    assert Unwritable("x: cannot be written: full", "full").why == "full"
    assert Unwritable("x: cannot be written").why == "x: cannot be written"


def test_a_refused_call_keeps_the_services_word_for_it():
    error = CallError("no", code="AccessDeniedException", request_id="r-1")
    assert (str(error), error.code, error.request_id) == ("no", "AccessDeniedException", "r-1")


def test_a_wrong_argument_is_a_value_error_that_names_it():
    error = WrongArgument("limit", "found 0, expected at least 1")
    assert isinstance(error, ValueError)
    assert (error.argument, str(error)) == ("limit", "limit: found 0, expected at least 1")
