"""Each case is read, judged, written and read again, and every step is on record."""

import threading

import pytest

from reconciler.engine.sealing import Sealer
from reconciler.errors import (
    NotFound,
    OutcomeUnknown,
    PlanMisfit,
    ReconcilerError,
    Refused,
    Transient,
)
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflicted,
    Failed,
    NotAttempted,
    Started,
    Unsure,
    Unverified,
)
from reconciler.workflow.apply import apply_plan, check_vault
from reconciler.workflow.calling import ATTEMPTS
from reconciler.workflow.one_case import CHECK_WAITS, SETTLE_ATTEMPTS
from reconciler.workflow.run import ApplyOrder
from tests.builders import a_plan, case_change, field_change, live, target_plan
from tests.fakes import FakeWorld, Fault, world_of

LOST = OutcomeUnknown("no reply", code="connection")
DENIED = Refused("UpdateCase: denied", code="AccessDeniedException", request_id="r-9")
BUSY = Transient("busy", code="InternalServerException")


def run(world, *changes, sealer=None, **more):
    """The outcomes of applying these changes."""
    order = ApplyOrder(
        plan=a_plan(target_plan(*changes)),
        performed_by="reconcile:abc:def",
        **{"vault": {}, **more},
    )
    accesses = {"prod": world.apply_access(sealer)}
    return list(apply_plan(order, accesses, world.record, world.stop, world.clock))


def one(world, *fields, **more):
    """The outcome of a plan for case c1: `note: old -> new` unless fields are given."""
    [outcome] = run(world, case_change("c1", *fields), **more)
    return outcome


def a_world(**values):
    return FakeWorld.holding(live("c1", **(values or {"note": "old"})))


ABOUT = {"target": "prod", "case_id": "c1"}

# -- the guard before a write --------------------------------------------------------------


def test_a_case_as_planned_is_read_written_and_read_again():
    world = a_world()
    assert one(world) == Applied(**ABOUT, request_id="request-1")
    assert [call for call, _ in world.calls()] == ["GetCase", "UpdateCase", "GetCase"]
    assert world.writes == [("c1", {"note": "new"}, "reconcile:abc:def")]
    assert world.cases["c1"].values == {"note": "new"}


def test_a_case_that_is_done_already_is_not_written():
    world = a_world(note="new")
    assert one(world) == AlreadyDone(**ABOUT)
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
    assert isinstance(outcome, Conflicted)
    assert [clash.found for clash in outcome.clashes] == [held.get("note")]
    assert world.writes == []


def test_one_clash_keeps_every_field_of_the_case_from_being_written():
    world = a_world(note="by hand")
    outcome = one(world, *TWO)
    assert isinstance(outcome, Conflicted)
    assert [clash.field for clash in outcome.clashes] == ["note"]
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
    assert f"gave up after {ATTEMPTS} attempts" in outcome.message
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


def test_credentials_that_ran_out_end_the_run():
    world = a_world()
    world.fail("GetCase", ReconcilerError("no usable AWS credentials"))
    with pytest.raises(ReconcilerError, match="credentials"):
        one(world)


# -- a lost reply --------------------------------------------------------------------------


def test_a_lost_reply_of_a_write_that_took_effect_is_settled_by_reading():
    world = a_world()
    world.fail("UpdateCase", Fault(LOST, took_effect=True))
    assert one(world) == Applied(**ABOUT, request_id="", settled_by_reading=True)
    assert world.count == {"GetCase": 2, "UpdateCase": 1}


def test_a_lost_reply_of_a_write_that_did_not_take_effect_is_written_again():
    world = a_world()
    world.fail("UpdateCase", Fault(LOST))
    assert one(world) == Applied(**ABOUT, request_id="request-1")
    assert world.count["UpdateCase"] == 2


def test_after_a_lost_reply_somebody_elses_value_is_a_conflict_and_stays():
    world = a_world()
    world.fail("UpdateCase", Fault(LOST))
    world.before("UpdateCase", lambda: world.edit("c1", note="by hand"))
    outcome = one(world)
    assert isinstance(outcome, Conflicted)
    assert world.cases["c1"].values == {"note": "by hand"}
    assert world.count["UpdateCase"] == 1


def test_of_a_lost_write_only_what_is_missing_is_written_again():
    world = a_world()
    world.fail("UpdateCase", Fault(LOST))
    world.before("UpdateCase", lambda: world.edit("c1", due="2026-12-01T09:00:00Z"))
    assert isinstance(one(world, *TWO), Applied)
    assert world.writes == [("c1", {"note": "new"}, "reconcile:abc:def")]


