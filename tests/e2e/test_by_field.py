"""Many different changes a few fields at a time, end to end; writes are counted exactly."""

import json

import pytest

from reconciler.apply import by_field
from tests.e2e.receipts import cases_of, journal_of, newest, read, writers

WANTED = ("Note", "Root cause", "Score")
HELD = dict.fromkeys(WANTED, "old") | {"Score": 0}


@pytest.fixture(autouse=True)
def without_rests(monkeypatch):
    """Waits are real here; what the rest between two batches is for is proven on other clocks."""
    monkeypatch.setattr(by_field, "REST", 0.0)


def values(at):
    """What a case is to hold: one of two notes, two causes and three scores."""
    return {"Note": f"n{at % 2}", "Root cause": f"c{at // 2 % 2}", "Score": 1 + at % 3}


def different(world, count=36):
    """Cases that all hold the same, and a spec that wants different values of them."""
    cases = cases_of(world, count)
    for case in cases:
        world.edit(case, **HELD)
    lines = [
        f"  - {{id: {case}, fields: {json.dumps(values(at))}}}" for at, case in enumerate(cases)
    ]
    world.spec("cases:\n" + "\n".join(lines))
    world.calls()
    return cases


BY_FIELD = ("--mode", "bulk", "--by-field")


def wrong(world, cases):
    """The cases that do not hold what their spec says, and what they hold."""
    held = {case: [world.held(case, name)[0] for name in WANTED] for case in cases}
    right = {case: [*values(at).values()] for at, case in enumerate(cases)}
    return {case: held[case] for case in cases if held[case] != right[case]}


def refuse(world, case, after=1):
    """Let the service refuse a case in every batch after the first ones."""
    rule = {"kind": "access-denied", "operation": "BatchUpdateCase", "case": case, "after": after}
    world.service.faults.set([rule])


def test_different_changes_take_few_batches(world):
    cases = different(world)
    ran = world.run("apply", "--yes", *BY_FIELD)
    assert ran.status == 0, ran.text
    assert "mode bulk by field" in ran.out
    calls = world.calls()
    assert (calls["BatchUpdateCase"], calls.get("UpdateCase", 0)) == (7, 0)
    assert wrong(world, cases) == {}
    assert world.plan()["summary"]["cases_to_change"] == 0


def test_a_saved_plan_says_that_it_goes_by_field_and_is_applied_so(world):
    different(world)
    plan = world.plan(*BY_FIELD)
    assert (plan["mode"], plan["by_field"]) == ("bulk", True)
    [target] = plan["targets"]
    assert target["estimate"]["calls"] == {"BatchUpdateCase": 7, "SearchCases": 14}
    world.run("plan", *BY_FIELD, "--out", "plan.json")
    assert "mode bulk by field" in world.run("show", "plan.json").out
    ran = world.run("apply", "plan.json")
    assert ran.status == 0, ran.text
    assert world.calls()["BatchUpdateCase"] == 7
    receipt = read(newest(world))
    assert (receipt["run"]["mode"], receipt["plan"]["by_field"]) == ("bulk", True)


def test_a_plan_of_another_way_says_nothing_of_it(world):
    different(world, 4)
    assert "by_field" not in world.plan("--mode", "bulk")


def test_a_plan_offers_it_with_calls_and_time_where_it_is_much_faster(world):
    world.configure("      BatchUpdateCase: {rate: 0.1, burst: 1}\n")
    config = world.folder / "reconcile.yaml"
    slow = config.read_text().replace("UpdateCase: {rate: 100000", "UpdateCase: {rate: 0.1", 1)
    config.write_text(slow.replace("0.1, burst: 100000", "0.1, burst: 1"))
    different(world)
    [target] = world.plan()["targets"]
    assert target["by_field_estimate"]["calls"] == {"BatchUpdateCase": 7, "SearchCases": 14}
    for report in ("text", "markdown", "html"):
        assert "--mode bulk --by-field" in world.run("plan", "--format", report).out
    assert "by_field_estimate" not in world.plan(*BY_FIELD)["targets"][0]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        pytest.param(("plan", "--by-field"), "it is a way of bulk mode", id="plan"),
        pytest.param(
            ("plan", "--mode", "strict", "--by-field"), "it is a way of bulk mode", id="strict"
        ),
        pytest.param(("apply", "--yes", "--by-field"), "it is a way of bulk mode", id="apply"),
        pytest.param(
            ("apply", "plan.json", "--by-field"),
            "plan again with it: reconcile plan --mode bulk --by-field",
            id="plan-file",
        ),
        pytest.param(
            ("apply", "--retry", "receipt.json", "--by-field"), "as it was planned", id="retry"
        ),
        pytest.param(("drift", "--by-field"), "No such option '--by-field'", id="drift"),
    ],
)
def test_where_it_would_do_nothing_it_is_refused(world, arguments, why):
    different(world, 2)
    world.run("plan", "--out", "plan.json")
    (world.folder / "receipt.json").write_text("{}")
    ran = world.run(*arguments)
    assert ran.status == 1
    assert why in ran.err


