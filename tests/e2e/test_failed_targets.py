"""A target that cannot be planned or applied fails alone, and every reader is told."""

import json
import sqlite3
from contextlib import closing

import pytest

from reconciler.sandbox.api import seed
from tests.e2e.stories import A, B, Story

FORMATS = ["markdown", "html", "junit", "sarif", "codequality", "annotations", "text", "json"]
BROKEN = {
    "no such database": "{sandbox: nowhere.db, domain: support}",
    "another account": '{endpoint_url: "URL", region: us-west-2, domain: support,'
    ' account: "999999999999"}',
    "no such domain": '{endpoint_url: "URL", region: us-west-2, domain: nowhere}',
}


@pytest.fixture(params=BROKEN)
def world(request, story: Story):
    add(story, BROKEN[request.param])
    story.spec(f"target: [demo, broken]\ncases:\n  - id: {A}\n    fields: {{country: FI}}\n")
    return story


def add(story, target):
    config = story.folder / "reconcile.yaml"
    told = target.replace("URL", story.service.url)
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("targets:\n", f"targets:\n  broken: {told}\n"), encoding="utf-8")


def country(story):
    return story.held(A, "Country")


def receipt(story):
    [path] = (story.folder / ".reconcile" / "runs").glob("*.receipt.json")
    return json.loads(path.read_bytes())


def test_the_others_are_planned_and_saved_with_status_four(world):
    ran = world.run("plan", "--out", "plan.json")
    assert ran.status == 4, ran
    assert ran.out.strip().splitlines()[-1] == "Not planned: target broken."
    plan = json.loads((world.folder / "plan.json").read_bytes())
    errors = {target["name"]: target["error"] for target in plan["targets"]}
    assert errors["demo"] is None
    assert errors["broken"].startswith("target broken")
    assert [len(target["changes"]) for target in plan["targets"]] == [0, 1]
    assert world.run("show", "plan.json").status == 0
    assert world.run("drift").status == 4


def test_every_report_of_a_plan_names_the_target(world):
    words = [word for name in FORMATS for word in ("--report", f"{name}=report.{name}")]
    assert world.run("plan", *words).status == 4
    for name in FORMATS:
        assert "broken" in (world.folder / f"report.{name}").read_text(encoding="utf-8"), name


@pytest.mark.parametrize("words", [["apply", "--yes"], ["apply", "plan.json"]])
def test_apply_does_the_healthy_ones_and_nobody_says_complete(world, monkeypatch, words):
    output = world.folder / "output"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    assert world.run("plan", "--out", "plan.json").status == 4
    output.write_text("")
    ran = world.run(*words, "--report", "markdown=a.md", "--report", "html=a.html")
    assert ran.status == 4, ran
    assert country(world) == ["FI"]
    assert "Apply incomplete: 1 applied." in ran.out
    assert ran.out.strip().splitlines()[-1].startswith("Not applied: target broken: ")
    assert receipt(world)["run"]["complete"] is False
    assert "complete=false" in output.read_text(encoding="utf-8")
    markdown = (world.folder / "a.md").read_text(encoding="utf-8")
    assert ": incomplete, 1 of 1 case done" in markdown
    assert "now true" not in markdown and "broken" in markdown
    page = (world.folder / "a.html").read_text(encoding="utf-8")
    assert "Apply incomplete" in page and "Apply complete" not in page


def test_where_all_fail_nothing_is_planned_and_the_status_is_one(world):
    ran = world.run("plan", "-t", "broken")
    assert ran.status == 1, ran
    assert "target broken" in ran.err
    assert ran.out == ""


def test_a_target_that_fails_at_apply_is_not_attempted_and_the_others_go_on(story):
    seed(story.folder / "other.db", domain="other", cases=20)
    with closing(sqlite3.connect(story.folder / "other.db")) as database:
        [(other,)] = database.execute("SELECT case_id FROM cases ORDER BY case_id LIMIT 1")
    add(story, "{sandbox: other.db, domain: other}")
    fields = "fields: {root cause: never seen}"
    story.spec(f"target: demo\ncases:\n  - id: {A}\n    fields: {{country: FI}}\n")
    story.spec(f"target: broken\ncases:\n  - id: {other}\n    {fields}\n", "other.yaml")
    ran = story.run("plan", "--out", "plan.json")
    assert ran.status == 0, ran
    plan = json.loads((story.folder / "plan.json").read_bytes())
    assert [len(target["changes"]) for target in plan["targets"]] == [1, 1]
    for path in story.folder.glob("other.db*"):
        path.unlink()
    ran = story.run("apply", "plan.json")
    assert ran.status == 4, ran
    assert "Apply incomplete: 1 applied, 1 not attempted." in ran.out
    assert ran.out.strip().splitlines()[-1].startswith("Not applied: target broken: ")
    assert country(story) == ["FI"]
    assert receipt(story)["run"]["complete"] is False


def test_a_case_that_could_not_be_read_keeps_an_apply_from_being_called_complete(story):
    story.spec(
        "cases:\n"
        f"  - id: {A}\n    fields: {{country: FI}}\n"
        "  - id: 00000000-0000-4000-8000-000000000000\n    fields: {country: FI}\n"
    )
    ran = story.run("apply", "--yes")
    assert ran.status == 4, ran
    assert "1 case could not be read" in ran.out
    assert "Apply incomplete: 1 applied." in ran.out
    assert receipt(story)["run"]["complete"] is False


def test_a_retry_says_that_the_failed_target_was_not_applied_and_ends_with_four(world):
    assert world.run("apply", "--yes").status == 4
    [path] = (world.folder / ".reconcile" / "runs").glob("*.receipt.json")
    again = world.run("apply", "--retry", str(path))
    assert again.status == 4, again
    assert "not applied: target broken" in again.err and "nothing to try" not in again.err
    assert country(world) == ["FI"]


def test_so_does_a_retry_that_has_something_else_to_do(world):
    world.spec(
        f"target: [demo, broken]\ncases:\n  - id: {A}\n    fields: {{country: FI}}\n"
        f"  - id: {B}\n    fields: {{country: FI}}\n"
    )
    assert world.run("apply", "--yes", "--limit", "1").status == 4
    [path] = (world.folder / ".reconcile" / "runs").glob("*.receipt.json")
    again = world.run("apply", "--retry", str(path))
    assert again.status == 4, again
    assert "Apply incomplete: 1 applied." in again.out
    assert again.out.strip().splitlines()[-1].startswith("Not applied: target broken: ")
