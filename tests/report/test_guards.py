"""Beside each guard stands how much of it is used."""

from reconciler.config.model import Limits
from reconciler.report.guards import guard_counts
from tests.builders import case_change, field_change, target_plan


def counts(target, **limits):
    return {what: (found, most) for what, found, most in guard_counts(target, Limits(**limits))}


CLEARED = case_change("c1", field_change("note", "x", None), field_change("story"))


def test_cases_and_clears_are_always_counted():
    assert counts(target_plan(CLEARED, case_change("c2")), cases=1_000, clears=3) == {
        "cases": ("2", "1,000"),
        "clears": ("1", "3"),
    }


def test_nothing_to_change_counts_as_none():
    assert counts(target_plan())["cases"] == ("0", "100")


def test_the_share_of_cases_counts_from_ten_on_where_it_is_limited():
    assert "percent" not in counts(target_plan(CLEARED, managed=9), percent=50.0)
    assert "percent" not in counts(target_plan(CLEARED, managed=10))
    assert counts(target_plan(CLEARED, managed=10), percent=12.5)["percent"] == ("10.0", "12.5")
    assert counts(target_plan(CLEARED, managed=30), percent=12.5)["percent"] == ("3.3", "12.5")


def test_a_field_is_limited_by_its_id_or_its_name_in_any_case():
    other = case_change("c2", field_change(), field_change("f1", name="Other"))
    found = counts(target_plan(CLEARED, other), fields={"NOTE": 5, "F1": 1, "other": 1, "q": 2})
    assert list(found)[2:] == ["F1", "NOTE", "other", "q"]
    assert [found[one][0] for one in ("NOTE", "F1", "other", "q")] == ["2", "1", "1", "0"]
    assert found["NOTE"] == ("2", "5")


def test_policies_with_limits_of_their_own_are_counted_apart_and_together():
    def of(case_id, policy):
        return case_change(case_id, field_change(policy=policy))

    target = target_plan(
        of("c1", "a"), of("c2", "a"), of("c3", "b"), case_change("c4"),
        policy_limits={"a": 500, "b": 5_000},
    )  # fmt: skip
    found = counts(target, policy_cases=1_000)
    assert found["cases"] == ("1", "100")
    assert (found["policy a"], found["policy b"]) == (("2", "500"), ("1", "1,000"))
    assert found["all policies"] == ("3", "1,000")
    alone = target_plan(of("c1", "a"), policy_limits={"a": 500})
    assert "all policies" not in counts(alone)
