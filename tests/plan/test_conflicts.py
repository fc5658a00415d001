"""Which cases apply leaves alone, and what it says of them."""

import pytest

from reconciler.config.model import Limits
from reconciler.model.event import FieldConflict
from reconciler.model.plan import ChangeClass, LastChange
from reconciler.plan.conflicts import (
    conflicts_in,
    in_conflict,
    left_alone,
    most_conflicts,
    outcome_of,
    without,
)
from reconciler.plan.guard import Allowances
from tests.builders import case_change, field_change, target_plan


def entry(kind=ChangeClass.CONFLICT, id="note", **more):
    return field_change(id, change_class=kind, **more)


OTHERS = [kind for kind in ChangeClass if kind is not ChangeClass.CONFLICT]
QUIET = case_change("c0", *(entry(kind) for kind in OTHERS))
ONE = case_change("c1", entry(), entry(ChangeClass.DRIFT, "story"))
TWO = case_change("c2", entry(), entry(id="story"))
TARGET = target_plan(QUIET, ONE, TWO)


@pytest.mark.parametrize(
    ("limit", "allowed", "most"),
    [(0, None, 0), (3, None, 3), (3, 5, 5), (3, 0, 0)],
)
def test_the_command_lines_number_counts_before_the_configs(limit, allowed, most):
    assert most_conflicts(Limits(conflicts=limit), Allowances(conflicts=allowed)) == most


def test_one_field_in_conflict_makes_a_case_one():
    assert [in_conflict(one) for one in TARGET.changes] == [False, True, True]


def test_values_are_counted_and_not_cases():
    assert conflicts_in(TARGET) == 3


@pytest.mark.parametrize(
    ("most", "alone"),
    [(0, {"c1", "c2"}), (2, {"c1", "c2"}), (3, set()), (9, set())],
)
def test_up_to_the_number_all_are_written_and_beyond_it_none(most, alone):
    assert left_alone(TARGET, most) == alone


def test_the_others_stay_in_their_order():
    assert without(TARGET, left_alone(TARGET, 0)).changes == (QUIET,)
    assert without(TARGET, frozenset()) == TARGET


def last(at, by, principal="role"):
    return LastChange(by=by, principal=principal, at=at, before="a", after="b")


@pytest.mark.parametrize(
    ("lasts", "by", "at"),
    [
        pytest.param([None, None], "", "", id="nobody-known"),
        pytest.param([last("2026-01-01T00:00:00Z", "jane"), None], "jane", "2026-01-01", id="one"),
        pytest.param(
            [last("2026-01-02T00:00:00Z", "joe"), last("2026-01-01T00:00:00Z", "jane")],
            "joe",
            "2026-01-02",
            id="the-newest",
        ),
        pytest.param(
            [last("2026-01-01T00:00:00Z", ""), None], "role", "2026-01-01", id="principal"
        ),
    ],
)
def test_the_outcome_says_who_changed_it_last_and_when(lasts, by, at):
    fields = [
        entry(id=id, last_change=one) for id, one in zip(("note", "story"), lasts, strict=True)
    ]
    theirs = entry(ChangeClass.DRIFT, "link", last_change=last("2026-12-01T00:00:00Z", "x"))
    outcome = outcome_of("prod", case_change("c1", *fields, theirs))
    assert (outcome.changed_by, outcome.changed_at[:10]) == (by, at)
    assert (outcome.target, outcome.case_id, outcome.planned) == ("prod", "c1", True)


def test_the_outcome_shows_what_is_in_conflict_and_what_the_case_holds():
    assert outcome_of("prod", ONE).fields == (FieldConflict("note", "Note", "old", "new", "old"),)
