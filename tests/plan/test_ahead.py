"""Histories are begun as cases are found to differ, and never more than are asked for."""

from dataclasses import replace

import pytest

from reconciler.errors import NotFound
from reconciler.plan.ahead import MOST, Ahead
from reconciler.read.preparing import prepare
from reconciler.service.ports import HistoryAccess
from tests.builders import cases_spec, spec_case, spec_set
from tests.fakes import world_of
from tests.history.test_attribution import FakeGit, event
from tests.plan.test_planning import access

SPEC = cases_spec(spec_case("c000", note="y"))


@pytest.fixture
def world():
    return world_of(3, note="x")


def ahead_of(world, most, opened=None):
    def histories():
        if opened is not None:
            opened.append("opened")
        return HistoryAccess(world, FakeGit())

    reached = replace(access(world), history=histories)
    return Ahead(prepare(spec_set(SPEC), reached, default="prod"), most, lambda *_: None)


def test_a_history_is_asked_for_once_begun_or_not(world):
    world.histories["c000"] = [event(1, ("note", "y", "x"))]
    ahead = ahead_of(world, 1)
    ahead.found("c000")
    ahead.found("c001")  # one more than are asked for
    assert [one in ahead for one in ("c000", "c001")] == [True, False]
    assert [one.event_id for one in ahead.of("c000")] == ["e1"]
    assert ahead.of("c001") == ()
    assert sorted(world.calls("GetCaseAuditEvents")) == [
        ("GetCaseAuditEvents", "c000"),
        ("GetCaseAuditEvents", "c001"),
    ]
    ahead.close()


def test_nothing_is_opened_before_a_case_differs_and_then_once(world):
    opened = []
    ahead = ahead_of(world, 5, opened)
    assert ahead.opened() is None
    assert opened == []
    ahead.found("c000")
    ahead.found("c001")
    assert opened == ["opened"]
    assert ahead.opened().access.audit is world
    ahead.close()


@pytest.mark.parametrize("most", [0, -1])
def test_where_none_is_asked_for_none_is_begun(world, most):
    opened = []
    ahead = ahead_of(world, most, opened)
    ahead.found("c000")
    assert (opened, "c000" in ahead) == ([], False)


def test_a_target_without_histories_begins_none(world):
    ahead = Ahead(prepare(spec_set(SPEC), access(world), default="prod"), 5, lambda *_: None)
    ahead.found("c000")
    assert "c000" not in ahead


def test_what_waits_in_memory_is_bounded(world):
    ahead = ahead_of(world, 10 * MOST)
    for number in range(MOST + 100):
        ahead.found(f"c{number}")
    assert sum(f"c{number}" in ahead for number in range(MOST + 100)) == MOST
    ahead.close()


def test_a_history_that_cannot_be_read_says_why(world):
    world.fail("GetCaseAuditEvents", NotFound("gone", code="ResourceNotFoundException"))
    ahead = ahead_of(world, 1)
    ahead.found("c000")
    assert isinstance(ahead.of("c000"), NotFound)
    ahead.close()
