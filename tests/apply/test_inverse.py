"""The way back: only what our own stamp wrote last, and only while it still stands."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.apply.inverse import inverted, possibly_written, undone, without_sealed
from reconciler.history.stamp import stamp
from reconciler.model.audit import AuditEvent, RecordedChange, UnreadableValue
from reconciler.model.classes import ChangeClass
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    NotAttempted,
    Unknown,
    Unverified,
)
from reconciler.model.plan import Sealed
from reconciler.secrets.sealing import Sealer
from tests.builders import a_plan, case_change, field_change, live
from tests.plan.plans import field_changes

OURS = stamp("ab" * 32, "c0ffee1234567890")
JANE = "arn:aws:connect:us-west-2:111122223333:instance/i/agent/jane"
OPEN = Sealer(b"", frozenset())
SECRET = Sealer(b"key", frozenset({"note"}))


def event(second, before, after, by=OURS, field="note", principal=""):
    return AuditEvent(
        event_id=f"{second}-{by}-{field}",
        kind="Case.Updated",
        at=f"2026-12-01T09:00:{second:02}Z",
        by=by,
        principal=principal,
        changes=(RecordedChange(field, before, after),),
    )


def back(events, note="new", sealer=OPEN, *fields):
    """The way back from `note: old -> new` of case c1."""
    change = case_change("c1", *fields)
    return undone(change, live("c1", note=note), events, OURS, sealer)


WROTE = event(10, "old", "new")


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([WROTE], id="ours-alone"),
        pytest.param([event(5, "x", "old", JANE), WROTE], id="ours-last"),
        pytest.param([WROTE, event(5, "x", "old", JANE)], id="in-any-order"),
        pytest.param([WROTE, event(20, "a", "b", JANE, "story")], id="another-field-since"),
        pytest.param([event(10, None, "new")], id="an-old-value-that-is-not-stated"),
        pytest.param([event(10, UnreadableValue("mapValue"), "new")], id="an-illegible-old-value"),
        pytest.param([WROTE, event(11, "new", "new")], id="written-twice-by-us"),
        pytest.param(
            [event(5, "x", "new", JANE), event(6, "new", "old", JANE), WROTE], id="redone"
        ),
    ],
)
def test_what_we_wrote_last_is_put_back(events):
    found = back(events)
    assert found.fields == (field_change("note", "new", "old"),)
    assert found.left == ()


@pytest.mark.parametrize(
    ("events", "note", "reason"),
    [
        pytest.param([WROTE, event(20, "new", "x", JANE)], "x", f"written by {JANE}", id="other"),
        pytest.param(
            [WROTE, event(20, "new", "x", JANE), event(21, "x", "new", JANE)],
            "new",
            "at 2026-12-01T09:00:21Z",
            id="written-back-to-the-same-value",
        ),
        pytest.param(
            [WROTE, event(20, "new", "new", JANE)], "new", f"by {JANE}", id="the-same-over-it"
        ),
        pytest.param([WROTE, event(10, "new", "new", JANE)], "new", f"by {JANE}", id="same-second"),
        pytest.param([event(5, "x", "new", JANE)], "new", f"by {JANE}", id="never-written-by-us"),
        pytest.param(
            [WROTE, event(20, "new", "new", stamp("cd" * 32, "c0ffee1234567890"))],
            "new",
            "reconcile:cdcdcdcdcdcd",
            id="another-plan-of-ours",
        ),
        pytest.param(
            [WROTE, event(20, "new", "new", f"{OURS}:rollback")], "new", ":rollback", id="rollback"
        ),
        pytest.param([WROTE, event(20, "new", "new", "", principal="p")], "new", "by p", id="iam"),
        pytest.param([WROTE, event(20, "new", "new", "")], "new", "by somebody", id="nobody"),
        pytest.param([], "new", "does not say that the apply wrote it", id="no-history"),
        pytest.param([WROTE], "x", "does not say whose", id="history-lags"),
        pytest.param(
            [event(9, "old", "x", JANE), event(10, "x", "new")],
            "new",
            "had not seen",
            id="an-edit-in-the-open-window",
        ),
    ],
)
def test_what_somebody_else_wrote_last_is_left_alone_and_told(events, note, reason):
    found = back(events, note)
    assert found.fields == ()
    [left] = found.left
    assert reason in left.reason
    assert (left.case_id, left.id, left.name) == ("c1", "note", "Note")


@pytest.mark.parametrize("events", [[], [WROTE], [WROTE, event(20, "new", "old", JANE)]])
def test_what_is_back_already_is_nothing_to_do(events):
    assert back(events, "old") == back([], "old")
    assert back(events, "old").fields == back(events, "old").left == ()


def test_each_field_of_a_case_is_decided_on_its_own():
    fields = (field_change("note", "old", "new"), field_change("vip", None, True))
    change = case_change("c1", *fields)
    events = [
        WROTE,
        event(10, None, True, field="vip"),
        event(20, True, True, JANE, "vip"),
    ]
    found = undone(change, live("c1", note="new", vip=True), events, OURS, OPEN)
    assert [entry.id for entry in found.fields] == ["note"]
    assert [entry.id for entry in found.left] == ["vip"]


def test_a_sensitive_value_comes_from_the_history_and_only_into_the_vault():
    old, new = SECRET.show("note", "old"), SECRET.show("note", "new")
    found = back([WROTE], "new", SECRET, field_change("note", old, new))
    assert found.fields == (field_change("note", new, old),)
    assert found.vault == {old.digest: "old"}


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(None, id="not-stated"),
        pytest.param("other", id="not-the-planned-one"),
        pytest.param(UnreadableValue("mapValue"), id="illegible"),
    ],
)
def test_a_sensitive_value_that_the_history_does_not_hold_is_left_alone(before):
    old, new = SECRET.show("note", "old"), SECRET.show("note", "new")
    found = back([event(10, before, "new")], "new", SECRET, field_change("note", old, new))
    assert found.fields == () and found.vault == {}
    assert "sensitive" in found.left[0].reason


def test_a_field_that_is_called_sensitive_since_is_sealed_on_the_way_back():
    found = back([WROTE], "new", SECRET)
    [entry] = found.fields
    assert isinstance(entry.before, Sealed) and isinstance(entry.after, Sealed)
    assert found.vault == {entry.after.digest: "old"}


def test_a_sensitive_value_that_was_empty_before_needs_no_vault():
    new = SECRET.show("note", "new")
    found = back([event(10, None, "new")], "new", SECRET, field_change("note", None, new))
    assert found.fields == (field_change("note", new, None),)
    assert found.vault == {}


def test_a_saved_plan_leaves_sensitive_values_out_and_says_so():
    seal = Sealed("ab" * 32)
    both = case_change("c1", field_change("note", "a", seal), field_change("story", "a", "b"))
    alone = case_change("c2", field_change("note", "a", seal))
    clears = case_change("c3", field_change("note", seal, None))
    [target] = without_sealed(a_plan(both, alone, clears)).targets
    assert [(one.case_id, [f.id for f in one.fields]) for one in target.changes] == [
        ("c1", ["story"]),
        ("c3", ["note"]),
    ]
    assert [(one.case_id, one.id) for one in target.ignored] == [("c1", "note"), ("c2", "note")]
    assert all("--yes" in one.reason for one in target.ignored)


@given(field_changes())
def test_the_inverse_of_the_inverse_is_the_change_itself(told):
    entry = replace(told, change_class=ChangeClass.UNCLASSIFIED, last_change=None)
    once = inverted(entry)
    assert (once.before, once.after, once.source) == (entry.after, entry.before, entry.source)
    assert inverted(once) == entry


writers = st.sampled_from([OURS, JANE, f"{OURS}:rollback", ""])
values = st.sampled_from([None, "old", "new", "x"])


@given(
    st.lists(st.tuples(st.integers(0, 5), values, writers), max_size=6).map(
        lambda writes: sorted(writes, key=lambda one: one[0])
    ),
    st.randoms(use_true_random=False),
)
def test_only_a_value_that_we_wrote_last_is_ever_put_back(writes, random):
    held, events = "old", []
    for second, value, by in writes:
        events.append(event(second, held, value, by))
        held = value
    shown = list(events)
    random.shuffle(shown)
    found = back(shown, held)
    if found.fields:
        newest = max(int(one.at[17:19]) for one in events)
        assert {one.by for one in events if int(one.at[17:19]) == newest} == {OURS}
        assert found.fields[0].before == held == "new"
        assert found.fields[0].after == "old"


def test_cases_that_may_have_been_written_and_those_that_say_so():
    def about(case_id):
        return {"target": "prod", "case_id": case_id}

    found = possibly_written(
        [
            Applied(**about("a"), request_id=""),
            AlreadyDone(**about("b")),
            Unknown(**about("c"), message=""),
            Unverified(**about("d"), request_id="", fields=()),
            Conflict(**about("e"), fields=(), changed_by="", changed_at=""),
            Failed(**about("f"), code="", message=""),
            NotAttempted(**about("g"), reason=""),
        ]
    )
    assert {case_id: said for (_, case_id), said in found.items()} == {
        "a": True,
        "b": True,
        "c": True,
        "d": True,
        "e": False,
    }
