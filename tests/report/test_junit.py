"""JUnit XML: what passes, what fails, and that every reader can read it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.report.escaping import visible
from reconciler.report.junit import report
from reconciler.report.subject import Links, Subject
from tests.plan.plans import plans
from tests.report import scenes
from tests.report.golden import matches_golden
from tests.report.official import hostile_texts, junit_of
from tests.report.scenes import SCENES


def root_of(subject):
    return junit_of(report(subject))


def results(subject):
    """Each test's name and what it ended as."""
    found = {}
    for test in root_of(subject).iter("testcase"):
        ended = [child.tag for child in test if child.tag != "system-out"]
        found[test.get("name")] = ended[0] if ended else "passed"
    return found


def counted(subject):
    found = list(results(subject).values())
    return {kind: found.count(kind) for kind in sorted(set(found))}


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_is_valid_to_both_schemas(scene):
    root_of(SCENES[scene]())


@pytest.mark.parametrize(
    "scene", ["conflicts", "blocked", "unreadable", "redacted", "apply_mixed", "problems"]
)
def test_the_whole_text(scene):
    matches_golden(f"report_junit_{scene}", report(SCENES[scene]()))


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        pytest.param(scenes.nothing, {"passed": 1}, id="in-sync-is-not-listed"),
        pytest.param(scenes.one, {"passed": 2}, id="a-change-passes"),
        pytest.param(scenes.conflicts, {"failure": 3, "passed": 7}, id="drift-and-conflict-fail"),
        pytest.param(scenes.drifted, {"failure": 3, "passed": 7}, id="and-under-drift"),
        pytest.param(scenes.blocked, {"failure": 4, "passed": 30}, id="each-guard-fails"),
        pytest.param(scenes.unreadable, {"error": 3, "passed": 3}, id="unreadable-is-an-error"),
        pytest.param(
            scenes.apply_mixed, {"failure": 5, "passed": 11, "skipped": 22}, id="outcomes"
        ),
        pytest.param(scenes.apply_done, {"passed": 3}, id="all-applied"),
        pytest.param(scenes.problems, {"failure": 2}, id="a-test-a-file"),
        pytest.param(scenes.no_problems, {"passed": 1}, id="no-problem"),
    ],
)
def test_what_passes_and_what_does_not(scene, expected):
    assert counted(scene()) == expected


@pytest.mark.parametrize("scene", SCENES)
def test_the_counts_are_those_of_the_tests(scene):
    root = root_of(SCENES[scene]())
    for element in (root, *root.iter("testsuite")):
        assert int(element.get("tests")) == len(list(element.iter("testcase")))
        assert int(element.get("failures")) == len(list(element.iter("failure")))
        assert int(element.get("errors")) == len(list(element.iter("error")))


def test_a_difference_without_a_history_fails_under_drift_only():
    assert counted(scenes.one()) == {"passed": 2}
    assert counted(replace(scenes.one(), command="drift")) == {"failure": 1, "passed": 1}


def test_cases_in_sync_are_counted_and_the_report_says_so():
    [suite] = root_of(scenes.nothing()).iter("testsuite")
    facts = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert facts["cases_in_sync"] == facts["cases_managed"] == "212"
    assert "212 cases in sync" in suite.findtext("system-out")


def test_a_failure_tells_what_who_when_and_from_what_to_what():
    [conflict] = [one for one in root_of(scenes.conflicts()).iter("failure") if "15" in one.text]
    assert conflict.get("message") == "! conflict: Priority: not written"
    for part in ("p3 → p1", "crm-sync", "2026-12-01T02:00:07Z", "p2 → p3", "specs/vip.yaml:15:7"):
        assert part in conflict.text


def test_each_target_is_a_suite_and_the_class_of_its_tests():
    root = root_of(scenes.two_targets())
    assert [suite.get("name") for suite in root] == ["prod", "training"]
    for suite in root:
        assert {test.get("classname") for test in suite.iter("testcase")} == {suite.get("name")}


def test_no_two_tests_of_a_suite_share_a_name():
    subject = scenes.unreadable()
    [target] = subject.plan.targets
    twice = replace(target, unreadable=target.unreadable * 2)
    names = [
        test.get("name")
        for test in root_of(replace(subject, plan=replace(subject.plan, targets=(twice,)))).iter(
            "testcase"
        )
    ]
    assert len(names) == len(set(names)) == 9


def test_gitlab_finds_no_attachment_in_a_value():
    subject = scenes.hostile(("[[ATTACHMENT|../../secret]]",))
    for test in root_of(subject).iter("testcase"):
        assert not (test.findall("failure") + test.findall("error") and test.findall("system-out"))


def test_fifty_thousand_cases_are_all_there():
    assert len(list(root_of(scenes.fifty_thousand()).iter("testcase"))) == 50_001


@settings(max_examples=150, deadline=None)
@given(hostile_texts)
def test_any_text_of_a_plan_comes_back_visible_and_complete(text):
    seen = visible(text)
    [suite] = root_of(scenes.hostile((text,)))
    facts = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert suite.get("name") == facts["domain"] == facts["region"] == seen
    case, guard, unreadable = suite.findall("testcase")  # it is in conflict, and so the first
    assert guard.get("name") == f"guards: field ({seen})"
    assert guard.findtext("failure").startswith(f"{seen}\n")
    assert case.get("name").endswith(f"{seen} {seen}")
    told = case.findtext("failure")
    assert f"B {seen}: (empty) → " in told
    assert f"by {seen} as {seen} at commit {seen}: " in told
    assert f"policy {seen}, overrides {seen}" in told
    assert unreadable.get("name") == seen
    assert f"not-found: {seen} (contact-centre/{seen}:3:1)" in unreadable.findtext("error")
    assert f"{seen}, until {seen} (contact-centre/{seen}:4:1)" in suite.findtext("system-out")


@settings(max_examples=100, deadline=None)
@given(hostile_texts)
def test_any_text_of_a_problem_comes_back_visible_and_complete(text):
    seen = visible(text)
    [test] = root_of(scenes.hostile_problems((text,))).iter("testcase")
    path = f"contact-centre/{seen}"
    assert test.get("name") == path
    assert test.findtext("failure") == f"1 problem\n{path}:1:2: {seen}: {seen} ({seen})"


@settings(max_examples=100, deadline=None)
@given(hostile_texts)
def test_any_text_of_an_outcome_comes_back_visible_and_complete(text):
    seen = visible(text)
    told = ["".join(test.itertext()) for test in root_of(scenes.hostile_apply((text,)))[0]]
    assert any(f"last updated {seen} by {seen}" in one for one in told)
    assert any(f"was changed: {seen}: {seen} (request {seen})" in one for one in told)
    assert any(f"not attempted: {seen}" in one for one in told)


@settings(max_examples=60, deadline=None)
@given(plans, st.sampled_from(["plan", "drift", "show", "apply"]))
def test_a_plan_of_any_shape_is_valid(plan, command):
    root_of(Subject(command=command, plan=plan, links=Links(prefix="sub/")))
