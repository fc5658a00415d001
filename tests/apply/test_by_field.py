"""Many different changes, a few fields at a time: each case is told apart, whatever comes between.

Forty cases are to hold one of two notes, one of two scores and one of three priorities: seven
batches do it, where whole changes would take twelve.
"""

from collections import Counter
from dataclasses import replace

import pytest

from reconciler.apply.applying import apply_plan
from reconciler.apply.partly import STOPPED
from reconciler.apply.resume import Earlier, begun_in
from reconciler.apply.run import ApplyOrder
from reconciler.errors import OutcomeUnknown, Refused, Unauthenticated
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    NotAttempted,
    PartWritten,
    RunFinished,
    Started,
    Unknown,
    Unverified,
)
from reconciler.model.plan import Mode
from reconciler.plan.covering import REST
from tests.apply.running import LONG_AGO, a_dated_world
from tests.builders import a_plan, case_change, field_change, target_plan
from tests.fakes import Fault

IDS = [f"c{at:03}" for at in range(40)]
LOST = OutcomeUnknown("no reply", code="connection")
DENIED = Refused("no", code="AccessDeniedException")
EXPIRED = Unauthenticated("expired", code="ExpiredToken", reason="sign in again")
ME = "reconcile:aaaaaaaaaaaa:cccccccccccc"


