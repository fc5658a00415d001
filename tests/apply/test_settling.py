"""A write without a reply is settled before anything else, and never sent over anybody's value."""

from dataclasses import replace

import pytest

from reconciler.apply.one_case import LOST_WRITES
from reconciler.apply.part import NO_FIELD, WHOLE, Part
from reconciler.apply.resume import Begun, Earlier
from reconciler.apply.settling import WAITS
from reconciler.apply.settling_rule import Attempt
from reconciler.errors import NotFound, ReconcilerError, Unauthenticated
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
from reconciler.service.calling import ATTEMPTS, LONGEST_WAIT
from tests.apply.running import (
    ABOUT,
    BUSY,
    DENIED,
    LONG_AGO,
    LOST,
    a_dated_world,
    a_world,
    one,
    run,
)
from tests.builders import a_plan, case_change, field_change, target_plan
from tests.fakes import Fault

TOOK = Fault(LOST, took_effect=True)
STAMP = "reconcile:abc:def"
EXPIRED = Unauthenticated("expired", code="ExpiredToken", reason="sign in again")


def earlier(*attempts, told=False, unreported=False, stamps=()):
    begun = Begun(attempts, told=WHOLE if told else NO_FIELD, unreported=unreported)
    return Earlier({("prod", "c1"): begun}, frozenset(stamps))


def observed(world, **more):
    """The outcome where the plan had observed the case as it was long ago."""
    [outcome] = run(world, case_change("c1", observed_at=LONG_AGO), **more)
    return outcome


# -- what is on record ---------------------------------------------------------------------


def test_what_the_guard_saw_and_when_is_on_record_before_a_write_is_sent():
    world = a_dated_world()
    assert isinstance(observed(world), Applied)
    [started] = [one for one in world.journal if isinstance(one, Started)]
    assert (started.seen_at, started.read_at) == (LONG_AGO, "2026-12-01T09:00:00Z")


# -- (a) another value, (b) the planned values ---------------------------------------------


def test_after_a_lost_reply_somebody_elses_value_is_a_conflict_and_stays():
    world = a_dated_world()
    world.fail("UpdateCase", TOOK)
    world.clock.while_asleep = lambda: world.edit("c1", note="by hand")
    outcome = observed(world)
    assert isinstance(outcome, Conflict)
    assert world.cases["c1"].value_of("note") == "by hand"
    assert world.count["UpdateCase"] == 1


def test_a_lost_write_that_took_effect_is_applied_by_its_stamp():
    world = a_dated_world()
    world.fail("UpdateCase", TOOK)
    assert observed(world) == Applied(**ABOUT, request_id="", settled_by_reading=True)
    assert world.count == {"GetCase": 2, "UpdateCase": 1, "GetCaseAuditEvents": 1}


def test_a_stamp_that_comes_late_is_waited_for():
    world = a_dated_world()
    world.fail("UpdateCase", TOOK)
    kept = {}

    def late():
        kept.update(world.histories)
        world.histories = {}

    world.before("GetCaseAuditEvents", late)
    world.before("GetCaseAuditEvents", lambda: world.histories.update(kept))
    assert isinstance(observed(world), Applied)


@pytest.mark.parametrize("history", ["none", "denied", "somebody-else"])
def test_without_our_stamp_it_is_said_to_be_done_and_not_to_be_ours(history):
    world = a_dated_world()
    world.fail("UpdateCase", Fault(LOST, took_effect=history != "somebody-else"))
    if history == "denied":
        world.fail("GetCaseAuditEvents", DENIED)
    elif history == "none":
        world.clock.while_asleep = world.histories.clear
    else:
        world.before("UpdateCase", lambda: world.edit("c1", note="new"))
    assert observed(world) == AlreadyDone(**ABOUT, about=("note",))
    assert world.count["UpdateCase"] == 1


# -- (c) nothing took effect ---------------------------------------------------------------


def test_a_lost_write_that_did_not_take_effect_is_sent_again():
    world = a_dated_world()
    world.fail("UpdateCase", Fault(LOST))
    assert observed(world) == Applied(**ABOUT, request_id="request-1")
    assert world.count["UpdateCase"] == 2


