"""A hundred alike cases at once: guarded, written, checked, and each accounted for."""

from dataclasses import replace

import pytest

from reconciler.apply.applying import apply_plan
from reconciler.apply.bulk import CHECK_WAITS, LONGEST_GUARD, TRIES
from reconciler.apply.part import WHOLE
from reconciler.apply.resume import Begun, Earlier
from reconciler.apply.run import ApplyOrder
from reconciler.apply.settling_rule import Attempt
from reconciler.errors import (
    NotFound,
    OutcomeUnknown,
    ReconcilerError,
    Refused,
    Transient,
    Unauthenticated,
)
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    NotAttempted,
    Started,
    Unknown,
    Unverified,
)
from reconciler.model.plan import Mode
from reconciler.service.calling import ATTEMPTS
from tests.apply.running import LONG_AGO, a_dated_world
from tests.builders import a_plan, case_change, field_change, live, target_plan
from tests.fakes import FakeWorld, Fault, world_of

LOST = OutcomeUnknown("no reply", code="connection")
DENIED = Refused("no", code="AccessDeniedException")
EXPIRED = Unauthenticated("expired", code="ExpiredToken", reason="sign in again")
OPEN = Attempt(LONG_AGO, "2026-12-01T08:59:00Z")
BUSY = Transient("busy", code="ThrottlingException", throttled=True)
TWO = field_change("due", None, "2026-12-01T09:00:00Z"), field_change("note", "old", "new")


def run(world, *fields, changes=None, **more):
    """The outcomes by case of a bulk plan for every case: `note: old -> new`."""
    changes = changes or [case_change(key, *fields) for key in sorted(world.cases)]
    plan = replace(a_plan(target_plan(*changes)), mode=Mode.BULK)
    order = ApplyOrder(plan=plan, performed_by="me", run_id="r", **{"vault": {}, **more})
    accesses = {"prod": world.apply_access()}
    outcomes = list(apply_plan(order, accesses, world.record, world.stop, world.clock))
    assert sorted(one.case_id for one in outcomes) == [change.case_id for change in changes]
    recorded = [one for one in world.journal if not isinstance(one, Started)]
    assert sorted(recorded, key=repr) == sorted(outcomes, key=repr)
    return {one.case_id: one for one in outcomes}


def kinds(outcomes):
    return {type(one) for one in outcomes.values()}


def test_a_hundred_alike_cases_take_one_search_one_write_and_one_search():
    world = world_of(100, note="old")
    assert kinds(run(world)) == {Applied}
    assert world.count == {"SearchCases": 2, "BatchUpdateCase": 1}
    assert [call for call, _ in world.calls()] == ["SearchCases", "BatchUpdateCase", "SearchCases"]
    assert {case.value_of("note") for case in world.cases.values()} == {"new"}


def test_every_case_is_on_record_before_the_batch_is_sent():
    world = world_of(5, note="old")
    run(world)
    names = [entry[0] for entry in world.log]
    sent = names.index("BatchUpdateCase")
    started = [one for name, one in world.log[:sent] if name == "record"]
    assert [one.case_id for one in started] == sorted(world.cases)
    assert {type(one) for one in started} == {Started}


def test_the_same_plan_again_sends_nothing():
    world = world_of(30, note="old")
    run(world)
    world.log.clear()
    assert kinds(run(world)) == {AlreadyDone}
    assert world.count == {"SearchCases": 1}


def test_what_somebody_changed_is_a_conflict_and_the_others_are_written():
    world = world_of(10, note="old")
    world.edit("c003", note="by hand", last_updated_user="arn:jane")
    outcomes = run(world)
    assert isinstance(outcomes["c003"], Conflict)
    assert outcomes["c003"].changed_by == "arn:jane"
    assert world.cases["c003"].value_of("note") == "by hand"
    assert [type(one) for one in outcomes.values()].count(Applied) == 9


def test_a_case_that_is_half_done_gets_only_the_other_half():
    world = world_of(10, note="old")
    world.edit("c003", note="new")
    assert kinds(run(world, *TWO)) == {Applied}
    assert ("c003", {"due": TWO[0].after}, "me") in world.writes


def test_a_case_that_the_index_does_not_show_goes_alone():
    world = world_of(10, note="old")
    world.index["c003"] = None
    assert kinds(run(world)) == {Applied}
    assert ("GetCase", "c003") in world.calls()
    assert ("UpdateCase", "c003") in world.calls()


