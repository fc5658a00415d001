"""A target is made ready with no more calls than its specs need, and fails alone."""

import pytest

from reconciler.errors import (
    AuthorErrors,
    Exit,
    Interrupted,
    NotFound,
    ReconcilerError,
    Stopped,
    Unauthenticated,
)
from reconciler.model.diagnostic import Problem
from reconciler.model.plan import Sealed
from reconciler.read.preparing import (
    PlanAccess,
    Unreached,
    in_words,
    prepare,
    raise_any,
    reached,
    read_vault,
    sensitive_ids,
    specs_for,
    tried,
    unplanned,
)
from reconciler.service.quotas import DEFAULT_QUOTAS
from tests.builders import (
    AT,
    DOMAIN,
    FIELDS,
    a_catalog,
    a_field,
    a_target,
    cases_spec,
    leaf,
    policy_spec,
    spec_case,
    spec_set,
)
from tests.fakes import FakeWorld


def access(world=None, name="prod", **target):
    world = world or FakeWorld()
    return PlanAccess(
        target=a_target(name, **target),
        domain=DOMAIN,
        catalog=world,
        reader=world,
        quotas=DEFAULT_QUOTAS,
        seal_key=b"key",
    )


def prepared(*specs, world=None, **target):
    return prepare(spec_set(*specs), access(world, **target), default="prod")


# -- only what is needed -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "asked"),
    [
        pytest.param(cases_spec(spec_case("c1", note="x")), {}, id="no-select"),
        pytest.param(
            cases_spec(spec_case("c1", priority="p1")), {"ListFieldOptions": 1}, id="a-value"
        ),
        pytest.param(
            policy_spec(where=leaf("status", "equals", "open"), note="x"),
            {"ListFieldOptions": 1},
            id="a-condition",
        ),
        pytest.param(
            policy_spec(template="Outage", note="x"), {"ListTemplates": 1}, id="a-template"
        ),
    ],
)
def test_options_and_templates_are_read_only_where_a_spec_names_them(spec, asked):
    world = FakeWorld()
    assert prepared(spec, world=world).resolution.problems == ()
    assert dict(world.count) == {"ListFields": 1, **asked}


def test_specs_of_other_targets_are_left_out():
    here = cases_spec(spec_case("c1", note="x"), name="here", targets=("prod",))
    there = cases_spec(spec_case("c2", note="x"), name="there", targets=("test",))
    either = cases_spec(spec_case("c3", note="x"), name="either")
    specs = spec_set(here, there, either)
    assert specs_for(specs, "prod", "prod") == (here, either)
    assert specs_for(specs, "test", "prod") == (there,)
    assert [
        desired_field.key for desired_field in prepared(here, there, either).resolution.named
    ] == ["c1", "c3"]


def test_a_name_that_means_nothing_is_a_problem_and_no_exception():
    [problem] = prepared(cases_spec(spec_case("c1", nope="x"))).resolution.problems
    assert problem.code == "unknown-field"


# -- sensitive fields ----------------------------------------------------------------------


def test_sensitive_fields_are_named_by_id_or_by_what_people_call_them():
    assert sensitive_ids(["note", "VIP"], a_catalog(), "prod") == {"note", "vip"}


@pytest.mark.parametrize("name", ["nope", "Twin"])
def test_a_sensitive_name_that_means_no_one_field_stops_the_run(name):
    catalog = a_catalog((*FIELDS, a_field("t1", name="Twin"), a_field("t2", name="Twin")))
    with pytest.raises(ReconcilerError, match=f"target prod: sensitive: .*{name}"):
        sensitive_ids(["note", name], catalog, "prod")


def test_the_vault_holds_the_sensitive_wishes_of_cases_and_policies_alone():
    specs = spec_set(
        cases_spec(spec_case("c1", note="secret", story="open")), policy_spec(note="hidden")
    )
    target = access(sensitive=frozenset({"note"}))
    vault = read_vault(specs, [target], "prod")
    assert sorted(vault.values()) == ["hidden", "secret"]
    sealer = prepare(specs, target, default="prod").sealer
    assert vault[sealer.show("note", "secret").digest] == "secret"
    assert isinstance(sealer.show("note", "x"), Sealed)
    assert sealer.show("story", "x") == "x"


def test_no_vault_is_made_of_specs_with_problems():
    with pytest.raises(AuthorErrors):
        read_vault(spec_set(cases_spec(spec_case("c1", nope="x"))), [access()], "prod")


def test_all_problems_are_raised_together_and_none_raises_nothing():
    raise_any(())
    with pytest.raises(AuthorErrors) as raised:
        raise_any(Problem(AT, code, "x") for code in ("a", "b"))
    assert len(raised.value.problems) == 2


# -- a target that fails -------------------------------------------------------------------

FAILS = [
    NotFound("no such domain", code="ResourceNotFoundException"),
    Unauthenticated("no", code="ExpiredToken", reason="expired"),
    ReconcilerError("target prod: no region"),
]
ENDS = [
    AuthorErrors([Problem(AT, "x", "y")]),
    Interrupted(Exit.SIGINT, "interrupted"),
    Stopped("asked to end"),
    KeyError("a mistake of ours"),
]


def failing(error):
    def step(_):
        raise error

    return step


@pytest.mark.parametrize("error", FAILS, ids=lambda one: type(one).__name__)
def test_what_fails_for_one_target_fails_that_target_alone(error):
    target = a_target()
    assert reached(target, failing(error)) == Unreached(target, error)
    assert tried(failing(error), access()).error is error
    assert tried(failing(error), prepared()).target == target


@pytest.mark.parametrize("error", ENDS, ids=lambda one: type(one).__name__)
def test_what_ends_the_run_is_no_failure_of_one_target(error):
    with pytest.raises(type(error)):
        reached(a_target(), failing(error))
    with pytest.raises(type(error)):
        tried(failing(error), access())


def test_a_target_that_failed_takes_no_further_step():
    failed = Unreached(a_target(), FAILS[0])
    assert tried(failing(KeyError()), failed) is failed
    assert tried(lambda one: one.target.name, access()) == "prod"


def test_a_failure_names_its_target_once():
    assert Unreached(a_target(), FAILS[0]).words == "target prod: no such domain"
    assert Unreached(a_target(), FAILS[2]).words == "target prod: no region"


def test_the_failures_of_all_targets_are_one_error_of_a_line_each():
    failed = [Unreached(a_target(), ReconcilerError("a", "b")), Unreached(a_target(), FAILS[2])]
    assert in_words(failed).lines == ("target prod: a", "b", "target prod: no region")


def test_a_plan_of_others_keeps_the_place_of_a_target_that_failed():
    failed = Unreached(a_target(account="1", region="r"), ReconcilerError("a", "b"))
    plan = unplanned(failed, "2026-12-01T09:00:00Z")
    assert (plan.name, plan.account, plan.region) == ("prod", "1", "r")
    assert (plan.error, plan.changes, plan.cases_managed) == ("target prod: a; b", (), 0)
