"""The policies that `init --policy` writes say of real plans what their comments promise."""

import json
from importlib.resources import files

import pytest
from regopy import Interpreter

from reconciler.model.classes import ChangeClass
from reconciler.model.plan import Git
from reconciler.plan.file.data import to_data
from tests.builders import a_plan, case_change, field_change, target_plan

POLICY = (files("reconciler.cli") / "starter" / "policy.rego").read_text(encoding="utf-8")


def said(rule: str, plan) -> list[str]:
    """The messages of one rule about a plan."""
    rego = Interpreter()
    rego.add_module("policy", POLICY)
    rego.set_input(to_data(plan))
    found = json.loads(str(rego.query(f"data.main.{rule}")))
    return found["expressions"][0]


def change(case="c1", **more):
    return case_change(case, field_change(**{"owner": "care-ops", **more}))


def closing(count):
    return [change(f"c{n}", id="status", before="open", after="closed") for n in range(count)]


def test_init_writes_them_only_when_asked_to(empty):
    assert empty.run("init", "plain")[0] == 0
    assert not (empty.path / "plain" / "policy").exists()
    assert empty.run("init", "strict", "--policy")[0] == 0
    assert (empty.path / "strict" / "policy" / "reconcile.rego").read_text() == POLICY


def test_an_ordinary_plan_passes():
    plan = a_plan(change(), *closing(50))
    assert (said("deny", plan), said("warn", plan)) == ([], [])


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        pytest.param(
            a_plan(change(), git=Git("c0ffee", "main", True)), "not committed", id="uncommitted"
        ),
        pytest.param(
            a_plan(change(id="customer_id", after=None)), "may not be cleared", id="cleared"
        ),
        pytest.param(
            a_plan(change(id="f-1", name="Case reason", after=None)),
            "Case reason may not be cleared",
            id="cleared-by-name",
        ),
        pytest.param(a_plan(*closing(51)), "51 cases would be closed", id="closed"),
        pytest.param(a_plan(change(owner="")), "specs/a.yaml:7: this spec names no", id="owner"),
        pytest.param(
            a_plan(change(change_class=ChangeClass.CONFLICT)), "changed by others", id="conflict"
        ),
    ],
)
def test_each_rule_denies_what_it_is_about(plan, message):
    (found,) = said("deny", plan)
    assert message in found


def test_other_targets_need_no_owner():
    assert said("deny", a_plan(target_plan(change(owner=""), name="demo"))) == []


def test_what_is_put_back_is_told_and_not_denied():
    plan = a_plan(change(change_class=ChangeClass.DRIFT))
    assert said("deny", plan) == []
    assert said("warn", plan) == ["case c1: Note will be restored"]