def test_a_case_that_the_index_shows_twice_and_not_alike_goes_alone():
    world = world_of(10, note="old")
    shown = world.search_cases

    def twice(*given, **more):
        page = shown(*given, **more)
        third = [
            replace(case, values={**case.values, "note": "older"})
            for case in page.cases
            if case.case_id == "c003"
        ]
        return replace(page, cases=(*page.cases, *third))

    world.search_cases = twice
    assert kinds(run(world)) == {Applied}
    assert ("UpdateCase", "c003") in world.calls()
    assert world.count["UpdateCase"] == 1


def test_a_case_that_is_gone_fails_alone():
    world = world_of(10, note="old")
    changes = [case_change(key) for key in sorted([*world.cases, "gone"])]
    outcomes = run(world, changes=changes)
    assert isinstance(outcomes["gone"], Failed)
    assert [type(one) for one in outcomes.values()].count(Applied) == 10


def test_a_case_with_a_value_we_do_not_understand_is_not_written():
    world = world_of(10, note="old")
    world.unreadable["c003"] = "holds something odd"
    outcomes = run(world)
    assert isinstance(outcomes["c003"], Failed)
    assert "c003" not in {case_id for case_id, _, _ in world.writes}


def test_an_index_that_cannot_be_asked_leaves_everything_to_single_calls():
    """A guard by GetCase of a hundred cases would leave the first of them unseen for long."""
    world = world_of(5, note="old")
    world.fail("SearchCases", *[DENIED] * 10)
    assert kinds(run(world)) == {Applied}
    assert world.count["UpdateCase"] == 5


# -- cases that fail in a batch ------------------------------------------------------------


@pytest.mark.parametrize("times", range(1, TRIES))
def test_a_case_that_a_batch_was_too_busy_for_is_tried_again(times):
    world = world_of(10, note="old")
    world.batch_failures["c003"] = ["THROTTLED"] * times
    assert kinds(run(world)) == {Applied}
    assert world.count["BatchUpdateCase"] == 1 + times
    assert [case_id for case_id, _, _ in world.writes].count("c003") == 1


def test_a_case_that_batches_stay_too_busy_for_goes_alone():
    world = world_of(10, note="old")
    world.batch_failures["c003"] = ["THROTTLED"] * 100
    assert kinds(run(world)) == {Applied}
    assert ("UpdateCase", "c003") in world.calls()


def test_a_case_in_conflict_is_read_and_judged_again_alone():
    world = world_of(10, note="old")
    world.batch_failures["c003"] = ["CONFLICT"]
    world.before("BatchUpdateCase", lambda: world.edit("c003", note="by hand"))
    outcomes = run(world)
    assert isinstance(outcomes["c003"], Conflict)
    assert world.cases["c003"].value_of("note") == "by hand"


@pytest.mark.parametrize("code", ["RESOURCE_NOT_FOUND", "VALIDATION_ERROR", "NEWS"])
def test_a_case_that_cannot_be_written_fails_with_the_services_code(code):
    world = world_of(10, note="old")
    world.batch_failures["c003"] = [code] * 100
    outcomes = run(world)
    assert outcomes["c003"].code == code
    assert "because" in outcomes["c003"].message
    assert [type(one) for one in outcomes.values()].count(Applied) == 9


# -- batches that fail ---------------------------------------------------------------------


def test_where_batches_are_not_allowed_single_calls_do_it_and_none_is_tried_again():
    world = world_of(300, note="old")
    world.fail("BatchUpdateCase", *[DENIED] * 10)
    assert kinds(run(world)) == {Applied}
    assert world.count["UpdateCase"] == 300
    assert world.count["BatchUpdateCase"] <= 3


@pytest.mark.parametrize(
    "error",
    [Refused("no", code="ValidationException"), NotFound("no", code="ResourceNotFoundException")],
    ids=["refused", "not-found"],
)
def test_a_batch_that_is_refused_as_a_whole_is_written_case_by_case(error):
    world = world_of(5, note="old")
    world.fail("BatchUpdateCase", error)
    assert kinds(run(world)) == {Applied}
    assert world.count["UpdateCase"] == 5


def test_a_throttled_batch_is_sent_again():
    world = world_of(5, note="old")
    world.fail("BatchUpdateCase", BUSY, BUSY)
    assert kinds(run(world)) == {Applied}
    assert world.count["BatchUpdateCase"] == 3
    assert max(one.attempt for one in world.journal if isinstance(one, Started)) == 3


