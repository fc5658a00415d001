"""Which differing fields of a plan are chosen."""

import pytest

from reconciler.edit.choosing import chosen_fields
from reconciler.errors import ReconcilerError
from tests.builders import a_plan, case_change, field_change, target_plan

NOTE = field_change()
SCORE = field_change("score", 1.0, 2.0)
PLAN = a_plan(
    target_plan(case_change("c1", NOTE, SCORE), case_change("c2", NOTE), name="prod"),
    target_plan(case_change("c1", SCORE), name="demo"),
)


@pytest.mark.parametrize(
    ("cases", "fields", "chosen"),
    [
        ([], [], ["prod c1 note", "prod c1 score", "prod c2 note", "demo c1 score"]),
        (["c2"], [], ["prod c2 note"]),
        ([], ["SCORE"], ["prod c1 score", "demo c1 score"]),
        (["c1"], ["Note"], ["prod c1 note"]),
        (["c1", "c2"], ["note", "score"], ["prod c1 note", "prod c1 score", "prod c2 note",
                                           "demo c1 score"]),
    ],
)  # fmt: skip
def test_cases_and_fields_narrow_what_is_chosen(cases, fields, chosen):
    found = chosen_fields(PLAN, cases, fields)
    assert [
        f"{target} {change.case_id} {entry.id}"
        for target, several in found.items()
        for change, entry in several
    ] == chosen


@pytest.mark.parametrize(
    ("plan", "cases", "fields", "said"),
    [
        (PLAN, ["c3"], [], "cases c3: the plan changes no such case"),
        (PLAN, ["c1", "c3"], [], "cases c3: the plan changes no such case"),
        (PLAN, [], ["nota"], 'did you mean "Note"'),
        (PLAN, ["c2"], ["score"], "c2: the plan changes no such field of the cases"),
        (a_plan(target_plan()), [], [], "changes nothing"),
    ],
)
def test_a_name_that_chooses_nothing_is_an_error(plan, cases, fields, said):
    with pytest.raises(ReconcilerError, match=said):
        chosen_fields(plan, cases, fields)