def test_only_what_was_missing_at_the_guard_is_sent_again():
    world = a_dated_world(due="2026-12-01T09:00:00Z")
    world.fail("UpdateCase", Fault(LOST))
    fields = field_change("due", None, "2026-12-01T09:00:00Z"), field_change("note", "old", "new")
    [outcome] = run(world, case_change("c1", *fields, observed_at=LONG_AGO))
    assert isinstance(outcome, Applied)
    assert [given for _, given, _ in world.writes] == [{"note": "new"}]


@pytest.mark.parametrize(("asked", "seconds"), [(None, 1.0), (7.0, 7.0), (900.0, LONGEST_WAIT)])
def test_it_is_settled_a_second_after_it_was_sent_or_when_the_service_asks_to(asked, seconds):
    world = a_dated_world()
    lost = LOST.__class__("no reply", code="500", retry_after=asked)
    world.fail("UpdateCase", Fault(lost, took_effect=True))
    assert isinstance(observed(world), Applied)
    assert world.clock.seconds == seconds


def test_replies_that_keep_getting_lost_end_as_unsure():
    world = a_dated_world()
    world.fail("UpdateCase", *[LOST] * 100)
    outcome = observed(world)
    assert outcome == Unknown(**ABOUT, message=f"still unknown after {LOST_WRITES} writes")
    assert world.count["UpdateCase"] == LOST_WRITES


# -- (d) nobody can say --------------------------------------------------------------------


@pytest.mark.parametrize("took_effect", [True, False])
@pytest.mark.parametrize("moment", ["at-once", "while-we-wait"])
def test_the_old_value_put_back_after_a_lost_write_is_never_overwritten(took_effect, moment):
    world = a_dated_world()
    world.fail("UpdateCase", Fault(LOST, took_effect))

    def put_back():
        world.clock.seconds += 0.2
        world.edit("c1", note="old")

    if moment == "at-once":
        world.clock.while_asleep = put_back
    else:
        world.before("GetCase", lambda: None, on="c1")
        world.before("GetCase", put_back, on="c1")
    outcome = observed(world)
    assert isinstance(outcome, Conflict if took_effect else Unknown)
    assert len(world.calls("UpdateCase")) == 1
    assert world.cases["c1"].value_of("note") == "old"


def test_a_case_updated_right_before_it_was_read_cannot_be_told_and_stays():
    fresh = "2026-12-01T08:59:58Z"
    world = a_dated_world(updated_at=fresh)
    world.fail("UpdateCase", Fault(LOST))
    [outcome] = run(world, case_change("c1", observed_at=fresh))
    assert isinstance(outcome, Unknown)
    assert "look at `reconcile history`" in outcome.message
    assert world.count["UpdateCase"] == 1
    assert world.clock.seconds == 1.0 + sum(WAITS)


def test_a_service_that_keeps_no_time_of_the_last_update_leaves_it_unsure():
    world = a_world()
    world.fail("UpdateCase", Fault(LOST))
    assert isinstance(one(world), Unknown)
    assert world.count["UpdateCase"] == 1


def test_a_lost_write_of_half_its_fields_is_not_completed():
    world = a_dated_world()
    world.fail("UpdateCase", Fault(LOST))
    world.clock.while_asleep = lambda: world.edit("c1", due="2026-12-01T09:00:00Z")
    fields = field_change("due", None, "2026-12-01T09:00:00Z"), field_change("note", "old", "new")
    assert isinstance(one(world, *fields), Unknown)
    assert world.writes == []


# -- what cannot be read -------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [NotFound("gone", code="x"), EXPIRED, ReconcilerError("no usable AWS credentials")],
    ids=["gone", "expired", "no-credentials"],
)
@pytest.mark.parametrize("took_effect", [True, False])
def test_a_lost_write_that_cannot_be_read_is_unsure_and_never_failed(error, took_effect):
    world = a_dated_world()
    world.fail("UpdateCase", Fault(LOST, took_effect))
    world.before("UpdateCase", lambda: world.fail("GetCase", *[error] * 10))
    outcome = observed(world)
    assert isinstance(outcome, Unknown)
    assert "no reply to its write, and reading it again failed" in outcome.message


