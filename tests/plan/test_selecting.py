"""The part of a plan that selectors name, and what is said of a name that stands for nothing."""

import re
from dataclasses import replace

import pytest

from reconciler.errors import ReconcilerError
from reconciler.model.selectors import Selectors
from reconciler.plan.file.data import identity
from reconciler.plan.selecting import selected
from tests.builders import a_plan, case_change, field_change, target_plan

NOTE = replace(field_change("note", "a", "b"), name="Note", spec="named")
SCORE = replace(field_change("score", 1.0, 2.0), name="Score", spec="rule", policy="rule")
PLAN = a_plan(
    replace(target_plan(case_change("c1", NOTE), case_change("c2", SCORE)), name="staging"),
    replace(target_plan(case_change("c3", NOTE, SCORE)), name="prod"),
)
ALL = {("staging", "c1", "note"), ("staging", "c2", "score")}
ALL |= {("prod", "c3", "note"), ("prod", "c3", "score")}


def values(plan):
    """Every value that the plan would write."""
    return {
        (target.name, str(change.case_id), str(entry.id))
        for target in plan.targets
        for change in target.changes
        for entry in change.fields
    }


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        pytest.param({}, ALL, id="nothing-named"),
        pytest.param({"targets": ["prod"]}, {one for one in ALL if one[0] == "prod"}, id="target"),
        pytest.param({"targets": ["prod", "staging"]}, ALL, id="both-targets"),
        pytest.param({"cases": ["c1"]}, {("staging", "c1", "note")}, id="case"),
        pytest.param({"fields": ["NOTE"]}, {one for one in ALL if one[2] == "note"}, id="field"),
        pytest.param({"specs": ["named"]}, {one for one in ALL if one[2] == "note"}, id="spec"),
        pytest.param({"specs": ["rule"]}, {one for one in ALL if one[2] == "score"}, id="its-spec"),
        pytest.param(
            {"policies": ["rule"]}, {one for one in ALL if one[2] == "score"}, id="policy"
        ),
        pytest.param({"specs": ["named"], "policies": ["rule"]}, ALL, id="spec-or-policy"),
        pytest.param(
            {"targets": ["prod"], "policies": ["rule"]}, {("prod", "c3", "score")}, id="narrower"
        ),
    ],
)
def test_each_kind_narrows_the_plan_and_the_kinds_narrow_each_other(chosen, wanted):
    part = selected(PLAN, Selectors(**{kind: tuple(names) for kind, names in chosen.items()}))
    assert values(part) == wanted
    assert identity(part) == identity(PLAN)
    assert {one.cases_managed for one in part.targets} <= {
        one.cases_managed for one in PLAN.targets
    }


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"targets": ["prd"]}, 'targets prd: the plan has no such target; did you mean "prod"?'),
        ({"cases": ["c9"]}, "cases c9: the plan has no such case"),
        ({"fields": ["Nota"]}, 'fields Nota: the plan has no such field; did you mean "Note"?'),
        ({"specs": ["nmed"]}, 'specs nmed: the plan has no such spec; did you mean "named"?'),
        ({"policies": ["named"]}, "policies named: the plan has no such policy; known: rule"),
        ({"targets": ["x"], "cases": ["y"]}, "cases y: the plan has no such case"),
        ({"cases": ["c1"], "fields": ["Score"]}, "nothing in the plan is meant by all of these"),
    ],
)
def test_a_name_that_stands_for_nothing_is_an_error_with_the_nearest_of_its_kind(chosen, said):
    with pytest.raises(ReconcilerError, match=re.escape(said)):
        selected(PLAN, Selectors(**{kind: tuple(names) for kind, names in chosen.items()}))


def test_a_name_of_two_fields_of_one_domain_asks_for_an_id():
    other = replace(field_change("note2", "a", "b"), name="Note", spec="named")
    twice = a_plan(target_plan(case_change("c1", NOTE, other)))
    with pytest.raises(
        ReconcilerError, match="is the name of 2 fields; name one by its id: note, n"
    ):
        selected(twice, Selectors(fields=("Note",)))
    assert values(selected(twice, Selectors(fields=("note2",)))) == {("prod", "c1", "note2")}


def test_a_name_of_one_field_in_each_of_two_domains_means_both():
    other = replace(field_change("note2", "a", "b"), name="Note", spec="named")
    first, second = target_plan(case_change("c1", NOTE)), target_plan(case_change("c1", other))
    plan = a_plan(first, replace(second, name="second"))
    assert len(values(selected(plan, Selectors(fields=("Note",))))) == 2
