"""Several targets are told a line each, before anything else about one of them."""

from dataclasses import replace

import pytest

from reconciler.model.event import Applied, Failed
from reconciler.report.markdown.whole import report
from reconciler.report.subject import Subject
from tests.builders import a_plan, case_change, target_plan

CHANGED = target_plan(case_change("c1"), case_change("c2"), name="prod")
SYNCED = target_plan(name="training", managed=4)
DEAD = replace(target_plan(name="dead", account="", region=""), error="target dead: no | way\n# x")


def told(*targets, command="plan", outcomes=()):
    return report(Subject(command=command, plan=a_plan(*targets), outcomes=outcomes)).split("\n")


def test_a_plan_of_several_targets_begins_with_a_line_for_each():
    lines = told(CHANGED, SYNCED, DEAD)
    table = lines.index("| target | account and Region | changes |")
    assert not any(line.startswith("###") for line in lines[:table])
    found = lines[table + 2 : table + 5]
    assert "prod" in found[0] and "2 cases, 2 fields" in found[0]
    assert "no changes" in found[1]
    assert "**not planned**" in found[2] and "*not known*" in found[2]
    assert "no \\| way" in found[2] and "target dead" not in found[2]


@pytest.mark.parametrize("command", ["plan", "drift"])
def test_one_target_needs_no_table(command):
    assert "account and Region" not in "\n".join(told(CHANGED, command=command))


def test_an_apply_says_how_each_target_ended():
    outcomes = (
        Applied(target="prod", case_id="c1", request_id="r"),
        Failed(target="prod", case_id="c2", code="x", message="y"),
    )
    lines = told(CHANGED, SYNCED, DEAD, command="apply", outcomes=outcomes)
    table = lines.index("| target | account and Region | result |")
    assert "1 applied, 1 failed" in lines[table + 2]
    assert "nothing to do" in lines[table + 3]
    assert "**not applied**" in lines[table + 4]
