"""Who wants what of which case, and how much of it one search has shown already."""

import pytest

from reconciler.model.plan import Mode
from reconciler.model.selectors import Selectors
from reconciler.read.index import Index
from reconciler.read.managed import GatherOrder, ManagedCase, ManagedCases
from reconciler.read.planner import SEARCH_FIELDS
from reconciler.service.quotas import DEFAULT_QUOTAS
from reconciler.specs.resolve import resolve
from tests.builders import (
    FIELDS,
    a_catalog,
    a_field,
    cases_spec,
    leaf,
    live,
    policy_spec,
    spec_case,
)
from tests.fakes import FakeWorld

OPEN = leaf("status", "equals", "open")
MANY = tuple(a_field(f"f{at}") for at in range(SEARCH_FIELDS))


def an_order(world, *specs, **only):
    catalog = a_catalog(world.fields)
    resolution = resolve(specs, catalog)
    assert resolution.problems == ()
    return GatherOrder(
        catalog=catalog,
        resolution=resolution,
        mode=Mode.BALANCED,
        quotas=DEFAULT_QUOTAS,
        share=0.8,
        only=Selectors(**only),
    )


def managed_cases(*asked, **only):
    return ManagedCases(asked[0], Index(asked[0]), an_order(*asked, **only))


def cases(world, *specs, **only):
    """Who wants something of each case, and whether its search has shown it whole."""
    return {
        one.case_id: (
            [
                *(desired_field.key for desired_field in one.named),
                *(policy.name for policy in one.policies),
            ],
            one.seen is not None,
        )
        for one in managed_cases(world, *specs, **only).cases()
    }


def a_domain(**more):
    return FakeWorld.holding(
        live("c1", status="open", reference_number="100", note="x"),
        live("c2", status="closed", note="x"),
        live("c3", status="open", note="x"),
        **more,
    )


NAMED = cases_spec(spec_case("c2", note="y"), name="named")
REFERENCED = cases_spec(spec_case("100", by_reference=True, note="y"), name="referenced")
RULE = policy_spec("rule", where=OPEN, note="z")
LINKS = policy_spec("links", where=OPEN, link="https://a.example")


def test_a_named_case_is_wanted_without_any_call():
    world = a_domain()
    assert cases(world, NAMED) == {"c2": (["c2"], False)}
    assert world.calls() == []


def test_a_reference_is_wanted_by_the_id_that_one_search_finds_and_shows():
    world = a_domain()
    assert cases(world, REFERENCED) == {"c1": (["100"], True)}
    assert dict(world.count) == {"SearchCases": 1}


def test_a_case_named_by_id_and_by_reference_is_one_case_and_not_shown_whole():
    twice = cases_spec(spec_case("c1", story="x"), name="by-id")
    assert cases(a_domain(), twice, REFERENCED) == {"c1": (["c1", "100"], False)}


def test_a_policy_wants_the_cases_that_it_selects_in_the_order_of_their_ids():
    assert cases(a_domain(), RULE) == {"c1": (["rule"], True), "c3": (["rule"], True)}


def test_two_policies_that_both_show_a_case_show_it_whole_together():
    assert cases(a_domain(), RULE, LINKS) == {
        "c1": (["rule", "links"], True),
        "c3": (["rule", "links"], True),
    }


def test_what_two_searches_showed_of_a_case_is_put_together():
    world = FakeWorld.holding(live("c1", status="open", note="x", link="https://b.example"))
    [case] = managed_cases(world, RULE, LINKS).cases()
    assert {"note", "link", "status"} <= set(case.seen.values)


def test_a_policy_that_is_not_chosen_has_its_say_and_its_fields_are_read():
    assert cases(a_domain(), RULE, LINKS, policies=("rule",)) == {
        "c1": (["rule", "links"], False),
        "c3": (["rule", "links"], False),
    }


def test_what_a_policy_showed_does_not_cover_what_a_named_case_wants():
    named = cases_spec(spec_case("c3", story="y"), name="named")
    assert cases(a_domain(), named, RULE) == {"c1": (["rule"], True), "c3": (["c3", "rule"], False)}


