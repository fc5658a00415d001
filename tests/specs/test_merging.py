"""Who wins when several specs want something of one case."""

from reconciler.model.diagnostic import Source
from reconciler.model.filter import Selection
from reconciler.specs.merging import merge
from reconciler.specs.resolve import ResolvedCase, ResolvedPolicy
from tests.builders import AT, desired_field

ELSEWHERE = Source("specs/b.yaml", 12, 3)


def named(*fields):
    return ResolvedCase("c1", False, tuple(fields), AT)


def policy(name, *fields):
    return ResolvedPolicy(name, ELSEWHERE, Selection(), tuple(fields), None)


def test_a_lone_named_wish_is_taken_as_it_is():
    assert merge([named(desired_field("a", "1"))], []) == ((desired_field("a", "1"),), ())


def test_wishes_for_different_fields_are_united_by_field_id():
    fields, problems = merge(
        [named(desired_field("b", "1"))], [policy("p", desired_field("a", "2"))]
    )
    assert [entry.field for entry in fields] == ["a", "b"]
    assert problems == ()


def test_what_a_policy_wants_says_which_policy():
    fields, _ = merge([], [policy("p", desired_field("a", "1"))])
    assert [entry.policy for entry in fields] == ["p"]


def test_a_named_case_beats_a_policy_and_says_which():
    fields, problems = merge(
        [named(desired_field("a", "1"))], [policy("outage", desired_field("a", "2", at=ELSEWHERE))]
    )
    assert problems == ()
    [entry] = fields
    assert (entry.value, entry.policy) == ("1", "")
    assert entry.overrides == "policy outage (specs/b.yaml:12)"


def test_a_policy_that_wants_the_same_is_not_overridden():
    fields, _ = merge([named(desired_field("a", "1"))], [policy("p", desired_field("a", "1"))])
    assert fields[0].overrides == ""


def test_two_policies_that_want_the_same_are_fine():
    fields, problems = merge(
        [], [policy("p", desired_field("a", "1")), policy("q", desired_field("a", "1"))]
    )
    assert [(entry.value, entry.policy) for entry in fields] == [("1", "p")]
    assert problems == ()


def test_two_policies_that_want_different_values_are_a_problem_at_both_places():
    _, problems = merge(
        [],
        [policy("p", desired_field("a", "1")), policy("q", desired_field("a", "2", at=ELSEWHERE))],
    )
    [problem] = problems
    assert problem.code == "conflicting-values"
    assert problem.at == ELSEWHERE
    assert "specs/a.yaml:7" in problem.message


def test_two_names_of_one_case_that_want_different_values_are_a_problem():
    _, problems = merge(
        [named(desired_field("a", "1")), named(desired_field("a", "2", at=ELSEWHERE))], []
    )
    assert [problem.code for problem in problems] == ["conflicting-values"]


def test_the_same_value_under_another_condition_is_a_conflict():
    _, problems = merge(
        [named(desired_field("a", "1")), named(desired_field("a", "1", (None,), ELSEWHERE))], []
    )
    assert len(problems) == 1


def test_policies_may_differ_where_a_named_case_decides():
    fields, problems = merge(
        [named(desired_field("a", "1"))],
        [policy("p", desired_field("a", "2")), policy("q", desired_field("a", "3"))],
    )
    assert problems == ()
    assert [entry.value for entry in fields] == ["1"]