def planned(at):
    return case_change(
        IDS[at],
        field_change("note", "old", f"note {at % 2}"),
        field_change("priority", None, f"p{at % 3 + 1}"),
        field_change("score", None, float(at // 2 % 2)),
        observed_at=LONG_AGO,
    )


CHANGES = tuple(map(planned, range(len(IDS))))
FIELDS = {"note", "priority", "score"}


def run(world, earlier=(), receipts=(), **more):
    """The outcomes by case, each of which is told once and is on record."""
    plan = replace(a_plan(target_plan(*CHANGES)), mode=Mode.BULK, by_field=True)
    order = ApplyOrder(
        plan=plan,
        performed_by=ME,
        run_id="r",
        earlier=Earlier(begun_in(earlier, receipts), frozenset({ME})),
        **{"vault": {}, **more},
    )
    world.log.clear()
    accesses = {"prod": world.apply_access()}
    outcomes = list(apply_plan(order, accesses, world.record, world.stop, world.clock))
    assert sorted(one.case_id for one in outcomes) == IDS
    recorded = [one for one in world.journal if not isinstance(one, Started | PartWritten)]
    assert sorted(recorded, key=repr) == sorted(outcomes, key=repr)
    return {one.case_id: one for one in outcomes}


def kinds(outcomes):
    return Counter(type(one) for one in outcomes.values())


def written(world):
    """How often each field of each case was written."""
    return Counter((case, field) for case, values, _ in world.writes for field in values)


def a_world():
    return a_dated_world(*IDS, priority=None, score=None)


def in_the_middle(world, do):
    """Do something when the batches about the next fields are about to be guarded."""

    def now():
        world.clock.while_asleep = lambda: None
        world.clock.seconds += 1  # no call takes time here, and the last write was just now
        do()

    world.clock.while_asleep = now


def test_few_batches_give_every_case_all_of_its_values_each_written_once():
    world = a_world()
    assert kinds(run(world)) == {Applied: 40}
    assert world.count == {"SearchCases": 14, "BatchUpdateCase": 7}
    assert set(written(world).values()) == {1}
    assert len(written(world)) == 120
    for change in CHANGES:
        held = world.cases[change.case_id]
        assert {one.id: held.value_of(one.id) for one in change.fields} == {
            one.id: one.after for one in change.fields
        }


def test_a_guard_that_reads_all_planned_fields_stands_directly_before_each_batch():
    world = a_world()
    run(world)
    asked = [set(fields) for _, fields in world.asked]
    assert all(fields >= FIELDS for fields in asked)
    assert max(world.clock.sleeps) == REST


def test_our_own_write_of_another_field_is_no_foreign_edit():
    world = a_world()
    run(world)
    assert world.count["GetCase"] == world.count["GetCaseAuditEvents"] == 0


def test_the_journal_has_every_send_and_every_part_before_the_case_ends():
    world = a_world()
    run(world)
    about = [one for one in world.journal if one.case_id == "c003"]
    parts = [one.fields for one in about if isinstance(one, PartWritten)]
    assert [one.fields for one in about if isinstance(one, Started)] == parts
    assert sorted(field for fields in parts for field in fields) == sorted(FIELDS)
    assert isinstance(about[-1], Applied)
    assert set(about[-1].about) == FIELDS


def test_the_same_plan_again_sends_nothing():
    world = a_world()
    run(world)
    journal = world.journal
    assert kinds(run(world, [journal])) == {AlreadyDone: 40}
    assert not world.count["BatchUpdateCase"] + world.count["UpdateCase"]


def test_progress_is_told_after_each_batch_in_cases():
    told = []
    run(a_world(), progress=lambda *one: told.append(one))
    assert [done for _, done, _ in told] == [40 * at // 7 for at in range(1, 8)]
    assert {total for *_, total in told} == {40}


# -- somebody else between two batches -----------------------------------------------------


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_a_foreign_edit_between_two_batches_is_a_conflict_for_what_is_left(field):
    world = a_world()
    by_hand = {"note": "by hand", "priority": "p9", "score": 99.0}[field]
    in_the_middle(world, lambda: world.edit("c003", **{field: by_hand}))
    outcomes = run(world)
    assert kinds(outcomes) == {Applied: 39, Conflict: 1}
    conflict = outcomes["c003"]
    sent = {name for case, name in written(world) if case == "c003"}
    assert set(conflict.written) == sent
    assert 0 < len(sent) < 3
    assert [one.field for one in conflict.fields] == [field]
    assert world.cases["c003"].value_of(field) == by_hand


def test_an_edit_of_another_field_lets_the_rest_of_the_case_go_alone_at_once():
    world = a_world()
    in_the_middle(world, lambda: world.edit("c003", summary="a remark"))
    assert kinds(run(world)) == {Applied: 40}
    assert world.count["UpdateCase"] == 1
    assert set(written(world).values()) == {1}


def test_what_was_written_and_put_back_before_the_next_batch_is_not_written_again():
    world = a_world()
    held = {"note": "old", "priority": None, "score": None}
    in_the_middle(world, lambda: world.edit("c003", **held))
    outcomes = run(world)
    assert isinstance(outcomes["c003"], Conflict)
    assert {name: world.cases["c003"].value_of(name) for name in held} == held


def test_what_was_written_and_changed_before_the_last_check_is_unverified():
    world = a_world()

    def change():
        if {name for case, name in written(world) if case == "c003"} == FIELDS:
            world.edit("c003", note="by hand")

    for _ in range(40):
        world.before("SearchCases", change)
    outcome = run(world)["c003"]
    assert isinstance(outcome, Unverified)
    assert [one.field for one in outcome.fields] == ["note"]
    assert set(outcome.written) == FIELDS


# -- cases and batches that fail ------------------------------------------------------------


def fail_second(world, case_id, code):
    """Make the service refuse a case once something of it was written."""

    def refuse():
        if any(case == case_id for case, _ in written(world)):
            world.batch_failures.setdefault(case_id, []).append(code)

    for _ in range(10):
        world.before("BatchUpdateCase", refuse)


def test_a_case_that_is_refused_half_way_is_failed_and_says_what_was_written():
    world = a_world()
    fail_second(world, "c003", "VALIDATION_ERROR")
    outcomes = run(world)
    assert kinds(outcomes) == {Applied: 39, Failed: 1}
    failed = outcomes["c003"]
    assert failed.code == "VALIDATION_ERROR"
    assert set(failed.written) == {name for case, name in written(world) if case == "c003"}
    assert 0 < len(failed.written) < 3


def test_a_case_that_is_refused_at_first_was_not_written():
    world = a_world()
    world.batch_failures["c003"] = ["VALIDATION_ERROR"] * 9
    outcomes = run(world)
    assert outcomes["c003"].written == ()
    assert not [case for case, _ in written(world) if case == "c003"]


def test_a_stop_between_two_batches_leaves_failed_cases_that_say_what_was_written():
    world = a_world()
    in_the_middle(world, world.stop.set)
    outcomes = run(world)
    assert set(kinds(outcomes)) <= {Failed, Applied, NotAttempted}
    for case_id, outcome in outcomes.items():
        sent = {name for case, name in written(world) if case == case_id}
        assert isinstance(outcome, Failed) is (0 < len(sent) < 3)
        if isinstance(outcome, Failed):
            assert (outcome.code, set(outcome.written)) == (STOPPED, sent)
            assert "interrupted" in outcome.message
    assert kinds(outcomes)[Failed]


def test_expired_credentials_between_two_batches_fail_no_case_that_was_not_written():
    world = a_world()
    in_the_middle(world, lambda: world.fail("SearchCases", *[EXPIRED] * 9))
    outcomes = run(world)
    assert kinds(outcomes) == {Failed: 40}
    assert {one.message for one in outcomes.values()} == {
        "the rest was not attempted: sign in again"
    }


def test_batches_that_are_not_allowed_any_more_leave_the_rest_to_single_calls():
    world = a_world()
    in_the_middle(world, lambda: world.fail("BatchUpdateCase", *[DENIED] * 9))
    assert kinds(run(world)) == {Applied: 40}
    assert world.count["UpdateCase"] == 40
    assert set(written(world).values()) == {1}


@pytest.mark.parametrize("took_effect", [True, False])
def test_a_lost_batch_of_some_fields_is_settled_and_the_rest_follows(took_effect):
    world = a_world()
    in_the_middle(world, lambda: world.fail("BatchUpdateCase", Fault(LOST, took_effect)))
    assert kinds(run(world)) == {Applied: 40}
    assert set(written(world).values()) == {1}
    assert len(written(world)) == 120


def test_a_lost_first_batch_that_is_settled_lets_the_rest_follow_alone():
    world = a_world()
    world.fail("BatchUpdateCase", Fault(LOST, True))
    assert kinds(run(world)) == {Applied: 40}
    assert set(written(world).values()) == {1}
    assert len(written(world)) == 120


def test_a_part_that_can_not_be_checked_is_unknown_and_says_that_it_was_accepted():
    world = a_world()
    send = world.batch_update_cases

    def hide(case_ids, *given):
        if "c003" in case_ids:
            world.index["c003"] = None
            world.fail("GetCase", *[DENIED] * 9, on="c003")
        return send(case_ids, *given)

    world.batch_update_cases = hide
    outcome = run(world)["c003"]
    assert isinstance(outcome, Unknown)
    assert outcome.request_id
    assert set(outcome.written) == {name for case, name in written(world) if case == "c003"}


def test_an_index_that_is_behind_our_own_write_leaves_the_case_to_single_calls():
    world = a_world()
    before = dict(world.cases)
    in_the_middle(world, lambda: world.index.update(before))
    assert kinds(run(world)) == {Applied: 40}
    assert set(written(world).values()) == {1}


# -- fields that are done already ----------------------------------------------------------


def test_a_field_that_holds_its_value_already_is_not_written():
    world = a_world()
    world.cases["c003"].values["priority"] = "p1"
    assert kinds(run(world)) == {Applied: 40}
    assert ("c003", "priority") not in written(world)


def test_a_case_that_holds_all_its_values_is_already_done():
    world = a_world()
    world.cases["c003"].values.update({one.id: one.after for one in CHANGES[3].fields})
    assert isinstance(run(world)["c003"], AlreadyDone)


# -- going on ------------------------------------------------------------------------------


class Killed(BaseException):
    """The end of a process."""


def killed_in_the_middle(world):
    """A run that dies before the second fields; what its journal holds."""

    def die():
        raise Killed

    in_the_middle(world, die)
    with pytest.raises(Killed):
        run(world)
    return world.journal


def test_a_run_that_was_killed_between_batches_goes_on_in_batches_with_what_is_left():
    world = a_world()
    journal = killed_in_the_middle(world)
    before = written(world)
    assert before
    assert kinds(run(world, [journal])) == {Applied: 40}
    assert set(written(world).values()) == {1}
    assert len(written(world)) == 120
    assert world.count["UpdateCase"] == world.count["GetCaseAuditEvents"] == 0


def test_what_was_put_back_while_no_run_was_at_work_stays():
    world = a_world()
    journal = killed_in_the_middle(world)
    [name] = {name for case, name in written(world) if case == "c003"}
    old = next(one.before for one in CHANGES[3].fields if one.id == name)
    world.edit("c003", **{name: old})
    outcomes = run(world, [journal])
    assert isinstance(outcomes["c003"], Conflict)
    assert outcomes["c003"].written == (name,)
    assert world.cases["c003"].value_of(name) == old


@pytest.mark.parametrize("journals", [True, False], ids=["journal-here", "receipt-alone"])
def test_a_retry_writes_only_what_is_left(journals):
    world = a_world()
    fail_second(world, "c003", "VALIDATION_ERROR")
    first = run(world)
    journal = [*world.journal, RunFinished(counts=(), at="")]
    world.batch_failures.clear()
    world._hooks.clear()
    again = run(world, [journal] if journals else [], first.values())
    assert isinstance(again["c003"], Applied)
    assert kinds(again) == {AlreadyDone: 39, Applied: 1}
    assert set(written(world).values()) == {1}
    assert len(written(world)) == 120


def test_a_failed_retry_still_says_what_the_first_run_wrote():
    world = a_world()
    fail_second(world, "c003", "VALIDATION_ERROR")
    first = run(world)
    again = run(world, [], first.values(), limit=1)
    assert again["c003"].written == first["c003"].written
    assert "limit" in again["c003"].message