def test_a_plan_file_that_goes_by_field_in_another_mode_is_refused(world):
    different(world, 4)
    world.run("plan", *BY_FIELD, "--out", "plan.json")
    path = world.folder / "plan.json"
    path.write_text(path.read_text().replace('"mode": "bulk"', '"mode": "balanced"'))
    ran = world.run("apply", "plan.json")
    assert ran.status == 5
    assert "found the text 'balanced', expected bulk, since the plan goes by field" in ran.err


def partly(world):
    """A run in which one case was refused half way; the case."""
    cases = different(world)
    refuse(world, cases[3])
    ran = world.run(
        "apply", "--yes", *BY_FIELD,
        *(f"--report={name}={name}" for name in ("json", "markdown", "html", "junit")),
    )  # fmt: skip
    world.service.faults.set([])
    assert ran.status == 4
    assert "35 applied, 1 failed" in ran.out
    return cases, ran


def test_a_case_that_was_refused_half_way_says_what_was_written_in_every_report(world):
    cases, ran = partly(world)
    [outcome] = [one for one in journal_of(newest(world)) if one["event"] == "Failed"]
    names = {world.field_id(name): name for name in WANTED}
    written = [names[one] for one in outcome["written"]]
    assert 0 < len(written) < 3
    held = {name: world.held(cases[3], name)[0] for name in WANTED}
    assert {name for name in WANTED if held[name] != HELD[name]} == set(written)
    said = ", ".join(sorted(written, key=lambda name: world.field_id(name)))
    assert f"only a part of the case was written (written: {said})" in ran.out
    for name in ("markdown", "html", "junit"):
        text = (world.folder / name).read_text()
        assert "only a part of the case was written" in text
        assert written[0] in text
    [told] = [
        one
        for one in json.loads((world.folder / "json").read_text())["outcomes"]
        if one["event"] == "Failed"
    ]
    assert told["written"] == outcome["written"]
    [change] = [
        one
        for one in read(newest(world))["targets"][0]["changes"]
        if one["outcome"]["event"] == "Failed"
    ]
    assert change["outcome"]["written"] == outcome["written"]


def test_a_retry_writes_what_is_left_and_nothing_twice(world):
    cases, _ = partly(world)
    world.calls()
    ran = world.run("apply", "--retry", newest(world))
    assert ran.status == 0, ran.text
    assert world.calls().get("UpdateCase", 0) + world.calls().get("BatchUpdateCase", 0) <= 1
    assert wrong(world, cases) == {}
    for name in WANTED:
        assert sum(by.startswith("reconcile:") for by in writers(world, cases[3], name)) == 1


def test_a_rollback_puts_back_whole_cases_and_partly_written_ones(world):
    cases, _ = partly(world)
    ran = world.run("rollback", newest(world), "--yes")
    assert ran.status == 0, ran.text
    for case in cases:
        assert {name: world.held(case, name)[0] for name in WANTED} == HELD


def test_the_library_plans_by_field_and_tells_what_was_written(world):
    from reconciler import Failed, Project, WrongArgument

    cases = different(world)
    refuse(world, cases[3])
    with Project.load(world.folder / "reconcile.yaml") as project:
        with pytest.raises(WrongArgument, match="it is a way of bulk mode"):
            project.plan(by_field=True)
        with pytest.raises(WrongArgument, match="expected True or False"):
            project.plan(mode="bulk", by_field="yes")
        plan = project.plan(mode="bulk", by_field=True)
        with project.apply(plan) as run:
            outcomes = list(run)
    assert sorted(one.case_id for one in outcomes) == cases
    [failed] = [one for one in outcomes if not one.done]
    assert isinstance(failed, Failed)
    assert 0 < len(failed.written) < 3
