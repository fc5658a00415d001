"""Rollback: what an apply wrote is rolled back, and what anybody else wrote last is not."""

import json
import random

import pytest

from tests.e2e.receipts import cases_of, newest, read, receipts, writers


def change(world, cases, value="bad idea", name="spec.yaml", flags=()):
    """Apply one value to the root cause of these cases."""
    lines = "".join(f"  - {{id: {one}, fields: {{root cause: {value}}}}}\n" for one in cases)
    world.spec("cases:\n" + lines, name)
    ran = world.run("apply", "--yes", *flags)
    assert ran.status == 0, ran.text
    world.calls()


def causes(world, cases):
    return [world.held(one, "Root cause")[0] for one in cases]


@pytest.fixture
def fifty(world):
    """A bad change applied to fifty cases, of which an agent touches three afterwards."""
    world.cases = cases_of(world, 50)
    for number, case_id in enumerate(world.cases):
        world.edit(case_id, Root_cause=f"cause {number % 7}")
    world.before = causes(world, world.cases)
    change(world, world.cases)
    first, second, third = world.cases[5], world.cases[20], world.cases[49]
    world.edit(first, Root_cause="by hand")
    world.edit(second, Root_cause="for a moment")
    world.edit(second, Root_cause="bad idea")
    world.edit(third, Root_cause=None)
    world.touched = (first, second, third)
    world.calls()
    return world


def test_47_are_put_back_and_the_three_that_an_agent_touched_are_named(fifty):
    held = dict(zip(fifty.cases, causes(fifty, fifty.cases), strict=True))
    fifty.calls()
    ran = fifty.run("rollback", newest(fifty), "--yes")
    assert ran.status == 4
    assert "47 applied" in ran.out and "3 fields are left alone" in ran.out
    for case_id in fifty.touched:
        assert ran.out.count(case_id) == 1
    assert ran.out.count("written by arn:") == 3
    calls = fifty.calls()
    assert calls["UpdateCase"] == 47
    assert calls["GetCaseAuditEvents"] == 50
    for case_id, before in zip(fifty.cases, fifty.before, strict=True):
        [now] = causes(fifty, [case_id])
        assert now == (held[case_id] if case_id in fifty.touched else before)


@pytest.mark.parametrize("mode", ["balanced", "bulk"])
def test_a_saved_rollback_leaves_a_case_alone_that_somebody_wrote_again_meanwhile(world, mode):
    cases = cases_of(world, 4)
    before = causes(world, cases)
    change(world, cases, flags=["--mode", mode])
    assert world.run("rollback", newest(world), "--out", "undo.json").status == 0
    for value in ("for a moment", "bad idea"):
        world.edit(cases[1], Root_cause=value)
    ran = world.run("apply", "undo.json")
    assert ran.status == 4
    assert "3 applied, 1 in conflict" in ran.out and "reconcile rollback" in ran.err
    assert causes(world, cases) == [before[0], "bad idea", *before[2:]]


def test_a_case_that_is_left_alone_is_not_called_in_sync(world):
    one, two = cases_of(world, 2)
    change(world, [one, two])
    for case_id in (one, two):
        world.edit(case_id, Root_cause="by hand")
    ran = world.run("rollback", newest(world))
    assert "2 fields are left alone" in ran.out and "0 of 2 managed cases are in sync" in ran.out


def test_without_a_terminal_out_or_yes_it_only_shows_and_says_how_to_go_on(fifty):
    ran = fifty.run("rollback", newest(fifty))
    assert ran.status == 4
    assert "47 fields on 47 cases" in ran.out and '"bad idea" → "cause 0"' in ran.out
    assert "--yes" in ran.err and "--out" in ran.err
    assert "UpdateCase" not in fifty.calls()
    assert len(receipts(fifty)) == 1