def test_a_lost_write_that_stays_unreadable_is_unsure():
    world = a_dated_world()
    world.fail("UpdateCase", LOST)
    world.before("UpdateCase", lambda: world.fail("GetCase", *[BUSY] * ATTEMPTS))
    assert isinstance(observed(world), Unknown)


def test_a_refusal_after_a_lost_write_is_not_told_as_if_nothing_had_been_sent():
    world = a_dated_world()
    world.fail("UpdateCase", LOST, DENIED)
    outcome = observed(world)
    assert isinstance(outcome, Unknown)
    assert "sent before" in outcome.message


def test_a_lost_write_is_settled_also_when_the_run_was_asked_to_stop():
    world = a_dated_world()
    world.fail("UpdateCase", TOOK)
    world.before("UpdateCase", world.stop.set)
    assert isinstance(observed(world), Applied)


def test_a_lost_write_is_not_sent_again_when_the_run_was_asked_to_stop():
    world = a_dated_world()
    world.fail("UpdateCase", Fault(LOST))
    world.before("UpdateCase", world.stop.set)
    assert isinstance(observed(world), Unknown)
    assert world.count["UpdateCase"] == 1


# -- told success closes the case for good ---------------------------------------------------


@pytest.mark.parametrize("value", ["old", "by hand", None])
def test_what_was_written_and_put_back_at_once_is_not_written_again(value):
    world = a_dated_world()
    world.before("GetCase", lambda: None)
    world.before("GetCase", lambda: world.edit("c1", note=value))
    assert isinstance(observed(world), Unverified)
    assert world.count["UpdateCase"] == 1
    assert world.cases["c1"].value_of("note") == value


# -- earlier applies of the plan -----------------------------------------------------------


@pytest.mark.parametrize("unreported", [True, False])
@pytest.mark.parametrize(
    ("held", "ends"), [("old", Conflict), ("by hand", Conflict), ("new", AlreadyDone)]
)
def test_a_case_that_this_plan_has_written_before_is_never_written_again(held, ends, unreported):
    world = a_dated_world(note=held)
    outcome = observed(world, earlier=earlier(told=True, unreported=unreported))
    assert isinstance(outcome, ends)
    assert world.writes == []


def test_a_case_done_before_that_cannot_be_read_stays_on_record_until_a_receipt_has_it():
    for unreported, ends in ((True, Unknown), (False, Failed)):
        world = a_dated_world()
        world.fail("GetCase", DENIED)
        outcome = observed(world, earlier=earlier(told=True, unreported=unreported))
        assert isinstance(outcome, ends)


OPEN = Attempt(LONG_AGO, "2026-12-01T08:59:00Z")


@pytest.mark.parametrize(
    ("attempt", "held", "updated_at", "ends", "writes"),
    [
        pytest.param(OPEN, "old", LONG_AGO, Applied, 1, id="it-took-no-effect"),
        pytest.param(OPEN, "old", "2026-12-01T08:59:01Z", Unknown, 0, id="updated-since"),
        pytest.param(OPEN, "new", "2026-12-01T08:59:01Z", AlreadyDone, 0, id="as-planned"),
        pytest.param(OPEN, "by hand", LONG_AGO, Conflict, 0, id="another-value"),
        pytest.param(Attempt(), "old", LONG_AGO, Unknown, 0, id="an-old-journal"),
    ],
)
def test_what_a_killed_run_had_sent_is_settled_first(attempt, held, updated_at, ends, writes):
    world = a_dated_world(note=held, updated_at=updated_at)
    outcome = observed(world, earlier=earlier(attempt))
    assert isinstance(outcome, ends)
    assert len(world.writes) == writes
    assert world.clock.seconds >= 1.0