def test_a_lost_reply_that_cannot_be_settled_is_unsure():
    world = a_world()
    world.fail("UpdateCase", LOST)
    world.before("UpdateCase", lambda: world.fail("GetCase", *[BUSY] * ATTEMPTS))
    outcome = one(world)
    assert isinstance(outcome, Unsure)
    assert "no reply" in outcome.message
    assert "reading it again failed" in outcome.message


def test_replies_that_keep_getting_lost_end_as_unsure():
    world = a_world()
    world.fail("UpdateCase", *[LOST] * 100)
    outcome = one(world)
    assert outcome == Unsure(**ABOUT, message=f"still unknown after {SETTLE_ATTEMPTS} writes")
    assert world.count["UpdateCase"] == SETTLE_ATTEMPTS


def test_a_lost_reply_is_settled_also_when_the_run_was_asked_to_stop():
    world = a_world()
    world.fail("UpdateCase", Fault(LOST, took_effect=True))
    world.before("UpdateCase", world.stop.set)
    assert isinstance(one(world), Applied)


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
    [clash] = outcome.clashes
    assert (clash.expected, clash.wanted, clash.found) == ("old", "new", "old")
    assert world.clock.sleeps == [wait for wait in CHECK_WAITS if wait]


def test_a_value_that_changed_right_after_the_write_is_not_verified():
    world = a_world()
    world.before("GetCase", lambda: None)
    world.before("GetCase", lambda: world.edit("c1", note="by hand"))
    outcome = one(world)
    assert isinstance(outcome, Unverified)
    assert [clash.found for clash in outcome.clashes] == ["by hand"]
    assert world.clock.sleeps == []


def test_a_written_case_that_cannot_be_checked_is_unsure():
    world = a_world()
    world.before("UpdateCase", lambda: world.fail("GetCase", NotFound("gone", code="x")))
    outcome = one(world)
    assert isinstance(outcome, Unsure)
    assert "written (request request-1), but not checked" in outcome.message


# -- the journal ---------------------------------------------------------------------------


def test_a_write_is_on_record_before_it_is_sent_and_its_outcome_after():
    world = a_world()
    one(world)
    assert [entry[0] for entry in world.log] == [
        "GetCase",
        "record",
        "UpdateCase",
        "GetCase",
        "record",
    ]
    assert world.journal == [
        Started(**ABOUT, fields=("note",), attempt=1),
        Applied(**ABOUT, request_id="request-1"),
    ]


def test_every_attempt_is_on_record():
    world = a_world()
    world.fail("UpdateCase", BUSY, BUSY)
    one(world)
    assert [event.attempt for event in world.journal if isinstance(event, Started)] == [1, 2, 3]


def test_a_case_that_is_not_written_has_an_outcome_and_no_start():
    world = a_world(note="by hand")
    one(world)
    assert [type(event) for event in world.journal] == [Conflicted]


def test_an_outcome_is_on_record_before_anybody_hears_of_it():
    world = world_of(3, note="old")
    order = ApplyOrder(
        plan=a_plan(target_plan(*(case_change(key) for key in world.cases))),
        vault={},
        performed_by="me",
    )
    accesses = {"prod": world.apply_access()}
    for outcome in apply_plan(order, accesses, world.record, world.stop, world.clock):
        assert outcome in world.journal


def test_without_a_journal_nothing_is_written():
    world = a_world()

    def full(_):
        raise OSError("no space left on device")

    world.record = full
    with pytest.raises(OSError, match="no space"):
        one(world)
    assert world.writes == []


# -- ending early --------------------------------------------------------------------------


def test_a_limit_leaves_the_other_cases_for_another_time():
    world = world_of(5, note="old")
    outcomes = run(world, *(case_change(key) for key in world.cases), limit=2)
    assert [type(outcome) for outcome in outcomes] == [Applied] * 2 + [NotAttempted] * 3
    assert {outcome.reason for outcome in outcomes[2:]} == {"--limit 2"}
    assert len(world.writes) == 2


def test_after_too_many_failures_no_further_case_is_attempted():
    world = world_of(200, note="old")
    world.fail("UpdateCase", *[DENIED] * 500)
    outcomes = run(world, *(case_change(key) for key in world.cases), max_failures=3)
    failed = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    skipped = [outcome for outcome in outcomes if isinstance(outcome, NotAttempted)]
    assert 3 <= len(failed) <= 3 + 16
    assert len(failed) + len(skipped) == 200
    assert {outcome.reason for outcome in skipped} == {"--max-failures 3"}


def test_fewer_failures_than_that_end_nothing():
    world = world_of(30, note="old")
    world.fail("UpdateCase", DENIED, DENIED)
    outcomes = run(world, *(case_change(key) for key in world.cases), max_failures=3)
    assert [type(outcome) for outcome in outcomes].count(Applied) == 28


def test_conflicts_count_as_failures():
    world = world_of(100, note="by hand")
    outcomes = run(world, *(case_change(key) for key in world.cases), max_failures=1)
    assert any(isinstance(outcome, NotAttempted) for outcome in outcomes)


