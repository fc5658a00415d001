"""The rest of an apply: what is tried again, what needs a new decision, what is over."""

from dataclasses import replace

import pytest

from reconciler.apply.retry_plan import conflicts, retry_plan, to_try_again
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    NotAttempted,
    Unknown,
    Unverified,
)
from reconciler.model.guards import Guard
from reconciler.model.plan import Blocker, Estimate, IgnoredField, UnreadableCase
from reconciler.model.receipt import Receipt, RunFacts
from reconciler.plan.file.data import identity
from tests.apply.running import ABOUT
from tests.builders import AT, a_plan, case_change, target_plan

CONFLICT = Conflict(**ABOUT, fields=(), changed_by="", changed_at="")
ENDS = [
    pytest.param(Applied(**ABOUT, request_id="r"), False, id="applied"),
    pytest.param(AlreadyDone(**ABOUT), False, id="already-done"),
    pytest.param(CONFLICT, False, id="conflict"),
    pytest.param(Failed(**ABOUT, code="x", message="y"), True, id="failed"),
    pytest.param(Unknown(**ABOUT, message="y"), True, id="unknown"),
    pytest.param(Unverified(**ABOUT, request_id="r", fields=()), True, id="unverified"),
    pytest.param(NotAttempted(**ABOUT, reason="limit"), True, id="not-attempted"),
]
GONE = UnreadableCase("c9", "not-found", "no such case", AT)


def rest(plan, *outcomes):
    facts = RunFacts(
        run_id="r1",
        started_at="2026-12-01T09:00:00Z",
        finished_at="2026-12-01T09:01:00Z",
        complete=True,
        actor="me",
        tool_version="0.1.0",
    )
    return retry_plan(Receipt(run=facts, plan=plan, outcomes=outcomes))


def cases(plan):
    return [(target.name, one.case_id) for target in plan.targets for one in target.changes]


@pytest.mark.parametrize(("outcome", "again"), ENDS)
def test_what_did_not_come_to_its_end_is_tried_again_and_the_rest_is_not(outcome, again):
    assert bool(cases(rest(a_plan(case_change("c1")), outcome))) is again
    assert bool(to_try_again([outcome])) is again


def test_a_case_that_was_never_reached_is_in_the_rest():
    plan = a_plan(case_change("c1"), case_change("c2"))
    assert cases(rest(plan, Applied(**ABOUT, request_id="r"))) == [("prod", "c2")]


def test_a_case_of_the_same_id_in_another_domain_is_another_case():
    plan = a_plan(
        target_plan(case_change("c1")), target_plan(case_change("c1"), name="test"), part_of="d"
    )
    assert cases(rest(plan, Applied(**ABOUT, request_id="r"))) == [("test", "c1")]


@pytest.mark.parametrize(
    ("more", "stays"),
    [
        pytest.param({}, False, id="all-done"),
        pytest.param({"unreadable": (GONE,)}, True, id="a-case-could-not-be-read"),
        pytest.param({"error": "no access"}, True, id="it-could-not-be-planned"),
    ],
)
def test_a_target_without_changes_stays_only_where_it_keeps_the_rest_incomplete(more, stays):
    plan = a_plan(target_plan(case_change("c1"), **more))
    assert bool(rest(plan, Applied(**ABOUT, request_id="r")).targets) is stays


def test_nothing_said_of_the_whole_plan_is_said_of_its_rest():
    target = target_plan(
        case_change("c1"),
        case_change("c2"),
        ignored=(IgnoredField("c3", "note", "Note", "why", "", AT),),
        blocked_by=(Blocker(Guard.CASES, "prod", 2, 1, "too many"),),
        unconfirmed=2,
        estimate=Estimate({"UpdateCase": 2}, 9.0),
        bulk_estimate=Estimate({"BatchUpdateCase": 1}, 1.0),
    )
    plan = a_plan(target, part_of="5" * 64)
    found = rest(plan, Applied(**ABOUT, request_id="r"))
    [left] = found.targets
    assert (left.ignored, left.blocked_by, left.unconfirmed, left.bulk_estimate) == (
        (),
        (),
        0,
        None,
    )
    assert left.estimate.calls["UpdateCase"] == 1
    assert found.part_of == ""


def test_the_rest_is_another_plan_than_the_whole():
    plan = a_plan(case_change("c1"), case_change("c2"))
    assert identity(rest(plan, Applied(**ABOUT, request_id="r"))) != identity(plan)


def test_conflicts_are_counted_for_they_need_a_new_plan():
    assert conflicts([CONFLICT, replace(CONFLICT, case_id="c2"), AlreadyDone(**ABOUT)]) == 2
