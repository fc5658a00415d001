"""From specs to a whole plan, and nothing that could write anywhere near it."""

from dataclasses import fields as members_of
from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.config.model import Limits
from reconciler.errors import AuthorErrors, ReconcilerError
from reconciler.model.plan import Git, Mode, Sealed
from reconciler.plan.file.data import changes_digest, from_data, to_data
from reconciler.plan.guard import Allowances, flag_of
from reconciler.plan.order import PlanOrder
from reconciler.plan.planning import make_plan
from reconciler.read.preparing import PlanAccess, read_vault, sensitive_ids, specs_for
from reconciler.service.ports import DomainFacts
from reconciler.service.quotas import DEFAULT_QUOTAS
from tests.builders import (
    DOMAIN,
    a_catalog,
    a_target,
    cases_spec,
    leaf,
    live,
    policy_spec,
    spec_case,
    spec_set,
)
from tests.fakes import FakeWorld, world_of

OPEN = leaf("status", "equals", "open")


def access(world, name="prod", domain=DOMAIN, **target):
    return PlanAccess(
        target=a_target(name, **target),
        domain=domain,
        catalog=world,
        reader=world,
        quotas=DEFAULT_QUOTAS,
        seal_key=b"key",
    )


def an_order(*specs, **more):
    given = {
        "specs": spec_set(*specs),
        "git": Git("c0ffee", "main", False),
        "mode": Mode.BALANCED,
        "tool_version": "0.1.0",
        "life": timedelta(hours=24),
    }
    return PlanOrder(**{**given, **more})


def planned(world, *specs, order=None, **target):
    return make_plan(
        an_order(*specs, **(order or {})), [access(world, **target)], "prod", world.clock
    )


def problems(world, *specs, **more):
    with pytest.raises(AuthorErrors) as raised:
        planned(world, *specs, **more)
    return raised.value.problems


def test_a_plan_says_what_when_where_and_from_what():
    world = FakeWorld.holding(live("c1", title="Lost parcel", note="x"), live("c2", note="y"))
    spec = cases_spec(spec_case("c1", note="y"), spec_case("c2", note="y"))
    plan = planned(world, spec).plan
    assert (plan.created_at, plan.expires_at) == ("2026-12-01T09:00:00Z", "2026-12-02T09:00:00Z")
    assert (plan.git.commit, plan.spec_digest, plan.spec_files) == (
        "c0ffee",
        "5" * 64,
        ("specs/a.yaml",),
    )
    [target] = plan.targets
    assert (target.name, target.account, target.region) == ("prod", DOMAIN.account, DOMAIN.region)
    assert (target.cases_managed, target.cases_in_sync) == (2, 1)
    [change] = target.changes
    assert (change.case_id, change.title) == ("c1", "Lost parcel")
    [field] = change.fields
    assert (field.name, field.before, field.after) == ("Note", "x", "y")
    assert str(field.source) == "specs/a.yaml:7:5"
    assert target.estimate.calls == {"GetCase": 2, "UpdateCase": 1}


def test_each_change_names_the_spec_that_wants_it():
    world = FakeWorld.holding(live("c1", note="x", status="open", vip=False), live("c2", note="x"))
    named = [
        cases_spec(spec_case("c1", note="y"), name="one"),
        cases_spec(spec_case("c1", vip="true"), spec_case("c2", note="y"), name="two"),
    ]
    plan = planned(world, *named, policy_spec("rule", where=OPEN, note="z", score="1")).plan
    assert [
        (change.case_id, entry.id, entry.spec, entry.policy, entry.overrides)
        for change in plan.targets[0].changes
        for entry in change.fields
    ] == [
        ("c1", "note", "one", "", "policy rule (specs/p.yaml:7)"),
        ("c1", "score", "rule", "rule", ""),
        ("c1", "vip", "two", "", ""),
        ("c2", "note", "two", "", ""),
    ]


def test_planning_is_given_nothing_that_can_write():
    assert {member.name for member in members_of(PlanAccess)}.isdisjoint({"writer", "client"})
    world = FakeWorld.holding(live("c1", note="x"))
    planned(world, cases_spec(spec_case("c1", note="y")))
    assert world.writes == []
    assert set(world.count) <= {"ListFields", "GetCase"}


def test_a_plan_says_how_it_was_read():
    world = world_of(3, status="open", note="x")
    [target] = planned(world, policy_spec(where=OPEN, note="y")).plan.targets
    assert target.read_by == (
        "SearchCases (filtered) for policy rule; GetCase to confirm 3 differences"
    )