def test_a_batch_that_stays_unavailable_failed_and_nothing_was_changed():
    world = world_of(5, note="old")
    world.fail("BatchUpdateCase", *[BUSY] * 100)
    assert kinds(run(world)) == {Failed}
    assert world.count["BatchUpdateCase"] == ATTEMPTS
    assert world.writes == []


IDS = [f"c00{at}" for at in range(5)]


def dated_changes(*fields):
    return [case_change(key, *fields, observed_at=LONG_AGO) for key in IDS]


@pytest.mark.parametrize(
    ("took_effect", "single"), [(True, 0), (False, 5)], ids=["took-effect", "did-not"]
)
def test_a_batch_whose_reply_is_lost_is_never_sent_again_and_each_case_is_settled(
    took_effect, single
):
    world = a_dated_world(*IDS)
    world.fail("BatchUpdateCase", Fault(LOST, took_effect))
    outcomes = run(world, changes=dated_changes())
    assert kinds(outcomes) == {Applied}
    assert {one.settled_by_reading for one in outcomes.values()} == {took_effect}
    assert (world.count["BatchUpdateCase"], world.count["UpdateCase"]) == (1, single)
    assert len(world.writes) == 5
    assert world.clock.seconds >= 1.0


@pytest.mark.parametrize("took_effect", [True, False])
def test_the_old_value_put_back_after_a_lost_batch_stays(took_effect):
    world = a_dated_world(*IDS)
    world.fail("BatchUpdateCase", Fault(LOST, took_effect))
    world.clock.while_asleep = lambda: world.edit("c003", note="old")
    outcomes = run(world, changes=dated_changes())
    assert isinstance(outcomes["c003"], Conflict if took_effect else Unknown)
    assert world.cases["c003"].value_of("note") == "old"
    assert [type(one) for one in outcomes.values()].count(Applied) == 4


@pytest.mark.parametrize("error", [EXPIRED, ReconcilerError("no usable AWS credentials")])
def test_a_lost_batch_that_cannot_be_read_is_unsure_and_never_failed(error):
    world = a_dated_world(*IDS)
    world.fail("BatchUpdateCase", Fault(LOST, True))
    world.before("BatchUpdateCase", lambda: world.fail("GetCase", *[error] * 10))
    assert kinds(run(world, changes=dated_changes())) == {Unknown}


def test_a_lost_batch_is_settled_also_when_the_run_was_asked_to_stop():
    world = a_dated_world(*IDS)
    world.fail("BatchUpdateCase", Fault(LOST, True))
    world.before("BatchUpdateCase", world.stop.set)
    assert kinds(run(world, changes=dated_changes())) == {Applied}


@pytest.mark.parametrize(("took_effect", "writes"), [(True, 0), (False, 1)])
def test_a_case_that_a_batch_failed_on_by_itself_may_be_written_all_the_same(took_effect, writes):
    world = a_dated_world(*IDS)
    world.batch_failures["c003"] = ["INTERNAL_ERROR"]
    if took_effect:
        world.clock.while_asleep = lambda: world.edit("c003", by="me", note="new")
    outcomes = run(world, changes=dated_changes())
    assert kinds(outcomes) == {Applied}
    assert outcomes["c003"].settled_by_reading is took_effect
    assert world.count["UpdateCase"] == writes


def test_what_a_batch_wrote_and_somebody_put_back_is_not_written_again():
    world = a_dated_world(*IDS)
    world.before("SearchCases", lambda: None)
    world.before("SearchCases", lambda: world.edit("c003", note="old"))
    outcomes = run(world, changes=dated_changes())
    assert isinstance(outcomes["c003"], Unverified)
    assert world.cases["c003"].value_of("note") == "old"
    assert world.count["UpdateCase"] == 0


