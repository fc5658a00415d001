"""A whole plan is carried out, every step on record, until it is done or told to end."""

import threading

import pytest

from reconciler.apply.applying import apply_plan, check_vault
from reconciler.apply.part import WHOLE
from reconciler.apply.resume import Begun, Earlier
from reconciler.apply.run import ApplyOrder
from reconciler.errors import (
    PlanMisfit,
)
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    NotAttempted,
    Started,
)
from reconciler.secrets.sealing import Sealer
from tests.apply.running import ABOUT, BUSY, DENIED, a_world, one, run
from tests.builders import a_plan, case_change, field_change, live, target_plan
from tests.fakes import FakeWorld, world_of

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
        Started(
            **ABOUT,
            fields=("note",),
            attempt=1,
            read_at="2026-12-01T09:00:00Z",
            about=("note",),
        ),
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
    assert [type(event) for event in world.journal] == [Conflict]


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


@pytest.mark.parametrize(
    ("held", "ends"),
    [
        pytest.param("new", AlreadyDone, id="still-as-it-was-left"),
        pytest.param("theirs", Conflict, id="changed-since"),
        pytest.param("old", Conflict, id="put-back-since"),
    ],
)
def test_what_an_earlier_run_did_is_looked_at_again_and_never_written_again(held, ends):
    world = FakeWorld.holding(live("c000", note=held), live("c001", note="old"))
    outcomes = run(
        world,
        *(case_change(key) for key in world.cases),
        earlier=Earlier(dict.fromkeys([("prod", "c000"), ("test", "c001")], Begun(told=WHOLE))),
    )
    assert [type(outcome) for outcome in outcomes] == [ends, Applied]
    assert [case_id for case_id, _, _ in world.writes] == ["c001"]


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
    assert isinstance(outcome, Conflict)
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