def test_a_policy_of_more_fields_than_one_search_takes_shows_no_case_whole():
    many = policy_spec("many", where=OPEN, **{field.id: "x" for field in MANY})
    world = a_domain(fields=(*FIELDS, *MANY))
    assert cases(world, many) == {"c1": (["many"], False), "c3": (["many"], False)}
    assert "status" in world.asked[0][1]  # what decides is looked at all the same


def test_a_row_that_the_filter_let_through_is_judged_again():
    world = a_domain()
    search = world.search_cases
    world.search_cases = lambda wanted, *rest, **more: search(None, *rest, **more)
    assert sorted(cases(world, RULE)) == ["c1", "c3"]


def test_a_case_that_the_index_cannot_show_is_unreadable_and_not_wanted():
    world = a_domain()
    world.unreadable["c3"] = "an odd value"
    managed = managed_cases(world, RULE)
    assert [one.case_id for one in managed.cases()] == ["c1"]
    [gone] = managed.unreadable
    assert (gone.case, gone.reason, gone.detail) == ("c3", "unreadable-value", "an odd value")
    assert [one.field for one in gone.wanted] == ["note"]


def test_a_case_that_a_policy_cannot_see_whole_is_not_wanted_by_its_name_either():
    world = a_domain()
    world.unreadable["c3"] = "an odd value"
    named = cases_spec(spec_case("c3", story="y"), name="named")
    assert list(cases(world, named, RULE)) == ["c1"]


@pytest.mark.parametrize(
    ("only", "found"),
    [
        pytest.param({"cases": ("c2",)}, {"c2": ["c2", "rule"]}, id="a-case"),
        pytest.param(
            {"policies": ("rule",)}, {"c1": ["rule"], "c2": ["c2"], "c3": ["rule"]}, id="a-policy"
        ),
        pytest.param({"specs": ("named",)}, {"c2": ["c2", "rule"]}, id="a-spec"),
    ],
)
def test_only_what_is_chosen_is_wanted_and_every_policy_has_its_say_on_it(only, found):
    if "policies" in only:
        found.pop("c2")
    assert {key: who for key, (who, _) in cases(a_domain(), NAMED, RULE, **only).items()} == found


def test_a_case_that_is_chosen_by_id_costs_no_search():
    world = a_domain()
    cases(world, RULE, cases=("c2",))
    assert world.calls() == []


def test_a_reference_that_no_case_has_is_told_unless_cases_are_chosen_by_id():
    gone = cases_spec(spec_case("999", by_reference=True, note="y"), name="gone")
    for cases, told in (((), ["reference 999"]), (("c1",), [])):
        managed = managed_cases(a_domain(), gone, cases=cases)
        assert managed.cases() == []
        assert [one.case for one in managed.unreadable] == told


def test_what_was_asked_is_said():
    managed = managed_cases(a_domain(), REFERENCED, RULE, policy_spec("all", note="q"))
    managed.cases()
    assert managed.strategy == [
        "SearchCases for 1 reference",
        "SearchCases (filtered) for policy rule",
        "SearchCases (all cases) for policy all",
    ]


def test_the_fields_that_reports_show_come_first_and_each_once():
    asked_for = (a_domain(), policy_spec("rule", where=OPEN, title="T", note="z"))
    [policy] = an_order(*asked_for).resolution.policies
    managed = managed_cases(*asked_for)
    asked = [field.id for field in managed.fields_for((), (policy, policy))]
    assert asked == ["title", "last_updated_datetime", "note", "status"]


def test_a_case_of_which_nobody_chosen_wants_anything_is_not_wanted():
    order = an_order(a_domain(), NAMED, specs=("other",))
    assert not order.manages(ManagedCase("c2", named=order.resolution.named))
    assert not order.manages(ManagedCase("c2"))
    everything = an_order(a_domain(), NAMED)
    assert everything.manages(ManagedCase("c2", named=everything.resolution.named))
