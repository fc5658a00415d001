"""What later steps of a workflow can read."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.report.github.outputs import outputs
from tests.report import scenes
from tests.report.markdown.test_escaping import texts

ALWAYS = {
    "changes",
    "blocked",
    "cases",
    "fields",
    "conflicts",
    "drift",
    "unreadable",
    "unclassified",
    "failed-targets",
    "problems",
    "digest",
    "plan-path",
    "summary",
}
COUNTS = {
    "applied",
    "already-done",
    "conflict",
    "failed",
    "unknown",
    "unverified",
    "not-attempted",
    "unclassified-written",
    "complete",
}


def read_back(found):
    """The values as the runner reads them from a step's output file."""
    values = {}
    for line in "".join(f"{name}={value}\n" for name, value in found.items()).split("\n"):
        if line:
            name, _, value = line.partition("=")
            assert "<<" not in name
            values[name] = value
    return values


@pytest.mark.parametrize("name", sorted(scenes.SCENES))
def test_every_scene_has_every_output_on_one_line(name):
    found = outputs(scenes.SCENES[name](), "plan.json")
    expected = ALWAYS | COUNTS if found.keys() & COUNTS else ALWAYS
    assert found.keys() == expected
    assert read_back(found) == found
    assert all(value.isascii() and value.isprintable() for value in found.values())
    assert all(re.fullmatch("[a-z-]+", name) for name in found)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param(
            "nothing",
            {"changes": "false", "cases": "0", "summary": "no changes", "plan-path": "plan.json"},
            id="nothing-to-change",
        ),
        pytest.param(
            "one",
            {
                "changes": "true",
                "cases": "1",
                "summary": "1 field on 1 case to change, 1 unclassified",
            },
            id="one",
        ),
        pytest.param(
            "blocked",
            {
                "blocked": "true",
                "summary": "60 fields on 30 cases to change, 60 unclassified, blocked by a guard",
            },
            id="blocked",
        ),
        pytest.param(
            "conflicts",
            {
                "conflicts": "1",
                "drift": "2",
                "summary": "9 fields on 9 cases to change, 1 in conflict, 2 drifted",
            },
            id="classes",
        ),
        pytest.param(
            "unreadable",
            {
                "unreadable": "3",
                "summary": "2 fields on 2 cases to change, 2 unclassified, 3 unreadable",
            },
            id="unknown-cases",
        ),
        pytest.param(
            "apply_done",
            {"applied": "3", "failed": "0", "complete": "true", "summary": "3 applied"},
            id="applied",
        ),
        pytest.param(
            "apply_mixed",
            {"applied": "10", "conflict": "2", "not-attempted": "22", "complete": "false"},
            id="applied-in-part",
        ),
        pytest.param(
            "problems",
            {"problems": "12", "digest": "", "summary": "12 problems in specs"},
            id="problems",
        ),
        pytest.param("no_problems", {"summary": "no problems in specs"}, id="no-problems"),
    ],
)
def test_what_a_scene_says(name, expected):
    found = outputs(scenes.SCENES[name](), "plan.json")
    assert {key: found[key] for key in expected} == expected


def test_an_apply_of_nothing_says_so():
    found = outputs(replace(scenes.apply_done(), outcomes=()), "")
    assert (found["summary"], found["complete"]) == ("nothing to do", "true")


@pytest.mark.parametrize("path", ["a\nchanges=false", "a\r\nb", "a\rb", "a\u2028b", "a\n"])
def test_a_path_that_would_set_other_outputs_is_not_told(path):
    assert outputs(scenes.one(), path)["plan-path"] == ""


@settings(max_examples=30, deadline=None)
@given(st.lists(texts, min_size=1, max_size=3).map(tuple))
def test_no_text_of_a_stranger_is_in_an_output(hostile):
    for scene in (scenes.hostile, scenes.hostile_apply, scenes.hostile_problems):
        found = outputs(scene(hostile), "")
        assert all(re.fullmatch("[a-z0-9, -]*", value) for value in found.values())
