"""The action, step by step as written, against the local service."""

import json
import os
import re
from pathlib import Path

import pytest
import yaml

from tests.ci.conftest import commit
from tests.ci.runner import ROOT


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
    wanting(world, case, "Norway")
    runner.action(command="plan")
    wanting(world, case, "{nonsense: 1}")
    runner.action(command="plan")
    [again] = runner.kept("comments")
    assert again["body"] == comment["body"]
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


def test_a_reviewed_plan_that_somebody_edited_is_refused_too(world, runner, case, tmp_path):
    wanting(world, case, "Norway")
    planned = runner.action(command="plan")
    edited = tmp_path / "edited.json"
    edited.write_text(Path(planned.outputs["plan-path"]).read_text().replace("Norway", "Norge"))
    ran = runner.action(command="apply", expect=str(edited))
    assert (ran.status, ran.outputs["status"]) == (5, "5")
    assert ran.summary.count("~~~~~~~~") == 2


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


NOISE = "printf '::error::%s\\n' a b; printf '::add-mask::c' >&2; exit 5"


@pytest.mark.parametrize("command", ["validate", "plan", "apply", "drift", "accept"])
def test_no_stream_of_any_program_gives_the_runner_orders(runner, command, tmp_path):
    """Each step puts both streams into one, since the runner reads two in no order."""
    programs = runner.temp / "reconcile" / "venv" / "bin"
    programs.unlink()
    programs.mkdir()
    for program in ("reconcile", "python", "gh"):
        (programs / program).write_text(f"#!/bin/sh\n{NOISE}\n")
        (programs / program).chmod(0o755)
    report = tmp_path / "report.md"
    report.write_text("<!-- marker -->\n")
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    tokens = set()
    for step in action["runs"]["steps"]:
        if step["name"] in ("Result", "Install reconcile"):
            continue
        env = dict.fromkeys(step["env"], "") | {
            "COMMAND": command,
            "COMMENT": "always",
            "REPORT": str(report),
            "PATH": f"{programs}:{os.environ['PATH']}",
        }
        done, _, _ = runner.bash(step["run"], env)
        assert done.stderr == ""
        first, *lines = done.stdout.splitlines()
        assert first.startswith("::stop-commands::"), step["name"]
        token = first.removeprefix("::stop-commands::")
        assert len(token) == 32
        tokens.add(token)
        inside = lines[: lines.index(f"::{token}::")] if f"::{token}::" in lines else lines
        assert any("::add-mask::c" in line for line in inside), step["name"]
        outside = lines[len(inside) :]
        assert not any("add-mask" in line or "error::a" in line for line in outside)
    assert len(tokens) == 3


def test_a_token_that_can_only_read_costs_the_comment_and_not_the_job(world, runner, case):
    (runner.remote / "read-only").touch()
    wanting(world, case, "Norway")
    ran = runner.action(command="plan")
    assert (ran.status, runner.kept("comments")) == (0, [])
    assert "::warning::no comment could be written" in ran.log
    assert "Norway" in ran.summary


def test_a_strangers_comment_is_not_taken_for_ours(world, runner, case):
    wanting(world, case, "Norway")
    runner.action(command="plan")
    [ours] = runner.kept("comments")
    theirs = {**ours, "id": 7, "user": {"type": "User"}}
    (runner.remote / "comments.json").write_text(json.dumps([theirs]))
    runner.action(command="plan")
    assert [one["user"]["type"] for one in runner.kept("comments")] == ["User", "Bot"]
    insider = {**theirs, "author_association": "MEMBER"}
    (runner.remote / "comments.json").write_text(json.dumps([insider]))
    runner.action(command="plan")
    assert len(runner.kept("comments")) == 1


def test_every_step_of_a_job_keeps_a_plan_of_its_own(world, runner, case):
    wanting(world, case, "Norway")
    first, second = (runner.action(command="plan") for _ in range(2))
    assert first.outputs["plan-path"] != second.outputs["plan-path"]
    assert Path(first.outputs["plan-path"]).exists()


def test_lines_part_paths_and_options_as_blanks_do(world, runner, case):
    wanting(world, case, "Norway")
    wanting(world, case, "{nonsense: 1}", "wrong.yaml")
    ran = runner.action(command="validate", paths="specs/fix.yaml\nspecs/wrong.yaml\n")
    assert ran.status == 1 and "wrong.yaml" in ran.log
    ran = runner.action(command="plan", paths="specs/fix.yaml\n", arguments="--mode\n  strict\n")
    assert ran.status == 0, ran.log
    assert json.loads(Path(ran.outputs["plan-path"]).read_text())["mode"] == "strict"


def test_what_fails_before_any_report_still_says_its_status(world, runner):
    (world.folder / "reconcile.yaml").unlink()
    ran = runner.action(command="plan")
    assert (ran.status, ran.outputs["status"], ran.outputs["report-path"]) == (1, "1", "")
    assert "reconcile.yaml" in ran.log and runner.kept("comments") == []


def test_options_and_several_targets_reach_the_program(world, runner, case):
    wanting(world, case, "Norway")
    ran = runner.action(command="plan", target="demo", arguments="--mode strict", paths="specs")
    assert ran.status == 0, ran.log
    assert json.loads(Path(ran.outputs["plan-path"]).read_text())["mode"] == "strict"
    assert runner.action(command="destroy").status == 1


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target"])
def test_nothing_is_applied_from_a_pull_request(world, runner, case, event):
    wanting(world, case, "Norway")
    runner.event_name = event
    world.calls()
    ran = runner.action(command="apply")
    assert ran.status == 1 and "apply after the merge" in ran.log
    assert world.calls() == {}
