"""Several embedded services, each an account of its own, through the command line."""

import json

import pytest

from tests.e2e.lane_world import ACCOUNTS, made, place
from tests.e2e.stories import A, B

TARGETS = ("a", "b", "c", "d")


@pytest.fixture
def lanes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RECONCILE_CONFIG", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    return made(tmp_path, capsys)


def four(lanes, **more):
    """Four targets in four accounts; `more` are further keys of some of them."""
    lanes.configure(
        **{
            name: place(account) + f"\n{more.get(name, '')}"
            for name, account in zip(TARGETS, ACCOUNTS, strict=True)
        }
    )
    lanes.spec(
        f"target: [{', '.join(TARGETS)}]\ncases:\n  - id: {A}\n    fields: {{country: FI}}\n"
        f"  - id: {B}\n    fields: {{country: FI}}\n"
    )


def receipt(lanes):
    *_, path = sorted((lanes.folder / ".reconcile" / "runs").glob("*.receipt.json"))
    return json.loads(path.read_bytes())


def test_lanes_are_planned_applied_and_accounted_for_one_by_one(lanes):
    four(lanes)
    ran = lanes.run("plan", "--out", "plan.json")
    assert ran.status == 0, ran
    said = [line for line in ran.err.splitlines() if line.startswith("lane ")]
    assert [line.split()[1] for line in said] == [f"{one}/us-west-2:" for one in ACCOUNTS]
    assert "4 lanes at once" in ran.err
    ran = lanes.run("apply", "plan.json", "--parallel", "2")
    assert ran.status == 0, ran
    assert "4 lanes 2 at a time" in ran.err
    assert lanes.run("drift").status == 0


def test_one_lane_is_not_told_apart(lanes):
    lanes.configure(a=None, b=None)
    lanes.spec(f"target: [a, b]\ncases:\n  - id: {A}\n    fields: {{country: FI}}\n")
    ran = lanes.run("plan")
    assert ran.status == 0 and "lane" not in ran.err


def test_one_dead_target_of_five_leaves_four_plans_and_status_four(lanes):
    four(lanes)
    config = lanes.folder / "reconcile.yaml"
    dead = "  dead: {sandbox: nowhere.db, domain: support}\n"
    config.write_text(config.read_text() + dead)
    spec = lanes.folder / "specs" / "spec.yaml"
    spec.write_text(spec.read_text().replace("target: [", "target: [dead, "))
    plan = lanes.plan(status=4)
    assert [one["error"] is None for one in plan["targets"]] == [True] * 4 + [False]
    assert [len(one["changes"]) for one in plan["targets"]] == [2, 2, 2, 2, 0]
    ran = lanes.run("apply", "plan.json")
    assert ran.status == 4, ran
    assert "Apply incomplete: 8 applied." in ran.out
    assert ran.out.strip().splitlines()[-1].startswith("Not applied: target dead: ")


def test_a_wrong_pin_is_its_own_targets_error(lanes):
    four(lanes)
    assert lanes.run("plan", "--out", "plan.json").status == 0
    config = lanes.folder / "reconcile.yaml"
    config.write_text(config.read_text().replace(ACCOUNTS[1], "999999999999"))
    ran = lanes.run("apply", "plan.json")
    assert ran.status == 4, ran
    assert "Not applied: target b: " in ran.out
    assert "Apply incomplete: 6 applied, 2 not attempted." in ran.out
    assert lanes.run("apply", "plan.json", "-t", "b").status == 5


def test_what_comes_after_an_undone_target_says_so_and_can_be_lifted(lanes):
    four(lanes, b="after: [a]", c="after: [b]")
    lanes.run("sandbox", "edit", "--db", "a.db", "--case", A, "Country=SE")
    assert lanes.run("plan", "--out", "plan.json").status == 0
    lanes.run("sandbox", "edit", "--db", "a.db", "--case", A, "Country=NO")
    ran = lanes.run("apply", "plan.json")
    assert ran.status == 4, ran
    assert "target a: 1 applied, 1 in conflict\n" in ran.out
    said = "target b: 2 not attempted (it comes after a, which is not done: 1 in conflict)\n"
    assert said in ran.out
    assert "target d: 2 applied\n" in ran.out
    assert "it comes after b, which is not done: 2 not attempted" in ran.out
    assert "skipped_after" not in receipt(lanes)["run"]
    ran = lanes.run("apply", "plan.json", "--skip-after")
    assert receipt(lanes)["run"]["skipped_after"] == ["b", "c"]
    assert ran.status == 4, ran
    assert "begun whatever becomes of those before: b, c" in ran.err
    assert lanes.run("plan", "-t", "c", "--detailed-exitcode").status == 0


def test_stages_are_told_by_target(lanes):
    four(lanes)
    ran = lanes.run("apply", "--yes", "--canary", "1")
    assert ran.status == 0, ran
    for name in TARGETS:
        assert f"target {name}: stage 1 of 2: 1 case" in ran.err
        assert f"target {name}: stage 2 of 2: 1 applied" in ran.err


def test_a_closed_window_of_one_target_blocks_all(lanes):
    closed = (
        "windows:\n  - {name: freeze, time_zone: UTC,"
        " deny: {from: 2000-01-01T00:00, to: 2999-01-01T00:00}}"
    )
    four(lanes, c=closed)
    ran = lanes.run("apply", "--yes")
    assert ran.status == 3, ran
    assert lanes.run("plan", "-t", "a", "--detailed-exitcode").status == 2


def test_an_order_that_is_none_is_told_at_its_line(lanes):
    four(lanes, a="after: [d]", d="after: [a]")
    ran = lanes.run("validate")
    assert ran.status == 1, ran
    assert "reconcile.yaml:" in ran.text and "a after d after a" in ran.text
