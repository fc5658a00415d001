"""SARIF 2.1.0: valid, within GitHub's limits, and nothing in a message acts."""

import json
import re
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import __version__
from reconciler.model.diagnostic import Problem, Source
from reconciler.model.guards import Limit
from reconciler.report.escaping import visible
from reconciler.report.scanners.sarif import MOST_RESULTS, plain_message, report
from reconciler.report.subject import Links, Subject
from tests.plan.plans import plans
from tests.report import scenes
from tests.report.golden import matches_golden
from tests.report.official import hostile_texts, json_of
from tests.report.scenes import SCENES


def run_of(subject):
    [run] = json_of(report(subject), "sarif-schema-2.1.0.json")["runs"]
    return run


def results(subject):
    return run_of(subject)["results"]


def place(result):
    [location] = result["locations"]
    return location["physicalLocation"]


def text_of(result):
    """What a reader of the standard shows: braces halved, the backslash of a bracket gone."""
    text = result["message"]["text"].replace("{{", "{").replace("}}", "}")
    return text.replace("]\\(", "](")


def many_problems(count):
    found = (Problem(Source("a.yaml", n + 1), "unknown-field", f"no {n}", "") for n in range(count))
    return Subject(command="validate", problems=tuple(found))


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_is_valid(scene):
    run_of(SCENES[scene]())


@pytest.mark.parametrize("scene", ["conflicts", "blocked", "unreadable", "redacted"])
def test_the_whole_text(scene):
    matches_golden(f"report_sarif_{scene}", report(SCENES[scene]()))


@pytest.mark.parametrize("scene", SCENES)
def test_every_result_names_its_rule_and_the_place_that_github_needs(scene):
    run = run_of(SCENES[scene]())
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["defaultConfiguration"]["level"] == result["level"]
        assert place(result)["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert len(rule["shortDescription"]["text"]) <= 1_024
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_problems_are_errors_on_their_line_and_column():
    first = results(scenes.problems())[0]
    assert (first["ruleId"], first["level"]) == ("unknown-field", "error")
    assert place(first)["region"] == {"startLine": 4, "startColumn": 5}
    assert place(first)["artifactLocation"]["uri"] == "contact-centre/specs/a.yaml"


def test_the_version_is_the_one_that_made_the_plan_or_else_this_one():
    assert run_of(scenes.one())["tool"]["driver"]["version"] == "0.1.0"
    assert run_of(scenes.problems())["tool"]["driver"]["version"] == __version__


def test_columns_count_code_points_as_the_yaml_reader_does():
    assert run_of(scenes.one())["columnKind"] == "unicodeCodePoints"


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("specs/a b.yaml", "specs/a%20b.yaml"),
        ("specs/é%#?.yaml", "specs/%C3%A9%25%23%3F.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
        ("\udcff.yaml", "%ED%B3%BF.yaml"),
    ],
)
def test_a_path_is_a_relative_uri(file, uri):
    problems = (Problem(Source(file), "code", "said", ""),)
    subject = Subject(command="validate", problems=problems, links=Links(prefix="sub/"))
    [result] = results(subject)
    assert place(result)["artifactLocation"]["uri"] == f"sub/{uri}"


def test_as_many_as_github_takes_are_not_cut():
    [run] = json.loads(report(many_problems(MOST_RESULTS)))["runs"]
    found = run["results"]
    assert len(found) == MOST_RESULTS
    assert found[0]["ruleId"] == "unknown-field"


def test_more_than_github_takes_are_cut_and_the_first_result_says_so():
    [run] = json.loads(report(many_problems(MOST_RESULTS + 5)))["runs"]
    assert len(run["results"]) == MOST_RESULTS
    first = run["results"][0]
    assert first["ruleId"] == run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "cut"
    assert first["message"]["text"].startswith("6 results of 25,005 left out: 25,000 are the most")


def test_fifty_thousand_changes_are_a_result_for_each_line():
    found = results(scenes.fifty_thousand())
    assert len(found) == 1_000
    assert "on 50 cases of prod" in found[0]["message"]["text"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{0} and }", "{{0}} and }}"),
        ("[x](1)", "[x]\\(1)"),
        ("[x] (1)", "[x] (1)"),
    ],
)
def test_a_message_holds_no_placeholder_and_no_link(text, expected):
    assert plain_message(text) == expected


@settings(max_examples=150, deadline=None)
@given(hostile_texts)
def test_any_text_of_a_plan_comes_back_visible_and_complete(text):
    seen = visible(text)
    allowing = visible(Limit.FIELDS.facts.lifted(2, text))
    found = results(scenes.hostile((text,)))
    by_rule = {one["ruleId"]: text_of(one) for one in found}
    assert by_rule["guard-field"] == f"{seen}: {seen}; to allow it: {allowing}"
    assert by_rule["unreadable"] == f"{seen} of {seen} could not be read: not-found: {seen}"
    assert f"B {seen}: (empty) → " in by_rule["conflict"]
    assert f"policy {seen}, overrides {seen}, on case " in by_rule["clear"]
    assert f"by {seen} as {seen} at commit {seen}: " in by_rule["conflict"]
    for one in found:
        uri = place(one)["artifactLocation"]["uri"]
        assert unquote(uri, errors="surrogatepass") == f"contact-centre/{text}"
        assert "](" not in one["message"]["text"]
        assert not re.search("[{}]", re.sub(r"\{\{|\}\}", "", one["message"]["text"]))


@settings(max_examples=100, deadline=None)
@given(hostile_texts)
def test_any_text_of_a_problem_comes_back_visible_and_complete(text):
    seen = visible(text)
    [one] = results(scenes.hostile_problems((text,)))
    assert one["ruleId"] == seen
    assert text_of(one) == f"{seen} ({seen})"


@settings(max_examples=50, deadline=None)
@given(hostile_texts)
def test_any_text_of_an_outcome_comes_back_visible_and_complete(text):
    seen = visible(text)
    told = {one["ruleId"]: text_of(one) for one in results(scenes.hostile_apply((text,)))}
    named = f"case {seen} of {seen}: "
    assert (
        told["apply-failed"]
        == f"{named}failed, nothing of the case was changed: {seen}: {seen} (request {seen})"
    )
    assert told["apply-not-attempted"] == f"{named}not attempted: {seen}"


@settings(max_examples=60, deadline=None)
@given(plans, st.sampled_from(["plan", "drift", "show", "apply"]))
def test_a_plan_of_any_shape_is_valid(plan, command):
    results(Subject(command=command, plan=plan, links=Links(prefix="sub/")))
