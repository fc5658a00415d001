"""Differences that rules leave alone, against the real local service."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.world import World

RULES = "apiVersion: reconcile/v1\nkind: Ignore\nmetadata: {name: by-hand}\nignore:\n"
NEVER = "2999-12-31"


def rule(field="Note", until=NEVER, **more) -> str:
    lines = [f"  - field: {field}", "    reason: agents triage by hand", f"    until: {until}"]
    return "\n".join([*lines, *(f"    {key}: {value}" for key, value in more.items())]) + "\n"


def ignore(world: World, *rules: str, name="ignore.yaml"):
    return world.spec(RULES + "".join(rules or (rule(),)), name)


def day(offset: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=offset):%Y-%m-%d}"


@pytest.fixture
def cases(world):
    """Three cases that differ from their spec in two fields each."""
    ids = sorted(world.everything())[:3]
    for number, case in enumerate(ids):
        world.edit(case, Note=f"live {number}", Summary=f"live {number}")
    wanted = "fields: {Note: wanted, Summary: wanted}"
    world.spec("cases:\n" + "".join(f"  - id: {case}\n    {wanted}\n" for case in ids))
    return ids


def changed(plan) -> dict[str, list[str]]:
    (target,) = plan["targets"]
    return {one["case_id"]: [e["name"] for e in one["fields"]] for one in target["changes"]}


def left(plan) -> list[tuple[str, str, str]]:
    (target,) = plan["targets"]
    return [(one["case_id"], one["name"], one["rule"]) for one in target["ignored"]]


def test_an_ignored_field_is_in_no_plan_and_is_not_written(world, cases):
    ignore(world)
    plan = world.plan()
    assert changed(plan) == {case: ["Summary"] for case in cases}
    assert left(plan) == [(case, "Note", "by-hand") for case in cases]
    assert plan["summary"]["ignored"] == 3
    assert world.run("apply", "--yes").status == 0
    assert [world.held(case, "Note", "Summary") for case in cases] == [
        [f"live {number}", "wanted"] for number in range(3)
    ]


def test_a_case_that_differs_in_ignored_fields_alone_is_neither_changed_nor_in_sync(world, cases):
    ignore(world, rule(), rule("Summary", case=cases[0]))
    (target,) = world.plan()["targets"]
    assert (target["cases_managed"], target["cases_in_sync"]) == (3, 0)
    assert len(target["changes"]) == 2
    assert len(target["ignored"]) == 4


@pytest.mark.parametrize(
    ("scope", "in_plan", "in_drift"), [("drift", 3, 0), ("apply", 0, 3), (None, 0, 0)]
)
def test_a_scope_says_which_command_a_rule_is_for(world, cases, scope, in_plan, in_drift):
    world.run("plan")
    more = {} if scope is None else {"scope": scope}
    ignore(world, rule(**more), rule("Summary"))
    assert len(changed(world.plan())) == in_plan
    ran = world.run("drift", "--format", "json")
    assert ran.status == (2 if in_drift else 0)
    assert ran.out.count('"action"') == in_drift


def test_what_a_condition_looks_at_is_read_with_the_case(world, cases):
    world.edit(cases[1], Score=7.0)
    ignore(world, rule(when="{field: Score, equals: 7}"), rule("Summary"))
    assert list(changed(world.plan())) == [cases[0], cases[2]]
    assert list(changed(world.plan("--mode", "strict"))) == [cases[0], cases[2]]


def test_a_policy_is_held_back_by_a_rule_as_a_named_case_is(world):
    where = "{field: status, equals: open}"
    world.spec(
        "apiVersion: reconcile/v1\nkind: Policy\nmetadata: {name: p}\n"
        f"select: {{where: {where}}}\nfields: {{Note: by policy}}\n"
    )
    whole = changed(world.plan())
    first, *others = whole
    ignore(world, rule(case=first))
    assert sorted(changed(world.plan())) == sorted(others)


def test_a_rule_may_name_its_case_by_reference(world, cases):
    (reference,) = world.held(cases[2], "Reference number")
    ignore(world, rule(reference=f'"{reference}"'), rule("Summary"))
    assert list(changed(world.plan())) == cases[:2]


def test_paths_do_not_narrow_what_is_left_alone(world, cases):
    ignore(world, name="apart/ignore.yaml")
    world.run("apply", "--yes", "specs/spec.yaml")
    assert world.held(cases[0], "Note", "Summary") == ["live 0", "wanted"]


def test_a_saved_plan_with_sealed_values_still_fits_specs_whose_rules_stand_apart(world, cases):
    world.configure(extra="    sensitive: [Summary]\n")
    ignore(world, name="apart/ignore.yaml")
    world.run("plan", "--out", "plan.json", "specs/spec.yaml")
    assert world.run("apply", "plan.json").status == 0
    assert world.held(cases[0], "Note", "Summary") == ["live 0", "wanted"]


def test_the_report_counts_what_is_left_alone_and_names_it_in_full(world, cases):
    ignore(world)
    ran = world.run("plan")
    assert f"3 fields ignored by 1 rule (by-hand until {NEVER})" in ran.out
    assert "agents triage by hand" not in ran.out
    assert world.run("plan", "--full").out.count("Note: agents triage by hand") == 3


@pytest.mark.parametrize(
    ("field", "option", "problem"),
    [
        ("Notes", "open", "specs/ignore.yaml:5:12: unknown-field"),
        ("Note", "opne", "specs/ignore.yaml:8:35: unknown-option"),
    ],
)
def test_a_name_that_means_nothing_is_a_problem_with_its_place(
    world, cases, field, option, problem
):
    ignore(world, rule(field, when=f"{{field: status, equals: {option}}}"))
    ran = world.run("plan")
    assert ran.status == 1
    assert problem in ran.err
    assert "did you mean" in ran.err


@pytest.mark.parametrize(
    ("until", "status", "said"),
    [
        (30, 0, ""),
        (3, 0, "ignore-expires"),
        (-3, 0, "ignore-expires"),
        (-30, 1, "ignore-expired"),
    ],
)
def test_a_rule_warns_before_it_ends_and_a_while_after(world, cases, until, status, said):
    ignore(world, rule(until=day(until)))
    ran = world.run("validate")
    assert ran.status == status
    assert ("ignore-exp" in ran.text) == bool(said)
    place = "specs/ignore.yaml:7:12: "
    assert said == "" or place + said in (ran.out if status else ran.err)
    ran = world.run("plan")
    assert ran.status == status
    assert ("Note" not in ran.out) or status
    assert (", end" in ran.out) == (said == "ignore-expires")
    assert said == "" or place + said in ran.err


def test_differences_of_a_saved_plan_are_left_alone_from_now_on(world, cases):
    world.run("plan", "--out", "plan.json")
    some = ["--reason", "CHG-7: agents", "--until", NEVER]
    ran = world.run("ignore", "--from-plan", "plan.json", "--field", "note", *some)
    assert ran.status == 0, ran.err
    assert ran.out.count("- field:") == 3
    assert changed(world.plan()) == {case: ["Summary"] for case in cases}
    ran = world.run("ignore", "--from-plan", "plan.json", "--case", cases[1], *some)
    assert ran.out.count("- field:") == 1
    assert "1 of the fields had a rule there already" in ran.err
    assert sorted(changed(world.plan())) == [cases[0], cases[2]]
    ran = world.run("ignore", "--from-plan", "plan.json", "--all", *some)
    assert ran.status == 0
    assert changed(world.plan()) == {}
    assert world.run("validate").status == 0
