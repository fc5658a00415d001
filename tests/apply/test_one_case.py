"""One case is read, judged, written with only what differs, and read again."""

import pytest

from reconciler.apply.one_case import CHECK_WAITS, CaseRun
from reconciler.apply.run import ApplyOrder, Run
from reconciler.config.model import Rate
from reconciler.errors import NotFound, Unauthenticated
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    NotAttempted,
    Unknown,
    Unverified,
)
from reconciler.parallel import WORKERS
from reconciler.service.calling import ATTEMPTS
from tests.apply.running import ABOUT, BUSY, DENIED, a_world, one, run
from tests.builders import a_plan, case_change, field_change, live, target_plan
from tests.fakes import FakeWorld, world_of

EXPIRED = Unauthenticated("GetCase: expired", code="ExpiredToken", reason="sign in again")

# -- the guard before a write --------------------------------------------------------------


def test_a_case_as_planned_is_read_written_and_read_again():
    world = a_world()
    assert one(world) == Applied(**ABOUT, request_id="request-1")
    assert [call for call, _ in world.calls()] == ["GetCase", "UpdateCase", "GetCase"]
    assert world.writes == [("c1", {"note": "new"}, "reconcile:abc:def")]
    assert world.cases["c1"].values == {"note": "new"}


def test_a_case_that_is_done_already_is_not_written():
    world = a_world(note="new")
    assert one(world) == AlreadyDone(**ABOUT, about=("note",))
    assert world.count == {"GetCase": 1}


TWO = field_change("due", None, "2026-12-01T09:00:00Z"), field_change("note", "old", "new")


def test_only_the_fields_that_still_differ_are_written():
    world = a_world(note="new")
    assert isinstance(one(world, *TWO), Applied)
    assert world.writes[0][1] == {"due": "2026-12-01T09:00:00Z"}


@pytest.mark.parametrize(
    "held", [{"note": "by hand"}, {"score": 1.0}], ids=["other-value", "emptied"]
)
def test_a_value_that_somebody_changed_is_never_overwritten(held):
    world = a_world(**held)
    outcome = one(world)
    assert isinstance(outcome, Conflict)
    assert [conflict.live for conflict in outcome.fields] == [held.get("note")]
    assert world.writes == []


def test_one_conflict_keeps_every_field_of_the_case_from_being_written():
    world = a_world(note="by hand")
    outcome = one(world, *TWO)
    assert isinstance(outcome, Conflict)
    assert [conflict.field for conflict in outcome.fields] == ["note"]
    assert world.writes == []


def test_a_conflict_says_who_changed_the_case_and_when():
    world = a_world(
        note="by hand",
        last_updated_user="arn:aws:connect:jane",
        last_updated_datetime="2026-12-01T08:00:00Z",
    )
    outcome = one(world)
    assert outcome.changed_by == "arn:aws:connect:jane"
    assert outcome.changed_at == "2026-12-01T08:00:00Z"


def test_a_planned_field_that_says_who_changed_the_case_is_asked_for_once():
    world = a_world()
    one(world)
    assert sorted(world.asked[0][1]) == ["last_updated_datetime", "last_updated_user", "note"]


def test_a_clear_sends_empty():
    world = a_world()
    assert isinstance(one(world, field_change("note", "old", None)), Applied)
    assert world.writes[0][1] == {"note": None}


def test_the_same_plan_again_sends_nothing():
    world = world_of(20, note="old")
    changes = [case_change(case_id) for case_id in world.cases]
    assert {type(outcome) for outcome in run(world, *changes)} == {Applied}
    written = len(world.writes)
    assert {type(outcome) for outcome in run(world, *changes)} == {AlreadyDone}
    assert (written, len(world.writes)) == (20, 20)


# -- what goes wrong -----------------------------------------------------------------------


def test_a_case_that_cannot_be_read_is_not_written():
    world = a_world()
    del world.cases["c1"]
    outcome = one(world)
    assert isinstance(outcome, Failed)
    assert outcome.code == "ResourceNotFoundException"
    assert world.writes == []


def test_a_refused_write_says_why_and_with_which_request():
    world = a_world()
    world.fail("UpdateCase", DENIED)
    assert one(world) == Failed(
        **ABOUT, code="AccessDeniedException", message=str(DENIED), request_id="r-9"
    )


def test_a_write_that_stays_unavailable_failed_and_nothing_was_changed():
    world = a_world()
    world.fail("UpdateCase", *[BUSY] * 100)
    outcome = one(world)
    assert isinstance(outcome, Failed)
    assert f"gave up after {ATTEMPTS} attempts, " in outcome.message
    assert world.cases["c1"].values == {"note": "old"}


def test_one_failing_case_does_not_keep_the_others_from_being_written():
    world = world_of(10, note="old")
    world.fail("UpdateCase", DENIED, on="c003")
    outcomes = run(world, *(case_change(case_id) for case_id in world.cases))
    assert [type(outcome) for outcome in outcomes].count(Applied) == 9
    assert isinstance(outcomes[3], Failed)


