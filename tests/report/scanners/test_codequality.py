"""GitLab's Code Quality report: the documented keys, and one fingerprint a remark."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.report.escaping import visible
from reconciler.report.scanners.codequality import report
from reconciler.report.subject import Links, Subject
from tests.plan.plans import plans
from tests.report import scenes
from tests.report.golden import matches_golden
from tests.report.official import hostile_texts, json_of
from tests.report.scenes import SCENES


def remarks(subject):
    return json_of(report(subject), "gitlab-codequality.schema.json")


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_is_valid_and_every_fingerprint_its_own(scene):
    prints = [one["fingerprint"] for one in remarks(SCENES[scene]())]
    assert len(prints) == len(set(prints))


@pytest.mark.parametrize("scene", ["conflicts", "problems"])
def test_the_whole_text(scene):
    matches_golden(f"report_codequality_{scene}", report(SCENES[scene]()))


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        pytest.param(scenes.nothing, set(), id="nothing"),
        pytest.param(scenes.one, {("set", "info")}, id="a-change"),
        pytest.param(
            scenes.conflicts,
            {("drift", "major"), ("conflict", "major"), ("set", "info")},
            id="classes",
        ),
        pytest.param(
            scenes.blocked,
            {
                *((f"guard-{name}", "blocker") for name in ("cases", "clears", "field", "percent")),
                ("clear", "minor"),
                ("set", "info"),
            },
            id="blocked",
        ),
        pytest.param(
            scenes.unreadable, {("unreadable", "critical"), ("set", "info")}, id="unreadable"
        ),
    ],
)
def test_severities(scene, expected):
    assert {(one["check_name"], one["severity"]) for one in remarks(scene())} == expected


def test_a_remark_stands_on_its_line_counted_from_the_root_of_the_repository():
    [one] = remarks(scenes.one())
    assert one["location"] == {"path": "contact-centre/specs/vip.yaml", "lines": {"begin": 9}}


def test_fifty_thousand_changes_are_a_remark_for_each_line():
    assert len(remarks(scenes.fifty_thousand())) == 1_000


@settings(max_examples=100, deadline=None)
@given(hostile_texts)
def test_any_text_comes_back_visible_and_complete(text):
    seen = visible(text)
    [one] = remarks(scenes.hostile_problems((text,)))
    assert one["check_name"] == seen
    assert one["description"] == f"{seen} ({seen})"
    assert one["location"]["path"] == f"contact-centre/{seen}"
    told = {one["check_name"]: one["description"] for one in remarks(scenes.hostile((text,)))}
    assert told["unreadable"] == f"{seen} of {seen} could not be read: not-found: {seen}"
    assert f"policy {seen}, overrides {seen}, on case " in told["clear"]


@settings(max_examples=60, deadline=None)
@given(plans, st.sampled_from(["plan", "drift", "show", "apply"]))
def test_a_plan_of_any_shape_is_valid(plan, command):
    remarks(Subject(command=command, plan=plan, links=Links(prefix="sub/")))
