"""How two plans differ, in words."""

import pytest

from reconciler.model.plan import Sealed
from reconciler.plan.compare import differences
from tests.builders import a_plan, case_change, field_change, target_plan

PLAN = a_plan(case_change("c1", field_change("note", "old", "new")))


@pytest.mark.parametrize(
    ("now", "lines"),
    [
        pytest.param(PLAN, [], id="the-same"),
        pytest.param(
            a_plan(case_change("c1", field_change("note", "old", "newer"))),
            ["changed: prod case c1, Note: 'old' -> 'new'; now 'old' -> 'newer'"],
            id="another-value",
        ),
        pytest.param(
            a_plan(case_change("c1", field_change("note", "older", "new"))),
            ["changed: prod case c1, Note: 'old' -> 'new'; now 'older' -> 'new'"],
            id="another-live-value",
        ),
        pytest.param(
            a_plan(case_change("c1"), case_change("c2", field_change("score", None, 5.0))),
            ["only now: prod case c2: Score None -> 5"],
            id="a-case-more",
        ),
        pytest.param(a_plan(), ["no longer: prod case c1: Note 'old' -> 'new'"], id="a-case-less"),
        pytest.param(
            a_plan(case_change("c1", field_change(), field_change("vip", None, True))),
            ["only now: prod case c1, VIP: None -> True"],
            id="a-field-more",
        ),
        pytest.param(
            a_plan(case_change("c1", field_change("vip", None, True))),
            [
                "no longer: prod case c1, Note: 'old' -> 'new'",
                "only now: prod case c1, VIP: None -> True",
            ],
            id="another-field",
        ),
        pytest.param(
            a_plan(target_plan(case_change("c1"), name="test")),
            [
                "no longer: prod case c1: Note 'old' -> 'new'",
                "only now: test case c1: Note 'old' -> 'new'",
            ],
            id="another-target",
        ),
    ],
)
def test_each_difference_is_one_line(now, lines):
    if now.targets == ():
        now = a_plan(target_plan())
    assert differences(PLAN, now) == lines


def test_sensitive_values_stay_sealed():
    one = a_plan(case_change("c1", field_change("note", None, Sealed("ab" * 32))))
    two = a_plan(case_change("c1", field_change("note", None, Sealed("cd" * 32))))
    assert differences(one, two) == [
        "changed: prod case c1, Note: None -> '(sensitive #abab)'; now None -> '(sensitive #cdcd)'"
    ]


def test_two_fields_of_one_name_are_both_compared():
    def plan(second):
        fields = (
            field_change("f1", "a", second, name="Same"),
            field_change("f2", "c", "b", name="Same"),
        )
        return a_plan(case_change("c1", *fields))

    assert differences(plan("d"), plan("d")) == []
    assert len(differences(plan("d"), plan("e"))) == 1


def test_texts_of_strangers_are_made_visible():
    now = a_plan(case_change("c\x1b[31m", field_change("note", "old", "\u202enew\n", name="N\x1b")))
    assert all(line.isprintable() for line in differences(PLAN, now))
