"""What one read tells of writes whose replies were lost."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.apply.judging import Verdict
from reconciler.apply.settling_rule import (
    MARGIN,
    Attempt,
    Settled,
    earliest,
    later,
    settled,
    stamped,
    written_since,
)
from reconciler.model.audit import AuditEvent, RecordedChange
from reconciler.model.event import FieldConflict
from reconciler.model.value import spelled
from tests.builders import field_change

LEFT = Verdict(to_write=(field_change(),))
FIELD_CONFLICT = Verdict(conflicts=(FieldConflict("note", "Note", "old", "new", "by hand"),))
SEEN, READ = "2026-12-01T09:00:00Z", "2026-12-01T09:00:03Z"
SURE = Attempt(SEEN, READ)


@pytest.mark.parametrize(
    ("verdict", "updated_at", "attempts", "found"),
    [
        pytest.param(FIELD_CONFLICT, SEEN, [SURE], Settled.CONFLICT, id="another-value"),
        pytest.param(Verdict(), SEEN, [SURE], Settled.DONE, id="as-planned"),
        pytest.param(LEFT, SEEN, [SURE], Settled.UNTOUCHED, id="not-updated-since"),
        pytest.param(LEFT, SEEN, [SURE, SURE], Settled.UNTOUCHED, id="twice-not-updated-since"),
        pytest.param(LEFT, READ, [SURE], Settled.UNTOLD, id="updated-since"),
        pytest.param(LEFT, "2026-12-01T08:59:59Z", [SURE], Settled.UNTOLD, id="a-stale-read"),
        pytest.param(LEFT, None, [SURE], Settled.UNTOLD, id="no-last-update"),
        pytest.param(LEFT, "soon", [SURE], Settled.UNTOLD, id="an-illegible-last-update"),
        pytest.param(
            LEFT, "2026-12-01T09:00:00.001Z", [SURE], Settled.UNTOLD, id="a-millisecond-later"
        ),
        pytest.param(LEFT, SEEN, [], Settled.UNTOLD, id="no-attempt-known"),
        pytest.param(LEFT, SEEN, [Attempt("", READ)], Settled.UNTOLD, id="not-known-what-was-seen"),
        pytest.param(LEFT, SEEN, [Attempt(SEEN, "")], Settled.UNTOLD, id="not-known-when-read"),
        pytest.param(LEFT, SEEN, [SURE, Attempt()], Settled.UNTOLD, id="one-of-two-not-known"),
        pytest.param(
            LEFT, SEEN, [SURE, Attempt(READ, READ)], Settled.UNTOLD, id="another-saw-another-update"
        ),
        pytest.param(
            LEFT, SEEN, [Attempt(SEEN, "2026-12-01T09:00:02Z")], Settled.UNTOLD, id="too-fresh"
        ),
        pytest.param(
            LEFT,
            SEEN,
            [Attempt(SEEN, "2026-12-01T09:00:02.001Z")],
            Settled.UNTOUCHED,
            id="just-old-enough",
        ),
        pytest.param(
            LEFT, SEEN, [Attempt(SEEN, "2026-12-01T08:00:00Z")], Settled.UNTOLD, id="clocks-apart"
        ),
    ],
)
def test_what_a_read_says_of_lost_writes(verdict, updated_at, attempts, found):
    assert settled(verdict, updated_at, attempts) is found


TICKS = st.sampled_from([0.001, 0.25, 1.0])
START = datetime(2026, 12, 1, tzinfo=UTC)


def shown(seconds, tick, rounds):
    """A moment as a clock of this tick shows it, cut or rounded."""
    ticks = round(seconds / tick) if rounds else seconds // tick
    return spelled(START + timedelta(milliseconds=round(ticks * tick * 1000)))


@settings(deadline=None, max_examples=300)
@given(
    updated=st.floats(0, 1),
    age=st.floats(0, 6),
    way=st.floats(0.002, 3),
    ticks=st.tuples(TICKS, TICKS),
    rounds=st.booleans(),
    skew=st.floats(-0.5, 0.5),
)
def test_no_coarse_clock_hides_a_write_that_took_effect(updated, age, way, ticks, rounds, skew):
    """A case updated at one moment, guarded `age` later, written `way` after that."""
    seen_at = shown(updated, ticks[0], rounds)
    attempt = Attempt(seen_at, shown(updated + age + skew, ticks[1], rounds))
    if settled(LEFT, seen_at, [attempt]) is Settled.UNTOUCHED:
        assert shown(updated + age + way, ticks[0], rounds) != seen_at


def an_event(at=SEEN, by="reconcile:abc:def", field="note"):
    return AuditEvent(
        event_id="e",
        kind="Case.Updated",
        at=at,
        by=by,
        principal="",
        changes=(RecordedChange(field, "old", "new"),),
    )


@pytest.mark.parametrize(
    ("event", "since", "found"),
    [
        pytest.param(an_event(), "", True, id="ever"),
        pytest.param(an_event(), SEEN, True, id="at-the-same-time"),
        pytest.param(an_event(READ), SEEN, True, id="later"),
        pytest.param(an_event(), READ, False, id="before-it-was-read"),
        pytest.param(an_event(by="arn:jane"), "", False, id="somebody-else"),
        pytest.param(an_event(by="reconcile:abc:def:rollback"), "", False, id="a-rollback"),
        pytest.param(an_event(field="score"), "", False, id="another-field"),
    ],
)
def test_whether_a_stamp_of_the_plan_stands_on_a_field(event, since, found):
    assert stamped([event], ["note"], ["reconcile:abc:def"], since) is found
    assert not stamped([], ["note"], ["reconcile:abc:def"], since)


@pytest.mark.parametrize(
    ("event", "found"),
    [
        pytest.param(an_event(READ, by="reconcile:abcd:c0ffee"), True, id="by-this-plan"),
        pytest.param(an_event(READ, by="reconcile:123456:none"), True, id="by-another-plan"),
        pytest.param(an_event(SEEN), False, id="not-later-than-the-plan-saw"),
        pytest.param(an_event(READ, by="reconcile:1234:none:rollback"), False, id="a-rollback"),
        pytest.param(an_event(READ, by="arn:jane"), False, id="somebody-else"),
        pytest.param(an_event(READ, by="reconcile:"), False, id="no-stamp-of-ours"),
        pytest.param(an_event(READ, field="score"), False, id="another-field"),
    ],
)
def test_whether_this_program_wrote_a_field_after_a_plan_had_observed_it(event, found):
    assert written_since([event], ["note"], SEEN) is found


@pytest.mark.parametrize(
    ("updated_at", "observed_at", "found"),
    [
        (READ, SEEN, True),
        (SEEN, SEEN, False),
        (SEEN, READ, False),
        (SEEN, "", True),
        (None, SEEN, False),
        ("2026-12-01T09:00:00.5Z", SEEN, True),
    ],
)
def test_whether_a_case_was_updated_after_the_plan(updated_at, observed_at, found):
    assert later(updated_at, observed_at) is found


@pytest.mark.parametrize(
    ("seen", "found"),
    [([READ, SEEN], SEEN), ([SEEN, ""], ""), ([], ""), (["2026-12-01T09:00:00.5Z", SEEN], SEEN)],
)
def test_the_earliest_that_an_attempt_saw(seen, found):
    assert earliest(Attempt(one) for one in seen) == found


def test_the_margin_is_more_than_two_coarse_clocks_can_be_apart():
    assert timedelta(seconds=2) <= MARGIN