def test_a_saved_rollback_is_a_plan_that_says_what_it_undoes(fifty):
    undone = read(newest(fifty))
    ran = fifty.run("rollback", newest(fifty), "--out", "undo.json")
    assert ran.status == 4 and "reconcile apply undo.json" in ran.err
    plan = json.loads((fifty.folder / "undo.json").read_text())
    assert plan["rollback_of"] == undone["plan_digest"]
    assert len(plan["targets"][0]["ignored"]) == 3
    source = plan["targets"][0]["changes"][0]["fields"][0]["source"]
    assert (source["file"], source["line"]) == ("specs/spec.yaml", 5)
    assert fifty.run("show", "undo.json").status == 0
    fifty.calls()
    applied = fifty.run("apply", "undo.json")
    assert applied.status == 0 and "47 applied" in applied.out
    assert fifty.calls()["UpdateCase"] == 47
    assert read(newest(fifty))["plan"]["rollback_of"] == undone["plan_digest"]


def test_the_stamp_of_a_rollback_says_that_it_is_one(fifty):
    fifty.run("rollback", newest(fifty), "--yes")
    digest = read(newest(fifty))["plan_digest"]
    newest_writer = writers(fifty, fifty.cases[0], "Root cause")[0]
    assert newest_writer == f"reconcile:{digest[:12]}:none:rollback"


def test_a_second_rollback_finds_everything_back(fifty):
    receipt = newest(fifty)
    fifty.run("rollback", receipt, "--yes")
    fifty.calls()
    again = fifty.run("rollback", receipt, "--yes")
    assert again.status == 4 and "nothing to roll back" in again.err
    assert "UpdateCase" not in fifty.calls()


def test_a_rollback_can_be_rolled_back(fifty):
    fifty.run("rollback", newest(fifty), "--yes")
    ran = fifty.run("rollback", newest(fifty), "--yes")
    assert ran.status == 0 and "47 applied" in ran.out
    assert causes(fifty, fifty.cases).count("bad idea") == 48


def test_a_write_of_the_same_value_by_somebody_else_is_theirs(world):
    world.service.switches.set("noop_audit", "on")
    cases = cases_of(world, 4)
    change(world, cases)
    world.edit(cases[2], Root_cause="bad idea")
    ran = world.run("rollback", newest(world), "--yes")
    assert ran.status == 4 and "3 applied" in ran.out
    assert causes(world, cases).count("bad idea") == 1


def test_an_edit_between_plan_and_write_of_a_rollback_is_a_conflict(fifty):
    fifty.run("rollback", newest(fifty), "--out", "undo.json")
    fifty.edit(fifty.cases[0], Root_cause="by hand")
    ran = fifty.run("apply", "undo.json")
    assert ran.status == 4 and "1 in conflict" in ran.out
    assert causes(fifty, fifty.cases[:1]) == ["by hand"]


def test_cases_that_the_apply_found_done_are_not_its_own(world):
    cases = cases_of(world, 4)
    world.spec("cases:\n" + "".join(f"  - {{id: {c}, fields: {{root cause: x}}}}\n" for c in cases))
    world.run("plan", "--out", "plan.json")
    world.edit(cases[1], Root_cause="x")
    assert world.run("apply", "plan.json").status == 0
    ran = world.run("rollback", newest(world), "--yes")
    assert ran.status == 4 and "3 applied" in ran.out
    assert causes(world, cases)[1] == "x"


def test_a_case_in_conflict_was_not_written_and_is_not_told_again(world):
    cases = cases_of(world, 4)
    before = causes(world, cases)
    world.spec("cases:\n" + "".join(f"  - {{id: {c}, fields: {{root cause: x}}}}\n" for c in cases))
    world.run("plan", "--out", "plan.json")
    world.edit(cases[1], Root_cause="by hand")
    assert world.run("apply", "plan.json").status == 4
    ran = world.run("rollback", newest(world), "--yes")
    assert ran.status == 0 and "3 applied" in ran.out
    assert cases[1] not in ran.out
    assert causes(world, cases) == [before[0], "by hand", *before[2:]]