def test_a_stop_before_the_first_case_writes_nothing():
    world = world_of(5, note="old")
    world.stop.set()
    outcomes = run(world, *(case_change(key) for key in world.cases))
    assert {(type(one), one.reason) for one in outcomes} == {(NotAttempted, "interrupted")}
    assert world.calls() == []


def test_a_stop_during_a_write_finishes_that_case_and_begins_no_other():
    world = world_of(100, note="old")
    world.before("UpdateCase", world.stop.set)
    outcomes = run(world, *(case_change(key) for key in world.cases))
    kinds = [type(outcome) for outcome in outcomes]
    assert set(kinds) == {Applied, NotAttempted}
    assert 1 <= kinds.count(Applied) <= 16
    assert kinds.count(Applied) == len(world.writes)
    assert all(
        outcome.case_id not in {case_id for case_id, _, _ in world.writes}
        for outcome in outcomes
        if isinstance(outcome, NotAttempted)
    )


def test_a_stop_while_a_write_waits_to_be_tried_again_leaves_the_case_unwritten():
    world = a_world()
    world.fail("UpdateCase", BUSY)
    world.clock.while_asleep = world.stop.set
    assert one(world) == NotAttempted(**ABOUT, reason="interrupted")
    assert world.writes == []


def test_what_an_earlier_run_did_is_not_even_read():
    world = world_of(3, note="old")
    outcomes = run(
        world,
        *(case_change(key) for key in world.cases),
        done_before=frozenset({("prod", "c000"), ("test", "c001")}),
    )
    assert [type(outcome) for outcome in outcomes] == [AlreadyDone, Applied, Applied]
    assert "c000" not in {about for _, about in world.calls()}


def test_a_run_cut_short_anywhere_and_run_again_ends_in_the_same_state():
    for calls in range(1, 16):
        world = world_of(4, note="old")
        changes = [case_change(key) for key in world.cases]
        for _ in range(calls):
            world.before("GetCase", lambda: None)
        world.before("GetCase", world.stop.set)
        run(world, *changes)
        world.stop = threading.Event()
        run(world, *changes)
        assert {case.value_of("note") for case in world.cases.values()} == {"new"}
        assert sorted(case_id for case_id, _, _ in world.writes) == sorted(world.cases)


# -- several targets, sealed values --------------------------------------------------------


def test_each_target_is_written_through_its_own_door():
    one_world, two = a_world(), a_world()
    plan = a_plan(
        target_plan(case_change("c1")),
        target_plan(case_change("c1", field_change("note", "old", "other")), name="test"),
    )
    order = ApplyOrder(plan=plan, vault={}, performed_by="me")
    accesses = {"prod": one_world.apply_access(), "test": two.apply_access()}
    outcomes = list(apply_plan(order, accesses, one_world.record, one_world.stop, one_world.clock))
    assert [outcome.target for outcome in outcomes] == ["prod", "test"]
    assert one_world.writes[0][1] == {"note": "new"}
    assert two.writes[0][1] == {"note": "other"}


SEALER = Sealer(b"key", frozenset({"note"}))
SEALED = field_change("note", SEALER.show("note", "old"), SEALER.show("note", "4222"))


def test_a_sealed_value_is_written_from_the_vault_and_nowhere_recorded():
    world = a_world()
    vault = SEALER.vault([("note", "4222")])
    assert isinstance(one(world, SEALED, sealer=SEALER, vault=vault), Applied)
    assert world.writes[0][1] == {"note": "4222"}
    assert "4222" not in repr(world.journal)


def test_a_sealed_conflict_shows_seals_only():
    world = a_world(note="4333")
    outcome = one(world, SEALED, sealer=SEALER, vault=SEALER.vault([("note", "4222")]))
    assert isinstance(outcome, Conflicted)
    assert "4333" not in repr(outcome)


def test_a_sealed_value_that_is_not_at_hand_refuses_the_plan():
    order = ApplyOrder(plan=a_plan(case_change("c1", SEALED)), vault={}, performed_by="me")
    with pytest.raises(PlanMisfit, match=r"Note of case c1 .*RECONCILE_SEAL_KEY"):
        check_vault(order)


@pytest.mark.parametrize(
    ("change", "vault"),
    [
        pytest.param(field_change(), {}, id="nothing-sealed"),
        pytest.param(field_change("note", SEALER.show("note", "x"), None), {}, id="a-clear"),
        pytest.param(SEALED, SEALER.vault([("note", "4222")]), id="at-hand"),
    ],
)
def test_a_vault_needs_only_what_will_be_written(change, vault):
    check_vault(ApplyOrder(plan=a_plan(case_change("c1", change)), vault=vault, performed_by="me"))