def test_a_plan_of_nothing_is_blocked_unless_that_is_allowed():
    [target] = planned(FakeWorld()).plan.targets
    [blocker] = target.blocked_by
    assert (blocker.guard, flag_of(blocker)) == ("no-specs", "--allow-empty")
    assert not planned(FakeWorld(), order={"allowed": Allowances(empty=True)}).plan.blocked


def test_specs_about_other_targets_are_not_nothing():
    spec = cases_spec(spec_case("c1", note="y"), targets=("test",))
    plan = planned(FakeWorld(), spec).plan
    assert (plan.blocked, plan.changed_cases) == (False, 0)


def test_the_catalog_is_read_once_and_only_what_is_used():
    world = FakeWorld.holding(live("c1", priority="p3"))
    planned(world, cases_spec(spec_case("c1", priority="High")))
    assert world.count == {"ListFields": 1, "ListFieldOptions": 1, "GetCase": 1}


def test_templates_are_listed_only_for_policies_that_name_one():
    world = FakeWorld.holding(live("c1", note="x"))
    planned(world, policy_spec(where=OPEN, note="y"))
    assert world.count["ListTemplates"] == 0
    planned(world, policy_spec(template="Outage", note="y"))
    assert world.count["ListTemplates"] == 1


# -- author mistakes -----------------------------------------------------------------------


def test_mistakes_stop_the_run_before_any_case_is_read():
    world = world_of(2, note="x")
    found = problems(world, cases_spec(spec_case("c000", bad="y"), spec_case("c001", score="z")))
    assert [problem.code for problem in found] == ["not-a-number", "unknown-field"]
    assert set(world.count) == {"ListFields"}


def test_mistakes_of_every_target_are_told_together():
    one, two = FakeWorld(), FakeWorld(fields=FakeWorld().fields[:3])
    spec = cases_spec(spec_case("c1", note="y", bad="z"), targets=("prod", "test"))
    accesses = [access(one), access(two, "test", replace(DOMAIN, id="d2"))]
    with pytest.raises(AuthorErrors) as raised:
        make_plan(an_order(spec), accesses, None, one.clock)
    assert len(raised.value.problems) == 3
    assert "GetCase" not in {**one.count, **two.count}


def test_policies_that_contradict_each_other_on_a_case_stop_the_run():
    world = FakeWorld.holding(live("c1", status="open", note="x"))
    specs = (
        policy_spec("a", where=OPEN, note="1"),
        policy_spec("b", where=OPEN, note="2", file="specs/q.yaml"),
    )
    assert [problem.code for problem in problems(world, *specs)] == ["conflicting-values"]


def test_a_required_field_cannot_be_cleared():
    world = FakeWorld.holding(live("c1", "tpl-2", note="x"))
    [problem] = problems(world, cases_spec(spec_case("c1", note="null")))
    assert problem.code == "required-field"
    assert '"Billing"' in problem.message
    assert str(problem.at) == "specs/a.yaml:7:5"


def test_what_one_template_requires_another_lets_go():
    world = FakeWorld.holding(live("c1", "tpl-1", note="x"))
    assert planned(world, cases_spec(spec_case("c1", note="null"))).plan.changed_cases == 1


def test_templates_are_asked_only_when_something_is_cleared_and_once_each():
    world = replace(world_of(3, note="x"))
    planned(world, cases_spec(*(spec_case(key, note="y") for key in world.cases)))
    assert world.count["GetTemplate"] == 0
    planned(world, cases_spec(*(spec_case(key, note="null") for key in world.cases)))
    assert world.count["GetTemplate"] == 1


def test_clearing_what_is_empty_already_is_no_change():
    world = FakeWorld.holding(live("c1", "tpl-2"))
    assert planned(world, cases_spec(spec_case("c1", note="null"))).plan.changed_cases == 0


# -- unreadable cases and guards --------------------------------------------------------------


def test_unreadable_cases_are_listed_and_never_changed():
    world = world_of(2, note="x")
    spec = cases_spec(*(spec_case(key, note="y") for key in [*world.cases, "gone"]))
    plan = planned(world, spec).plan
    assert [entry.case for entry in plan.targets[0].unreadable] == ["gone"]
    assert "gone" not in [change.case_id for change in plan.targets[0].changes]
    assert (plan.unreadable_cases, plan.targets[0].cases_managed) == (1, 3)


def test_a_guard_blocks_and_the_plan_is_whole_all_the_same():
    world = world_of(3, note="x")
    spec = cases_spec(*(spec_case(key, note="y") for key in world.cases))
    plan = planned(world, spec, limits=Limits(cases=2)).plan
    assert [flag_of(blocker) for blocker in plan.targets[0].blocked_by] == ["--allow-cases 3"]
    assert plan.changed_cases == 3
    allowed = {"allowed": Allowances(cases=3)}
    assert not planned(world, spec, order=allowed, limits=Limits(cases=2)).plan.blocked


