"""Reports beside the result, and what GitHub reads after a step."""

import json
import os
import subprocess

import pytest

from reconciler.cli.reporting import SUMMARY_MOST
from tests.builders import a_plan, case_change, field_change
from tests.cli.worlds import CONFIG, SPEC

BROKEN = SPEC.replace("id: c1", "idd: c1")
PLAN = a_plan(case_change("c1"))


@pytest.fixture
def here(folder, monkeypatch):
    """A folder outside of any CI system and any repository."""
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "GITLAB_", "CI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.path.parent))
    return folder


@pytest.fixture
def github(here, monkeypatch):
    """The folder in a step of GitHub Actions."""
    given = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "acme/care",
        "GITHUB_STEP_SUMMARY": str(here.path / "summary.md"),
        "GITHUB_OUTPUT": str(here.path / "output"),
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return here


def read(folder, name):
    return (folder.path / name).read_text(encoding="utf-8")


def outputs(folder):
    lines = read(folder, "output").splitlines()
    return dict(line.split("=", 1) for line in lines if line)


# -- --report ------------------------------------------------------------------------------


def test_several_reports_are_written_beside_the_result(here):
    here.plan()
    arguments = ["--report", "markdown=a.md", "--report", "json=b.json"]
    status, out, err = here.run("show", "plan.json", *arguments)
    assert status == 0
    assert "Plan: 1 field on 1 case" in out
    assert "wrote a.md (markdown)" in err
    assert read(here, "a.md").startswith(
        "<!-- reconcile:prod -->\n## reconcile show `prod`: 1 case"
    )
    assert json.loads(read(here, "b.json"))["summary"]["cases_to_change"] == 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param(["markdown"], "is not FORMAT=FILE", id="no-file"),
        pytest.param(["markdown="], "is not FORMAT=FILE", id="empty-file"),
        pytest.param(["docx=a"], "one of text, json, markdown", id="unknown-format"),
        pytest.param(["markdown=specs"], "'specs' is a directory", id="a-folder"),
        pytest.param(["markdown=a", "json=a"], "a is named twice", id="twice"),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_before_anything_else(here, given, message):
    here.plan()
    options = [word for one in given for word in ("--report", one)]
    status, out, err = here.run("show", "plan.json", *options)
    assert (status, out) == (1, "")
    assert message in err


def test_a_report_that_has_no_folder_to_be_in_says_so(here):
    here.plan()
    status, _, err = here.run("show", "plan.json", "--report", "markdown=plan.json/a.md")
    assert status == 1
    assert "plan.json/a.md: cannot be written: " in err


@pytest.mark.parametrize("spec", [SPEC, BROKEN], ids=["good", "broken"])
def test_validate_reports_problems_or_none(here, spec):
    here.write("specs/a.yaml", spec)
    status, _, _ = here.run("validate", "--report", "markdown=a.md")
    said = "no problems" if spec == SPEC else "in 1 file"
    assert status == (spec != SPEC)
    assert said in read(here, "a.md").splitlines()[1]


def test_a_plan_that_ends_at_its_specs_still_has_a_report(here):
    here.write("specs/a.yaml", BROKEN)
    status, _, _ = here.run("plan", "--report", "markdown=a.md")
    assert status == 1
    assert "Nothing was planned, and nothing was written." in read(here, "a.md")


@pytest.mark.parametrize("command", ["validate", "plan", "drift"])
@pytest.mark.parametrize("arguments", [(), ("-t", "prod")], ids=["default", "named"])
def test_a_report_of_problems_takes_the_place_of_the_one_about_the_plan(here, command, arguments):
    other = "  test: {domain: support, region: us-west-2}\n"
    here.write("reconcile.yaml", CONFIG.replace("default_target", f"{other}default_target"))
    here.write("specs/a.yaml", BROKEN)
    here.run(command, *arguments, "--report", "markdown=a.md")
    assert read(here, "a.md").startswith("<!-- reconcile:prod -->\n")


def test_outside_of_github_nothing_else_is_written(here):
    here.plan()
    before = sorted(here.path.rglob("*"))
    _, _, err = here.run("show", "plan.json")
    assert sorted(here.path.rglob("*")) == before
    assert "::" not in err


