"""Conflicts stand first in every report, marked, with who and when and the ways out."""

import html
import json
from dataclasses import replace

import pytest

from reconciler.config.model import Limits
from reconciler.report.formats import FORMATS, report
from tests.report import scenes

TOLD = sorted(set(FORMATS) - {"terraform"})  # which holds counts alone
CASE = scenes.case_id(3)
AGAIN = "take the spec's value"


def told(name, subject):
    """The report as it is read: marks of HTML, XML, JSON and SARIF taken off."""
    text = html.unescape(report(name, subject)).replace("{{", "{").replace("}}", "}")
    return text.replace("`", "")


def limited(most):
    return replace(scenes.conflicts(), limits={"prod": Limits(conflicts=most)})


def flagged(most):
    return replace(scenes.conflicts(), allowed_conflicts=most)


@pytest.mark.parametrize("name", TOLD)
def test_every_report_marks_a_conflict_and_says_who_when_and_the_three_ways_out(name):
    said = told(name, scenes.conflicts())
    for part in ("--allow-conflicts 1", "limits: {conflicts: 1}", "reconcile accept"):
        assert part in said
    assert "reconcile ignore" in said and "crm-sync" in said
    assert "! " in said and "2026-12-01" in said
    assert "not written" in said or "does not write" in said


@pytest.mark.parametrize("name", sorted(set(TOLD) - {"annotations"}))
def test_the_conflict_is_the_first_case_of_every_report(name):
    """Annotations are about lines of specs, and name no case."""
    said = told(name, scenes.conflicts()).partition("<tbody>")[2] if name == "html" else None
    said = said or told(name, scenes.conflicts())
    short = CASE[:13]
    others = [scenes.case_id(at)[:13] for at in (1, 2, 4, 5, 6, 7, 8, 9)]
    found = [said.index(one) for one in others if one in said]
    assert said.index(short) < min(found, default=len(said))


@pytest.mark.parametrize("subject", [limited(1), limited(9), flagged(1), flagged(9)])
@pytest.mark.parametrize("name", TOLD)
def test_a_conflict_that_is_allowed_is_never_told_as_not_written(name, subject):
    said = told(name, subject)
    assert "not written" not in said and "does not write" not in said
    assert "allows it" in said
    assert "reconcile accept" in said and "reconcile ignore" in said


@pytest.mark.parametrize(
    "subject", [limited(0), flagged(0), replace(limited(9), allowed_conflicts=0)]
)
@pytest.mark.parametrize("name", TOLD)
def test_a_conflict_is_not_written_where_fewer_are_allowed(name, subject):
    said = told(name, subject)
    assert "not written" in said or "does not write" in said
    assert AGAIN in said and "allows it" not in said


@pytest.mark.parametrize("name", TOLD)
def test_without_a_config_nobody_claims_to_know_what_it_allows(name):
    said = told(name, replace(scenes.conflicts(), limits={}))
    assert "unless limits: {conflicts: N} of the config allows as many" in said


def test_what_is_left_alone_is_not_counted_among_what_terraform_would_change():
    def count(subject):
        return json.loads(report("terraform", subject))["update"]

    assert count(limited(1)) == count(limited(0)) + 1 == scenes.conflicts().plan.changed_cases


def test_json_lists_the_values_before_the_targets():
    data = report("json", scenes.conflicts())
    assert data.index('"conflicts": [') < data.index('"targets": [')
    (one,) = json.loads(data)["conflicts"]
    assert (one["target"], one["case_id"], one["by"]) == ("prod", CASE, "crm-sync")
    assert [way["what"] for way in one["ways_out"]] == [
        "take the spec's value",
        "keep the live one",
        "stop managing it",
    ]
    assert "conflicts" not in json.loads(report("json", scenes.one()))