@pytest.mark.parametrize("mode", [Mode.BALANCED, Mode.BULK])
@pytest.mark.parametrize("held", ["old", "new", "by hand"])
@pytest.mark.parametrize("saved", [False, True])
@pytest.mark.parametrize(
    ("begun", "planned"),
    [
        pytest.param(Begun((OPEN,)), False, id="sent-and-killed"),
        pytest.param(Begun(told=WHOLE, unreported=True), False, id="applied-and-killed"),
        pytest.param(Begun(told=WHOLE), True, id="applied-and-in-a-receipt"),
        pytest.param(Begun(), True, id="never-begun"),
    ],
)
def test_a_case_begun_before_and_then_called_a_conflict_stays_and_is_no_mere_plan(
    mode, held, saved, begun, planned
):
    world = a_dated_world(note=held, updated_at="2026-12-01T08:59:01Z")
    change = case_change("c1", observed_at=LONG_AGO)
    found = Conflict(**ABOUT, fields=(), changed_by="arn:jane", changed_at="", planned=True)
    told = {"conflicts": (found,)} if saved else {"conflict": lambda *_: found}
    [outcome] = run(
        world,
        change,
        plan=replace(a_plan(target_plan(change)), mode=mode),
        earlier=Earlier({("prod", "c1"): begun}),
        **told,
    )
    assert outcome == replace(found, planned=planned)  # which a rollback passes over, or not
    assert world.writes == []
    assert world.journal == [outcome]


def test_the_old_value_put_back_after_a_kill_is_a_conflict_by_our_stamp():
    world = a_dated_world()
    world.edit("c1", by=STAMP, note="new")
    world.edit("c1", note="old")
    assert isinstance(observed(world, earlier=earlier(OPEN)), Conflict)
    assert world.writes == []


@pytest.mark.parametrize("begun", [earlier(OPEN), earlier(told=True, unreported=True)])
def test_a_case_that_may_be_written_is_not_passed_over_in_silence(begun):
    world = a_dated_world()
    world.stop.set()
    assert isinstance(observed(world, earlier=begun), Unknown)
    world = a_dated_world()
    world.stop.set()
    assert isinstance(observed(world, earlier=Earlier()), NotAttempted)


# -- a part of the plan was applied before ---------------------------------------------------

HERS = field_change("note", "old", "new")  # the part
OURS = field_change("score", 1.0, 2.0)  # the rest
NOTE = Part(frozenset(["note"]))
PARTLY = replace(OPEN, about=NOTE)
LATE = "2026-12-01T08:59:01Z"


@pytest.mark.parametrize("mode", [Mode.BALANCED, Mode.BULK])
@pytest.mark.parametrize(
    ("begun", "held", "updated_at", "ends", "written"),
    [
        pytest.param(Begun(told=NOTE), ("new", 1.0), LATE, Applied, {"score": 2.0}, id="done"),
        pytest.param(Begun(told=NOTE), ("new", 2.0), LATE, AlreadyDone, None, id="all-done"),
        pytest.param(Begun(told=NOTE), ("old", 1.0), LATE, Conflict, None, id="put-back"),
        pytest.param(Begun(told=NOTE), ("old", 2.0), LATE, Conflict, None, id="and-the-rest-so"),
        pytest.param(Begun(told=NOTE), ("new", 3.0), LATE, Conflict, None, id="rest-by-hand"),
        pytest.param(Begun((PARTLY,)), ("new", 1.0), LATE, Applied, {"score": 2.0}, id="it-took"),
        pytest.param(Begun((PARTLY,)), ("new", 2.0), LATE, AlreadyDone, None, id="took-and-done"),
        pytest.param(
            Begun((PARTLY,)),
            ("old", 1.0),
            LONG_AGO,
            Applied,
            {"note": "new", "score": 2.0},
            id="took-no-effect",
        ),
        pytest.param(Begun((PARTLY,)), ("old", 1.0), LATE, Unknown, None, id="nobody-knows"),
        pytest.param(
            Begun((PARTLY,), told=Part(frozenset(["score"]))),
            ("new", 1.0),
            LATE,
            Conflict,
            None,
            id="took-and-the-rest-put-back",
        ),
    ],
)
def test_what_is_closed_are_the_fields_that_the_earlier_apply_was_about(
    mode, begun, held, updated_at, ends, written
):
    note, score = held
    world = a_dated_world(note=note, score=score, updated_at=updated_at)
    change = case_change("c1", HERS, OURS, observed_at=LONG_AGO)
    before = Earlier({("prod", "c1"): begun})
    plan = replace(a_plan(target_plan(change)), mode=mode)
    [outcome] = run(world, change, plan=plan, earlier=before)
    assert isinstance(outcome, ends)
    assert [values for _, values, _ in world.writes] == ([written] if written else [])