@pytest.mark.parametrize(
    ("begun", "held", "ends"),
    [
        pytest.param(Begun((OPEN,)), "old", Applied, id="sent-without-effect"),
        pytest.param(Begun((OPEN,)), "new", AlreadyDone, id="sent"),
        pytest.param(Begun(told=WHOLE), "old", Conflict, id="written-and-put-back"),
        pytest.param(Begun(told=WHOLE), "by hand", Conflict, id="written-and-changed"),
        pytest.param(Begun(told=WHOLE), "new", AlreadyDone, id="written"),
    ],
)
def test_what_an_earlier_apply_of_the_plan_began_goes_alone(begun, held, ends):
    world = a_dated_world(*IDS)
    world.edit("c003", note=held)
    world.cases["c003"].values["last_updated_datetime"] = LONG_AGO
    outcomes = run(world, changes=dated_changes(), earlier=Earlier({("prod", "c003"): begun}))
    assert isinstance(outcomes["c003"], ends)
    assert ("c003", {"note": "new"}, "me") in world.writes or ends is not Applied
    assert all("c003" not in call[1] for call in world.calls("BatchUpdateCase"))


def test_a_case_updated_since_the_plan_goes_alone():
    world = a_dated_world(*IDS)
    world.edit("c003", score=1.0)
    assert kinds(run(world, changes=dated_changes())) == {Applied}
    assert world.count["UpdateCase"] == 1
    assert world.count["GetCaseAuditEvents"] == 1


# -- the check after a batch ---------------------------------------------------------------


def test_an_index_that_lags_is_given_a_moment_and_then_the_case_itself_is_asked():
    world = world_of(3, note="old")
    for key in world.cases:
        world.index[key] = live(key, note="old")
    assert kinds(run(world)) == {Applied}
    assert world.clock.sleeps == [wait for wait in CHECK_WAITS if wait]
    assert world.count["GetCase"] == 3


def test_a_written_case_that_cannot_be_checked_is_unsure():
    world = world_of(3, note="old")

    def hide():
        world.index["c001"] = None
        world.fail("GetCase", *[DENIED] * 10, on="c001")

    world.before("BatchUpdateCase", hide)
    outcomes = run(world)
    assert isinstance(outcomes["c001"], Unknown)
    assert "batch-1" in outcomes["c001"].message


def test_a_batch_is_checked_also_when_the_run_was_asked_to_stop():
    world = world_of(300, note="old")
    world.before("BatchUpdateCase", world.stop.set)
    outcomes = run(world)
    applied = {key for key, one in outcomes.items() if isinstance(one, Applied)}
    assert applied == {case_id for case_id, _, _ in world.writes}
    assert kinds(outcomes) <= {Applied, NotAttempted}
    assert applied


def test_a_stop_before_the_first_batch_writes_nothing():
    world = world_of(10, note="old")
    world.stop.set()
    assert kinds(run(world)) == {NotAttempted}
    assert world.calls() == []


def test_a_limit_counts_cases_in_bulk_too():
    world = world_of(10, note="old")
    outcomes = run(world, limit=4)
    assert sorted(case_id for case_id, _, _ in world.writes) == sorted(world.cases)[:4]
    assert [type(one) for one in outcomes.values()].count(NotAttempted) == 6


def test_unlike_changes_go_one_by_one():
    world = FakeWorld.holding(live("a", note="old"), live("b", note="old"))
    changes = [case_change(key, field_change("note", "old", f"new {key}")) for key in "ab"]
    assert kinds(run(world, changes=changes)) == {Applied}
    assert world.count == {"GetCase": 4, "UpdateCase": 2}


def test_once_the_credentials_are_refused_no_case_of_a_batch_is_attempted():
    world = world_of(30, note="old")
    world.fail("SearchCases", EXPIRED)
    outcomes = run(world)
    assert {one.reason for one in outcomes.values()} == {"sign in again"}
    assert len(world.calls()) == 1


def test_a_batch_is_unsure_when_the_credentials_end_before_its_check():
    world = world_of(30, note="old")
    world.before("BatchUpdateCase", lambda: world.fail("SearchCases", EXPIRED))
    assert kinds(run(world)) == {Unknown}


@pytest.mark.parametrize(("slow", "singles"), [(1, 0), (99, 5)], ids=["once", "always"])
def test_a_guard_that_took_long_is_made_anew_and_at_last_left_to_single_calls(slow, singles):
    world = a_dated_world(*IDS)
    search = world.search_cases
    times = []

    def slowly(*given, **more):
        times.append(1)
        page = search(*given, **more)
        if len(times) <= slow:
            world.clock.seconds += LONGEST_GUARD + 1
        return page

    world.search_cases = slowly
    assert kinds(run(world, changes=dated_changes())) == {Applied}
    assert world.count["UpdateCase"] == singles
    assert world.count["BatchUpdateCase"] == (0 if singles else 1)