# -- GitHub --------------------------------------------------------------------------------


def test_a_step_of_github_gets_summary_outputs_and_annotations(github):
    github.plan()
    status, out, err = github.run("show", "plan.json")
    assert status == 0
    assert "::" not in out
    assert "::notice file=specs/a.yaml,line=7,col=5,title=prod%3A 1 case::Note → " in err
    assert "https://github.com/acme/care/blob/c0ffee1234567890/specs/a.yaml#L7" in read(
        github, "summary.md"
    )
    found = outputs(github)
    assert (found["changes"], found["cases"], found["plan-path"]) == ("true", "1", "plan.json")


def test_problems_are_annotated_where_they_stand(github):
    github.write("specs/a.yaml", BROKEN)
    status, _, err = github.run("validate")
    assert status == 1
    assert "::error file=specs/a.yaml,line=" in err
    assert int(outputs(github)["problems"]) >= 1


def test_places_are_told_from_the_root_of_the_repository(github, monkeypatch):
    monkeypatch.delenv("GIT_CEILING_DIRECTORIES")
    care = github.path / "care"
    subprocess.run(["git", "init", "-q", str(github.path)], check=True)
    for name in ("reconcile.yaml", "specs/a.yaml"):
        github.write(f"care/{name}", read(github, name))
    github.write("care/specs/a.yaml", BROKEN)
    monkeypatch.chdir(care)
    _, _, err = github.run("validate")
    assert "::error file=care/specs/a.yaml,line=" in err


def test_what_the_step_wrote_before_is_kept_even_a_line_left_open(github):
    github.plan()
    github.write("output", "mine=1")
    github.write("summary.md", "mine")
    github.run("show", "plan.json")
    assert outputs(github)["mine"] == "1"
    assert outputs(github)["changes"] == "true"
    assert read(github, "summary.md").startswith("mine\n<!-- reconcile:prod -->\n")


def test_two_runs_in_one_step_are_both_in_the_summary(github):
    github.plan()
    github.run("show", "plan.json")
    github.run("show", "plan.json")
    assert read(github, "summary.md").count("## reconcile show") == 2


def test_a_summary_that_github_would_refuse_is_left_as_it_is(github):
    github.plan()
    full = "x" * SUMMARY_MOST
    github.write("summary.md", full)
    status, _, err = github.run("show", "plan.json")
    assert status == 0
    assert read(github, "summary.md") == full
    assert "the summary of this step is full" in err
    assert outputs(github)["changes"] == "true"


@pytest.mark.parametrize("name", ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"])
@pytest.mark.parametrize("place", ["none/file", "specs", "plan.json/file", "loop", "/dev/full"])
def test_a_file_of_the_runner_that_cannot_be_written_is_a_note(github, monkeypatch, name, place):
    (github.path / "loop").symlink_to("loop")
    monkeypatch.setenv(name, str(github.path / place))
    github.plan()
    status, out, err = github.run("show", "plan.json", "--report", "json=report.json")
    assert status == 0
    assert "Plan: 1 field on 1 case" in out
    assert f"the CI system is not told: {github.path / place}: cannot be written: " in err
    assert read(github, "report.json")


def test_a_report_that_cannot_be_written_does_not_keep_the_others_from_being_told(github):
    github.plan()
    reports = ["--report", "json=/dev/full", "--report", "markdown=a.md"]
    status, out, err = github.run("show", "plan.json", *reports)
    assert status == 1
    assert "Plan: 1 field on 1 case" in out
    assert "error: /dev/full: cannot be written: No space left on device" in err
    assert read(github, "a.md")
    assert outputs(github)["changes"] == "true"


def test_no_text_of_a_case_reaches_the_runner(github):
    hostile = "x\n::add-mask::y\nchanges=false\nz<<EOF\n"
    github.plan(plan=a_plan(case_change("c1", field_change("note", None, hostile), title=hostile)))
    _, out, err = github.run("show", "plan.json")
    assert outputs(github)["changes"] == "true"
    assert not [line for line in (out + err).splitlines() if line.startswith("::add-mask")]
    assert not [line for line in read(github, "output").splitlines() if line.startswith("z<<")]
