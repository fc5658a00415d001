"""What a plan promises by its shape alone."""

import pytest

from reconciler.model.guards import Guard
from reconciler.model.plan import Blocker, Sealed, UnreadableCase
from tests.builders import AT, a_plan, case_change, field_change, target_plan


def test_a_change_must_change_something():
    with pytest.raises(ValueError, match="must change something"):
        field_change(before="same", after="same")


def test_a_seal_shows_four_characters_and_never_the_value():
    assert str(Sealed("3f9a" + "0" * 60)) == "(sensitive #3f9a)"


@pytest.mark.parametrize(
    ("before", "after", "sensitive", "clears"),
    [
        pytest.param("a", "b", False, False, id="open"),
        pytest.param("a", None, False, True, id="clear"),
        pytest.param(Sealed("1"), Sealed("2"), True, False, id="sealed"),
        pytest.param(None, Sealed("2"), True, False, id="sealed-from-empty"),
        pytest.param(Sealed("1"), None, True, True, id="sealed-cleared"),
    ],
)
def test_a_change_says_whether_it_clears_and_whether_it_is_sensitive(
    before, after, sensitive, clears
):
    change = field_change(before=before, after=after)
    assert (change.sensitive, change.clears) == (sensitive, clears)


def test_totals_are_over_all_targets():
    unreadable = (UnreadableCase("x", "not-found", "", AT),)
    blocker = (Blocker(Guard.CASES, "prod", 2, 1, "too many"),)
    plan = a_plan(
        target_plan(case_change("a"), case_change("b", field_change(), field_change("due"))),
        target_plan(case_change("c"), name="test", unreadable=unreadable, blocked_by=blocker),
    )
    assert (plan.changed_cases, plan.changed_fields, plan.unreadable_cases) == (3, 4, 1)
    assert plan.blocked
