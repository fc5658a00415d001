"""Plans leave alone what rules say, and read no more than that needs."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import AuthorErrors
from reconciler.model.diagnostic import Source
from reconciler.model.ignore import IgnoreRule, Scope
from reconciler.model.plan import Git, Mode
from reconciler.model.spec import IgnoreSpec, SpecSet
from reconciler.plan.order import PlanOrder
from reconciler.plan.planning import make_plan
from reconciler.read.preparing import PlanAccess
from reconciler.service.quotas import DEFAULT_QUOTAS
from tests.builders import (
    DOMAIN,
    a_target,
    cases_spec,
    header,
    leaf,
    live,
    policy_spec,
    spec_case,
    written,
)
from tests.fakes import FakeWorld, world_of


def rule(field="note", **more) -> IgnoreRule:
    return IgnoreRule(
        field=written(field),
        reason="r",
        until=written("2026-12-31"),
        ends=datetime(2027, 1, 1, tzinfo=UTC),
        at=Source("specs/i.yaml", 5, 5),
        **more,
    )


def planned(world, *specs, rules=(), drift=False, mode=Mode.BALANCED, targets=()):
    """The plan of the one target, with these rules."""
    ignores = (IgnoreSpec(header=header("i", "specs/i.yaml", targets), rules=tuple(rules)),)
    found = SpecSet(specs=specs, digest="5" * 64, files=(), ignores=ignores if rules else ())
    access = PlanAccess(
        target=a_target("prod"),
        domain=DOMAIN,
        catalog=world,
        reader=world,
        quotas=DEFAULT_QUOTAS,
        seal_key=b"key",
    )
    order = PlanOrder(
        specs=found,
        git=Git(),
        mode=mode,
        tool_version="0.1.0",
        life=timedelta(hours=1),
        for_drift=drift,
    )
    (target,) = make_plan(order, [access], "prod", world.clock).plan.targets
    return target


def changes(target) -> dict[str, list[str]]:
    return {one.case_id: [entry.id for entry in one.fields] for one in target.changes}


def test_a_case_with_ignored_differences_alone_is_managed_and_neither_changed_nor_in_sync():
    world = FakeWorld.holding(live("c1", note="x"), live("c2", note="x"), live("c3", note="y"))
    spec = cases_spec(*(spec_case(f"c{number}", note="y") for number in (1, 2, 3)))
    target = planned(world, spec, rules=[rule(case="c1")])
    assert changes(target) == {"c2": ["note"]}
    assert (target.cases_managed, target.cases_in_sync) == (3, 1)
    assert [(one.case_id, one.id) for one in target.ignored] == [("c1", "note")]


def test_rules_of_other_targets_do_not_hold():
    world = FakeWorld.holding(live("c1", note="x"))
    target = planned(
        world, cases_spec(spec_case("c1", note="y")), rules=[rule()], targets=("demo",)
    )
    assert changes(target) == {"c1": ["note"]}


def test_a_wrong_name_in_a_rule_stops_the_plan_before_any_case_is_read():
    world = FakeWorld.holding(live("c1", note="x"))
    with pytest.raises(AuthorErrors, match="unknown-field"):
        planned(world, cases_spec(spec_case("c1", note="y")), rules=[rule("nota")])
    assert world.calls("GetCase") == world.calls("SearchCases") == []


def test_clearing_what_a_template_requires_is_no_problem_where_it_is_left_alone():
    world = FakeWorld.holding(live("c1", "tpl-2", title="t", note="x"))
    spec = cases_spec(spec_case("c1", note="null"))
    with pytest.raises(AuthorErrors, match="required-field"):
        planned(world, spec)
    assert planned(world, spec, rules=[rule()]).changes == ()


@pytest.mark.parametrize("mode", [Mode.STRICT, Mode.BALANCED, Mode.BULK])
@pytest.mark.parametrize("specs", ["named", "policy", "reference"])
def test_fields_of_conditions_are_read_however_the_case_is(mode, specs):
    held = {"title": "t", "note": "x"}
    world = FakeWorld.holding(
        live("c1", status="open", reference_number="R1", **held),
        live("c2", status="closed", reference_number="R2", **held),
    )
    spec = {
        "named": cases_spec(spec_case("c1", note="y"), spec_case("c2", note="y")),
        "policy": policy_spec(where=leaf("title", "equals", "t"), note="y"),
        "reference": cases_spec(
            spec_case("R1", by_reference=True, note="y"),
            spec_case("R2", by_reference=True, note="y"),
        ),
    }[specs]
    some = [rule(when=leaf("status", "equals", "open"))]
    assert changes(planned(world, spec, rules=some, mode=mode)) == {"c2": ["note"]}
    some = [rule(case="r2", by_reference=True)]
    assert changes(planned(world, spec, rules=some, mode=mode)) == {"c1": ["note"]}


def test_no_more_is_read_for_rules_without_a_condition_and_where_the_field_is_not():
    def asked(*rules):
        world = world_of(120, note="x", score=1.0)
        planned(
            world,
            cases_spec(*(spec_case(f"c{number:03}", score="1") for number in range(120))),
            rules=rules,
        )
        return world.asked

    plain = asked()
    assert asked(rule("score")) == plain
    assert asked(rule("note", when=leaf("status", "equals", "open"))) == plain
    assert asked(rule("score", when=leaf("status", "equals", "open"))) != plain


RULES = st.lists(
    st.builds(
        rule,
        st.sampled_from(["note", "score", "status"]),
        case=st.sampled_from(["", "c1", "c2"]),
        when=st.sampled_from([None, leaf("vip", "equals", "true"), leaf("note", "equals", "a")]),
        scope=st.sampled_from(Scope),
    ),
    max_size=4,
)
HELD = st.fixed_dictionaries(
    {"vip": st.booleans(), "note": st.sampled_from("ab"), "score": st.sampled_from([1.0, 2.0])}
)


@given(RULES, HELD, HELD, st.booleans())
def test_what_rules_leave_alone_is_what_a_plan_without_them_has_more(some, one, two, drift):
    world = FakeWorld.holding(live("c1", **one), live("c2", **two))
    spec = cases_spec(*(spec_case(key, note="b", score="2") for key in ("c1", "c2")))
    plain = {
        (case, entry) for case, fields in changes(planned(world, spec)).items() for entry in fields
    }
    target = planned(world, spec, rules=some, drift=drift)
    kept = {(case, entry) for case, fields in changes(target).items() for entry in fields}
    left = {(entry.case_id, entry.id) for entry in target.ignored}
    assert kept | left == plain
    assert not kept & left
    holding = [each for each in some if each.holds_for(drift=drift)]
    assert {entry for _, entry in left} <= {each.field.text for each in holding}
    unconditional = {each.field.text for each in holding if not each.case and each.when is None}
    assert not unconditional & {entry for _, entry in kept}
    assert target.cases_managed == 2


def test_what_is_left_alone_is_not_read_again_to_confirm_it():
    world = world_of(300, note="x", score=1.0)
    cases = [f"c{number:03}" for number in range(300)]
    spec = cases_spec(
        *(spec_case(case, note="y") for case in cases[:298]),
        *(spec_case(case, score="2") for case in cases[298:]),
    )
    target = planned(world, spec, rules=[rule()])
    assert world.count["GetCase"] == 2
    assert (len(target.changes), target.unconfirmed, len(target.ignored)) == (2, 0, 298)
    assert [one.case_id for one in target.ignored] == cases[:298]