def test_what_a_resumed_run_found_done_is_put_back_too(world):
    cases = cases_of(world, 6)
    world.spec("cases:\n" + "".join(f"  - {{id: {c}, fields: {{root cause: x}}}}\n" for c in cases))
    before = causes(world, cases)
    world.run("plan", "--out", "plan.json")
    world.run("apply", "plan.json", "--limit", "4")
    assert world.run("apply", "plan.json").status == 0
    assert read(newest(world))["counts"]["AlreadyDone"] == 4
    assert world.run("rollback", newest(world), "--yes").status == 0
    assert causes(world, cases) == before


def test_a_rollback_after_a_retry_undoes_each_runs_own_writes(world):
    cases = cases_of(world, 6)
    before = causes(world, cases)
    world.spec("cases:\n" + "".join(f"  - {{id: {c}, fields: {{root cause: x}}}}\n" for c in cases))
    world.run("plan", "--out", "plan.json")
    world.run("apply", "plan.json", "--limit", "4")
    world.run("apply", "--retry", newest(world))
    first, second = map(str, receipts(world))
    assert world.run("rollback", second, "--yes").status == 0
    assert [one == "x" for one in causes(world, cases)] == [True] * 4 + [False] * 2
    assert world.run("rollback", first, "--yes").status == 0
    assert causes(world, cases) == before


@pytest.mark.parametrize("mode", ["balanced", "bulk", "strict"])
def test_every_mode_is_undone_in_its_own_way(world, mode):
    cases = cases_of(world, 12)
    for case_id in cases:
        world.edit(case_id, Root_cause="as it was")
    change(world, cases, flags=("--mode", mode))
    ran = world.run("rollback", newest(world), "--yes")
    assert ran.status == 0, ran.text
    calls = world.calls()
    assert calls.get("BatchUpdateCase", 0) == (1 if mode == "bulk" else 0)
    assert causes(world, cases) == ["as it was"] * 12


@pytest.mark.parametrize(
    ("flags", "status"),
    [
        pytest.param((), 3, id="refused"),
        pytest.param(("--allow-clears", "9"), 3, id="lifted-too-little"),
        pytest.param(("--allow-clears", "10"), 0, id="lifted"),
    ],
)
def test_a_rollback_meets_the_guards(world, flags, status):
    cases = cases_of(world, 10)
    for case_id in cases:
        world.edit(case_id, Root_cause=None)
    change(world, cases)
    world.configure(limits="{clears: 5}")
    assert world.run("rollback", newest(world), *flags).status == status
    ran = world.run("rollback", newest(world), "--yes", *flags)
    assert ran.status == status
    assert world.calls().get("UpdateCase", 0) == (0 if status else 10)


def test_a_rollback_in_stages_stops_after_the_first_that_goes_wrong(fifty):
    fifty.service.faults.set(
        [{"kind": "invalid", "operation": "UpdateCase", "case": fifty.cases[0]}]
    )
    ran = fifty.run("rollback", newest(fifty), "--yes", "--canary", "2")
    assert ran.status == 4
    assert "1 applied, 1 failed, 45 not attempted" in ran.out
    assert "stage 1 of 2 had 1 failure" in ran.err


def test_case_and_domain_must_still_be_there(fifty):
    receipt = newest(fifty)
    config = fifty.folder / "reconcile.yaml"
    config.write_text(config.read_text().replace("demo:", "prod:"))
    assert fifty.run("rollback", receipt).status == 5
    data = read(receipt)
    assert data["counts"]["Applied"] == 50


def test_a_case_that_cannot_be_read_is_unknown_and_left_alone(fifty):
    fifty.service.faults.set(
        [{"kind": "access-denied", "operation": "GetCaseAuditEvents", "case": fifty.cases[0]}]
    )
    ran = fifty.run("rollback", newest(fifty), "--yes")
    assert ran.status == 4 and "46 applied" in ran.out
    assert "1 case could not be read" in ran.out
    assert causes(fifty, fifty.cases[:1]) == ["bad idea"]