def test_a_policys_own_limit_goes_with_the_plan():
    world = world_of(3, status="open", note="x")
    plan = planned(world, policy_spec(where=OPEN, note="y", case_limit=2)).plan
    assert plan.targets[0].policy_limits == {"rule": 2}
    assert [blocker.guard for blocker in plan.targets[0].blocked_by] == ["policy-cases"]


def test_changes_that_were_not_confirmed_are_counted():
    world = replace(world_of(205, status="open", note="x"), page_size=1_000)
    plan = planned(world, policy_spec(where=OPEN, note="y"), limits=Limits(cases=500)).plan
    assert plan.targets[0].unconfirmed == 5


# -- targets -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("targets", "default", "about"),
    [
        pytest.param(("prod",), None, True, id="named"),
        pytest.param(("test", "prod"), None, True, id="one-of-several"),
        pytest.param(("test",), "prod", False, id="another-beats-the-default"),
        pytest.param((), "prod", True, id="the-default"),
        pytest.param((), "test", False, id="another-default"),
        pytest.param((), None, False, id="no-default"),
    ],
)
def test_which_specs_are_about_a_target(targets, default, about):
    spec = cases_spec(targets=targets)
    assert bool(specs_for(spec_set(spec), "prod", default)) is about


def test_each_target_has_its_own_part():
    one, two = FakeWorld.holding(live("c1", note="x")), FakeWorld.holding(live("c1", note="y"))
    spec = cases_spec(spec_case("c1", note="y"), targets=("prod", "test"))
    other = DomainFacts("d2", "training", "1", "r")
    plan = make_plan(
        an_order(spec), [access(one), access(two, "test", other)], None, one.clock
    ).plan
    assert [(part.name, part.domain_id, len(part.changes)) for part in plan.targets] == [
        ("prod", DOMAIN.id, 1),
        ("test", "d2", 0),
    ]


# -- sensitive values ----------------------------------------------------------------------


def test_sensitive_values_are_sealed_in_the_plan_and_kept_in_the_vault():
    world = FakeWorld.holding(live("c1", note="4111"))
    found = planned(world, cases_spec(spec_case("c1", note="4222")), sensitive=frozenset({"NOTE"}))
    [field] = found.plan.targets[0].changes[0].fields
    assert isinstance(field.after, Sealed)
    assert found.vault == {field.after.digest: "4222"}
    text = str(to_data(found.plan))
    assert "4111" not in text
    assert "4222" not in text


def test_the_specs_alone_open_the_seals_again():
    world = FakeWorld.holding(live("c1", note="4111"))
    spec = cases_spec(spec_case("c1", note="4222"))
    opened = planned(world, spec, sensitive=frozenset({"note"}))
    calls = world.count["GetCase"]
    again = read_vault(spec_set(spec), [access(world, sensitive=frozenset({"note"}))], "prod")
    assert again == opened.vault
    assert world.count["GetCase"] == calls


def test_the_vault_holds_what_policies_set_too():
    world = FakeWorld.holding(live("c1", status="open"))
    found = planned(world, policy_spec(where=OPEN, note="x"), sensitive=frozenset({"note"}))
    assert list(found.vault.values()) == ["x"]


@pytest.mark.parametrize("name", ["note", "Note", "nOTE"])
def test_a_sensitive_field_is_named_by_id_or_name(name):
    assert sensitive_ids([name], a_catalog(), "prod") == {"note"}


def test_a_sensitive_name_that_means_nothing_stops_the_run():
    with pytest.raises(ReconcilerError, match=r'target prod: sensitive: .*"nots".*"Note"'):
        sensitive_ids(["nots"], a_catalog(), "prod")


# -- the same input, the same plan ---------------------------------------------------------


def test_planning_twice_makes_the_same_plan():
    world = world_of(40, status="open", note="x", vip=False)
    specs = policy_spec(where=OPEN, note="y"), cases_spec(spec_case("c003", vip="true"))
    one, two = planned(world, *specs).plan, planned(world, *specs).plan
    assert to_data(one) == to_data(two)
    assert from_data(to_data(one)) == one


def test_the_same_changes_later_and_elsewhere_have_the_same_digest():
    world = FakeWorld.holding(live("c1", note="x"))
    spec = cases_spec(spec_case("c1", note="y"))
    one = planned(world, spec).plan
    world.clock.seconds += 3_600
    two = planned(world, spec, order={"git": Git("beef", "x", True)}).plan
    assert one.created_at != two.created_at
    assert changes_digest(one) == changes_digest(two)
