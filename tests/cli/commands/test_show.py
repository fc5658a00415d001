"""A saved plan is shown offline, whole or not at all."""

import json

import pytest

from reconciler.model.plan import Sealed
from reconciler.plan.file.data import to_data
from tests.builders import a_plan, case_change, field_change, target_plan


def test_a_plan_is_shown_as_text(empty):
    status, out, err = empty.run("show", empty.plan())
    assert (status, err) == (0, "")
    assert 'Note  "old" → "new"' in out
    assert "Plan: 1 field on 1 case" in out


def test_a_plan_is_shown_as_json_the_same_as_in_its_file(empty):
    name = empty.plan()
    status, out, _ = empty.run("show", name, "--format", "json")
    assert status == 0
    assert json.loads(out) == json.loads((empty.path / name).read_text())


def test_groups_are_named_in_full_when_asked(empty):
    changes = [case_change(f"case-{number}") for number in range(9)]
    name = empty.plan(plan=a_plan(*changes))
    assert "case-8" not in empty.run("show", name)[1]
    assert "case-8" in empty.run("show", name, "--full")[1]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text[:-20], id="cut-short"),
        pytest.param(lambda text: text.replace('"new"', '"newer"'), id="edited"),
        pytest.param(lambda text: "{}", id="foreign"),
        pytest.param(
            lambda text: text.replace('"format_version": "2.0"', '"format_version": "1.0"'),
            id="older",
        ),
    ],
)
def test_a_file_that_is_no_whole_plan_ends_with_five(empty, spoil):
    path = empty.path / empty.plan()
    path.write_text(spoil(path.read_text()))
    status, out, err = empty.run("show", "plan.json")
    assert (status, out) == (5, "")
    assert "plan.json" in err


def test_two_plans_are_compared_in_words(empty):
    one = empty.plan("a.json")
    two = empty.plan("b.json", a_plan(case_change("c1", field_change("note", "old", "other"))))
    status, out, _ = empty.run("show", one, "--against", two)
    assert status == 0
    assert out == "changed: prod case c1, Note: 'old' -> 'new'; now 'old' -> 'other'\n"


def test_two_plans_of_the_same_changes_are_said_to_be(empty):
    one, two = empty.plan("a.json"), empty.plan("b.json", created_at="2027-01-01T00:00:00Z")
    assert empty.run("show", one, "--against", two)[1] == "the two plans make the same changes\n"


def test_hostile_text_in_a_plan_does_nothing_to_the_terminal(empty):
    change = field_change("note", "\x1b[31mred\u202e", "\ud83d half")
    name = empty.plan(plan=a_plan(case_change("c1", change, title="\x1b]0;owned\x07")))
    for arguments in (["show", name], ["show", name, "--full"]):
        status, out, _ = empty.run(*arguments)
        assert status == 0
        assert all(line.isprintable() for line in out.splitlines())


def test_json_takes_any_text(empty):
    plan = a_plan(case_change("c1", field_change("note", "\x1b\u2028", "\ud83d half")))
    status, out, _ = empty.run("show", empty.plan(plan=plan), "--format", "json")
    assert status == 0
    assert json.loads(out)["targets"] == to_data(plan)["targets"]


def test_sealed_values_stay_sealed(empty):
    change = field_change("note", None, Sealed("ab" * 32))
    assert (
        "(sensitive #abab)"
        in empty.run("show", empty.plan(plan=a_plan(case_change("c1", change))))[1]
    )


def test_plans_of_several_jobs_are_shown_as_one(empty):
    us = empty.plan(plan=a_plan(target_plan(case_change("c1"), name="us")))
    (empty.path / us).rename(empty.path / "us.json")
    eu = empty.plan(plan=a_plan(target_plan(case_change("c2"), name="eu")))
    status, out, err = empty.run("show", "--join", "us.json", eu, "--format", "markdown")
    assert (status, err) == (0, "")
    assert "2 cases, 2 fields" in out
    assert out.index("### `us`") < out.index("### `eu`")
    status, _, err = empty.run("show", "us.json", eu)
    assert status == 1 and "--join" in err
    status, _, err = empty.run("show", "--join", "us.json", "us.json")
    assert status == 1 and "target us is in two of the plans" in err