@pytest.mark.parametrize("how", ["yes", "out"])
def test_sensitive_values_come_from_the_history_and_never_into_a_file(world, how):
    world.configure(extra="    sensitive: [root cause]\n")
    cases = cases_of(world, 3)
    for case_id in cases[:2]:
        world.edit(case_id, Root_cause="old secret")
    world.edit(cases[2], Root_cause=None)
    change(world, cases, "new secret")
    flags = ("--yes",) if how == "yes" else ("--out", "undo.json")
    ran = world.run("rollback", newest(world), *flags)
    assert "secret" not in ran.text.replace("sensitive", "")
    if how == "out":
        assert ran.status == 4 and "only rollback --yes rolls it back" in ran.out
        assert world.run("apply", "undo.json").status == 0
        assert causes(world, cases) == ["new secret", "new secret", None]
    else:
        assert ran.status == 0, ran.text
        assert causes(world, cases) == ["old secret", "old secret", None]
    for path in world.folder.rglob("*.json*"):
        assert "secret" not in path.read_text()


def test_out_and_yes_together_are_wrong_usage(fifty):
    assert fifty.run("rollback", newest(fifty), "--out", "x.json", "--yes").status == 1


@pytest.mark.parametrize("seed", range(6))
def test_no_rollback_ever_changes_a_value_that_somebody_else_wrote_last(world, seed):
    """Applies, edits of an agent and rollbacks at random; the service's history is the judge."""
    draw = random.Random(seed)
    world.service.switches.set("noop_audit", draw.choice(["on", "off"]))
    cases = cases_of(world, 8)
    values = ["one", "two", "three"]
    for step in range(12):
        action = draw.choice(["apply", "edit", "edit", "rollback"])
        if action == "apply":
            some = draw.sample(cases, draw.randint(2, 8))
            value, mode = draw.choice(values), draw.choice(["bulk", "strict"])
            # An agent's edit and a new spec are a conflict; what is rolled back must be written.
            change(world, some, value, flags=("--mode", mode, "--allow-conflicts", "100"))
        elif action == "edit":
            for case_id in draw.sample(cases, draw.randint(1, 3)):
                world.edit(case_id, Root_cause=draw.choice([*values, None]))
        elif found := receipts(world):
            receipt = draw.choice(found)
            stamp = f"reconcile:{read(receipt)['plan_digest'][:12]}:"
            last = {one: writers(world, one, "Root cause")[:1] for one in cases}
            held = dict(zip(cases, causes(world, cases), strict=True))
            ran = world.run("rollback", str(receipt), "--yes")
            assert ran.status in (0, 4), (step, ran.text)
            for case_id, now in zip(cases, causes(world, cases), strict=True):
                ours = bool(last[case_id]) and last[case_id][0].startswith(stamp)
                assert now == held[case_id] or ours, (step, case_id)


def test_what_a_rollback_of_sensitive_values_left_undone_takes_another_rollback(world):
    world.configure(extra="    sensitive: [root cause]\n")
    cases = cases_of(world, 3)
    for case_id in cases:
        world.edit(case_id, Root_cause="old secret")
    change(world, cases, "new secret")
    receipt = newest(world)
    world.service.faults.set([{"kind": "invalid", "operation": "UpdateCase", "case": cases[1]}])
    assert world.run("rollback", receipt, "--yes").status == 4
    world.service.faults.clear()
    retried = world.run("apply", "--retry", newest(world))
    assert retried.status == 5 and "reconcile rollback RECEIPT --yes" in retried.err
    assert world.run("rollback", receipt, "--yes").status == 0
    assert causes(world, cases) == ["old secret"] * 3
