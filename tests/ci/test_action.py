"""The action, step by step as written, against the local service."""

import json
import re
from pathlib import Path

import pytest

from tests.ci.conftest import commit


@pytest.fixture
def case(world):
    """One seeded case whose country is Nowhere."""
    case_id = min(world.everything())
    world.edit(case_id, Country="Nowhere")
    return case_id


def wanting(world, case_id, value, name="fix.yaml"):
    world.spec(f"cases:\n  - id: {case_id}\n    fields:\n      country: {value}\n", name)
    commit(world, f"want {value}")


def test_a_plan_with_changes_comments_once_and_keeps_that_comment_up_to_date(world, runner, case):
    wanting(world, case, "Norway")
    ran = runner.action(command="plan")
    assert ran.status == 0, ran.log
    assert {key: ran.outputs[key] for key in ("changes", "blocked", "cases", "status")} == {
        "changes": "true",
        "blocked": "false",
        "cases": "1",
        "status": "0",
    }
    plan = json.loads(Path(ran.outputs["plan-path"]).read_text())
    assert plan["changes_digest"] == ran.outputs["digest"]
    assert "1 case" in ran.outputs["summary"]
    [comment] = runner.kept("comments")
    assert "Norway" in comment["body"] and "Nowhere" in comment["body"]
    assert "Norway" in ran.summary
    wanting(world, case, "Sweden")
    runner.action(command="plan")
    [again] = runner.kept("comments")
    assert again["id"] == comment["id"]
    assert "Sweden" in again["body"] and "Norway" not in again["body"]


def test_nothing_to_change_is_said_and_is_no_failure(world, runner, case):
    wanting(world, case, "Nowhere")
    ran = runner.action(command="plan", comment="changes")
    assert (ran.status, ran.outputs["changes"], ran.outputs["cases"]) == (0, "false", "0")
    assert runner.kept("comments") == []
    assert runner.action(command="plan").status == 0
    assert len(runner.kept("comments")) == 1


def test_a_blocked_plan_is_shown_and_fails_the_job(world, runner, case):
    world.configure(limits="{cases: 0}")
    wanting(world, case, "Norway")
    ran = runner.action(command="plan")
    assert (ran.status, ran.outputs["status"], ran.outputs["blocked"]) == (3, "3", "true")
    [comment] = runner.kept("comments")
    assert "--allow-cases 1" in comment["body"]


def test_problems_in_specs_are_commented_and_annotated_on_their_line(world, runner, case):
    wanting(world, case, "{nonsense: 1}")
    ran = runner.action(command="plan")
    assert (ran.status, ran.outputs["status"]) == (1, "1")
    assert re.search(r"^::error .*file=specs/fix.yaml,line=\d+", ran.log, re.MULTILINE)
    [comment] = runner.kept("comments")
    assert "specs/fix.yaml" in comment["body"]
    offline = runner.action(command="validate", comment="never")
    assert offline.status == 1


def test_a_case_that_cannot_be_read_ends_with_4(world, runner):
    wanting(world, "00000000-0000-4000-8000-000000000000", "Norway")
    ran = runner.action(command="plan")
    assert (ran.status, ran.outputs["status"], ran.outputs["changes"]) == (4, "4", "false")


def test_apply_writes_exactly_the_reviewed_changes(world, runner, case):
    wanting(world, case, "Norway")
    planned = runner.action(command="plan")
    world.calls()
    ran = runner.action(command="apply", expect=planned.outputs["digest"])
    assert ran.status == 0, ran.log
    assert world.calls()["UpdateCase"] == 1
    assert world.held(case, "Country") == ["Norway"]


@pytest.mark.parametrize("by", ["digest", "plan-path"])
def test_apply_refuses_other_changes_and_says_how_they_differ(world, runner, case, by, tmp_path):
    wanting(world, case, "Norway")
    planned = runner.action(command="plan")
    reviewed = planned.outputs[by]
    if by == "plan-path":
        kept = tmp_path / "reviewed.json"
        kept.write_bytes(Path(reviewed).read_bytes())
        reviewed = str(kept)
    world.edit(case, Country="Elsewhere")
    world.calls()
    ran = runner.action(command="apply", expect=reviewed)
    assert (ran.status, ran.outputs["status"]) == (5, "5")
    assert "UpdateCase" not in world.calls()
    assert "Refused" in ran.summary
    if by == "plan-path":
        assert "Nowhere" in ran.summary and "Elsewhere" in ran.summary


def test_drift_is_a_result_and_no_failure(world, runner, case):
    wanting(world, case, "Norway")
    assert runner.action(command="apply").status == 0
    assert runner.action(command="drift").outputs["status"] == "0"
    world.edit(case, Country="Elsewhere")
    ran = runner.action(command="drift")
    assert (ran.status, ran.outputs["status"]) == (0, "2")
    assert "Elsewhere" in Path(ran.outputs["report-path"]).read_text()


def test_what_cases_hold_gives_the_runner_no_orders(world, runner, case):
    world.edit(case, Country="x\n::add-mask::Norway ##[add-mask]y")
    wanting(world, case, "Norway")
    ran = runner.action(command="plan")
    assert ran.status == 0
    live = True
    token = ""
    for line in ran.log.splitlines():
        if live and line.startswith("::stop-commands::"):
            live, token = False, line.removeprefix("::stop-commands::")
        elif not live and line == f"::{token}::":
            live = True
        elif live:
            assert not line.lstrip().startswith("::add-mask") and "##[" not in line
    assert live and token


def test_options_and_several_targets_reach_the_program(world, runner, case):
    wanting(world, case, "Norway")
    ran = runner.action(command="plan", target="demo", arguments="--mode strict", paths="specs")
    assert ran.status == 0, ran.log
    assert json.loads(Path(ran.outputs["plan-path"]).read_text())["mode"] == "strict"
    assert runner.action(command="destroy").status == 1