@pytest.mark.parametrize(
    ("edits", "held", "ends"),
    [
        pytest.param([(STAMP, {"note": "new"})], {"score": 2.0}, Applied, id="the-rest-is-free"),
        pytest.param(
            [(STAMP, {"note": "new"}), ("arn:jane", {"note": "old"})],
            None,
            Conflict,
            id="put-back",
        ),
        pytest.param(
            [
                ("arn:jane", {"score": 2.0}),
                (STAMP, {"note": "new"}),
                ("arn:jane", {"score": 1.0}),
            ],
            None,
            Conflict,
            id="what-was-done-already-then-is-not",
        ),
        pytest.param(
            [(STAMP, {"note": "new"}), ("arn:jane", {"other": 1.0})],
            {"score": 2.0},
            Applied,
            id="another-field",
        ),
    ],
)
def test_without_a_journal_the_history_tells_which_fields_are_closed(edits, held, ends):
    world = a_dated_world(score=1.0)
    for by, values in edits:
        world.edit("c1", by=by, **values)
        world.clock.seconds += 60
    [outcome] = run(world, case_change("c1", HERS, OURS, observed_at=LONG_AGO))
    assert isinstance(outcome, ends)
    assert [values for _, values, _ in world.writes] == ([held] if held else [])


# -- without a journal: our stamp on a case that was updated since the plan --------------------


def put_back(world, by=STAMP):
    world.edit("c1", by=by, note="new")
    world.clock.seconds += 60
    world.edit("c1", note="old")
    world.clock.seconds += 60


@pytest.mark.parametrize("stamps", [(), ("reconcile:theplan:def",)])
def test_a_case_that_this_plan_wrote_on_another_machine_and_was_put_back_is_a_conflict(stamps):
    world = a_dated_world()
    put_back(world, by=stamps[0] if stamps else STAMP)
    outcome = observed(world, earlier=Earlier(stamps=frozenset(stamps)))
    assert isinstance(outcome, Conflict)
    assert world.writes == []
    assert world.count == {"GetCase": 2, "GetCaseAuditEvents": 1}


def test_a_case_updated_by_others_since_the_plan_costs_one_look_at_its_history():
    world = a_dated_world()
    world.edit("c1", score=4.0)
    world.clock.seconds += 60
    assert isinstance(observed(world), Applied)
    assert world.count["GetCaseAuditEvents"] == 1
    assert [call for call, _ in world.calls()][-3:] == ["GetCase", "UpdateCase", "GetCase"]


def test_a_fresh_update_is_given_time_before_its_history_is_read():
    """Behind a clock of one second another update of that second might hide."""
    world = a_dated_world()
    world.edit("c1", score=4.0)
    asked = []
    world.before("GetCaseAuditEvents", lambda: asked.append(world.clock.seconds))
    assert isinstance(observed(world), Applied)
    assert asked == [3.0]


def test_a_case_not_updated_since_the_plan_costs_no_look_at_its_history():
    world = a_dated_world()
    assert isinstance(observed(world), Applied)
    assert world.count["GetCaseAuditEvents"] == 0


def test_a_case_whose_history_cannot_be_read_is_not_written():
    world = a_dated_world()
    world.edit("c1", score=4.0)
    world.fail("GetCaseAuditEvents", DENIED)
    assert isinstance(observed(world), Failed)
    assert world.writes == []


def test_an_update_between_the_history_and_the_write_is_looked_into_as_well():
    world = a_dated_world()
    world.edit("c1", score=4.0)
    world.clock.seconds += 60

    world.before("GetCase", lambda: None)
    world.before("GetCase", lambda: put_back(world))
    assert isinstance(observed(world), Conflict)
    assert world.count["UpdateCase"] == 0
    assert world.count["GetCaseAuditEvents"] == 2