def test_outcomes_come_in_the_plans_order():
    world = world_of(40, note="old")
    outcomes = run(world, *(case_change(case_id) for case_id in sorted(world.cases)))
    assert [outcome.case_id for outcome in outcomes] == sorted(world.cases)


def test_an_unexpected_error_is_not_swallowed():
    world = a_world()
    world.fail("GetCase", ValueError("a bug"))
    with pytest.raises(ValueError, match="a bug"):
        one(world)


def test_once_the_credentials_are_refused_no_other_case_is_attempted():
    world = FakeWorld.holding(*(live(f"c{at}", note="old") for at in range(200)))
    world.fail("GetCase", EXPIRED, on="c3")
    world.fail("UpdateCase", *[EXPIRED] * 99)
    outcomes = run(world, *(case_change(f"c{at}") for at in range(200)))
    assert {type(outcome) for outcome in outcomes} <= {Failed, NotAttempted}
    assert {one.reason for one in outcomes if isinstance(one, NotAttempted)} == {EXPIRED.reason}
    assert len(world.calls()) <= 2 * WORKERS
    assert world.writes == []


def test_a_written_case_is_unsure_when_the_credentials_end_before_its_check():
    world = a_world()
    world.before("UpdateCase", lambda: world.fail("GetCase", EXPIRED))
    outcome = one(world)
    assert isinstance(outcome, Unknown)
    assert "expired" in outcome.message


# -- a throttle -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edit", "ends", "writes"),
    [
        pytest.param({"note": "by hand"}, Conflict, [], id="changed"),
        pytest.param({"note": "new", "due": "2026-12-01T09:00:00Z"}, AlreadyDone, [], id="done"),
        pytest.param({"due": "2026-12-01T09:00:00Z"}, Applied, [{"note": "new"}], id="half-done"),
    ],
)
def test_a_case_is_read_again_after_a_throttle_has_cost_time(edit, ends, writes):
    world = a_world()
    world.fail("UpdateCase", BUSY)
    world.clock.while_asleep = lambda: world.edit("c1", **edit)
    assert isinstance(one(world, *TWO), ends)
    assert [given for _, given, _ in world.writes] == writes


# -- the check after a write ---------------------------------------------------------------


def test_a_write_that_shows_late_is_waited_for():
    world = a_world()
    kept = world.edit
    world.edit = lambda case_id, **values: None
    world.clock.while_asleep = lambda: kept("c1", note="new")
    assert isinstance(one(world), Applied)
    assert world.count == {"GetCase": 3, "UpdateCase": 1}


def test_a_write_that_never_shows_is_not_verified():
    world = a_world()
    world.edit = lambda case_id, **values: None
    outcome = one(world)
    assert isinstance(outcome, Unverified)
    assert outcome.request_id == "request-1"
    [conflict] = outcome.fields
    assert (conflict.before, conflict.after, conflict.live) == ("old", "new", "old")
    assert world.clock.sleeps == [wait for wait in CHECK_WAITS if wait]


def test_a_value_that_changed_right_after_the_write_is_not_verified():
    world = a_world()
    world.before("GetCase", lambda: None)
    world.before("GetCase", lambda: world.edit("c1", note="by hand"))
    outcome = one(world)
    assert isinstance(outcome, Unverified)
    assert [conflict.live for conflict in outcome.fields] == ["by hand"]
    assert world.clock.sleeps == []


def test_a_written_case_that_cannot_be_checked_is_unsure():
    world = a_world()
    world.before("UpdateCase", lambda: world.fail("GetCase", NotFound("gone", code="x")))
    outcome = one(world)
    assert isinstance(outcome, Unknown)
    assert "written (request request-1), but not checked" in outcome.message


# -- the window between the guard and the write --------------------------------------------

SLOW = {"UpdateCase": Rate(0.1, 1)}


def test_the_wait_for_a_quota_comes_before_the_guard_so_that_only_a_round_trip_is_left():
    world = world_of(4, note="old")
    access = world.apply_access(caller=world.caller(SLOW, 1.0))
    run = Run(
        ApplyOrder(plan=a_plan(), vault={}, performed_by="reconcile:a:b"),
        world.record,
        world.stop,
        world.clock,
    )
    read_at, window = [], []
    for key in sorted(world.cases):
        world.before("GetCase", lambda: read_at.append(world.clock.monotonic()), on=key)
        world.before(
            "UpdateCase", lambda: window.append(world.clock.monotonic() - read_at[-1]), on=key
        )
        outcome = CaseRun(target_plan(), case_change(key), access, run).outcome()
        assert isinstance(outcome, Applied)
    assert window == [0.0] * 4
    assert world.clock.seconds >= 30


def test_a_write_that_is_not_needed_gives_its_turn_to_the_next():
    world = world_of(4, note="new")
    access = world.apply_access(caller=world.caller(SLOW, 1.0))
    run = Run(
        ApplyOrder(plan=a_plan(), vault={}, performed_by="reconcile:a:b"),
        world.record,
        world.stop,
        world.clock,
    )
    for key in sorted(world.cases):
        outcome = CaseRun(target_plan(), case_change(key), access, run).outcome()
        assert isinstance(outcome, AlreadyDone)
    assert world.clock.seconds == 0
