"""GitLab's widget for a plan: cases to change, and never one to add or to delete."""

import pytest

from reconciler.plan.conflicts import in_conflict
from reconciler.report.gitlab import report
from tests.report import scenes
from tests.report.official import json_of
from tests.report.scenes import SCENES


@pytest.mark.parametrize("scene", [name for name in SCENES if SCENES[name]().plan])
def test_every_plan_has_all_three_counts(scene):
    subject = SCENES[scene]()
    counts = json_of(report(subject), "gitlab-terraform.schema.json")
    changes = [change for target in subject.plan.targets for change in target.changes]
    written = sum(not in_conflict(change) for change in changes)  # no scene allows any
    assert counts == {"create": 0, "update": written, "delete": 0}


@pytest.mark.parametrize(
    ("scene", "text"),
    [
        pytest.param(scenes.nothing, '{"create": 0, "update": 0, "delete": 0}\n', id="nothing"),
        pytest.param(scenes.blocked, '{"create": 0, "update": 30, "delete": 0}\n', id="clears"),
        pytest.param(scenes.two_targets, '{"create": 0, "update": 3, "delete": 0}\n', id="targets"),
    ],
)
def test_the_whole_text(scene, text):
    assert report(scene()) == text


@pytest.mark.parametrize("scene", [scenes.problems, scenes.no_problems])
def test_without_a_plan_no_count_says_that_nothing_changes(scene):
    assert report(scene()) == "{}\n"
