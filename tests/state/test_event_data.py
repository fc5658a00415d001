"""A journal line holds an event, and an event comes back from it."""

import json
from dataclasses import replace

import pytest

from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    FieldConflict,
    NotAttempted,
    RunFinished,
    RunStarted,
    StageFinished,
    StageStarted,
    Started,
    Unknown,
    Unverified,
)
from reconciler.model.plan import Sealed
from reconciler.state.event_data import event_data, event_from

ABOUT = {"target": "prod", "case_id": "c1"}
FIELD_CONFLICT = FieldConflict("note", "Note", "old", "new", None)
EVENTS = [
    RunStarted(
        run_id="r",
        plan_digest="p",
        changes_digest="c",
        commit="c0ffee",
        actor="jane",
        mode="strict",
        tool_version="0.1.0",
        cases=3,
        at="2026-12-01T09:00:00Z",
        retry_of="q",
        rollback_of="d",
        overridden_windows=("year-end",),
    ),
    Started(**ABOUT, fields=("note", "vip"), attempt=2),
    Applied(**ABOUT, request_id="r-1", settled_by_reading=True),
    AlreadyDone(**ABOUT),
    Conflict(**ABOUT, fields=(FIELD_CONFLICT, FIELD_CONFLICT), changed_by="arn", changed_at="then"),
    Failed(**ABOUT, code="ValidationException", message="no\nsuch \u2028 thing", request_id="r"),
    Unknown(**ABOUT, message="lost"),
    Unverified(**ABOUT, request_id="r", fields=(FIELD_CONFLICT,)),
    NotAttempted(**ABOUT, reason="--limit 5"),
    RunFinished(counts=(("Applied", 3), ("Failed", 0)), at="2026-12-01T09:00:00Z"),
    StageStarted(stage=1, stages=3, cases=5),
    StageFinished(stage=1, stages=3, counts=(("Applied", 3),), stop="stage 1 of 3 had 2 conflicts"),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_comes_back_from_its_line(event):
    line = json.dumps(event_data(event))
    assert "\n" not in line
    assert event_from(json.loads(line)) == event


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_what_a_newer_version_adds_is_ignored(event):
    assert event_from({**event_data(event), "time": "now", "novelty": [1]}) == event


def test_whole_numbers_are_written_without_a_fraction():
    conflict = FieldConflict("score", "Score", 1.0, 2.0, 2.5)
    data = event_data(Unverified(**ABOUT, request_id="", fields=(conflict,)))
    assert json.dumps(data["fields"][0]["before"]) == "1"
    assert data["fields"][0]["live"] == 2.5


def test_a_sealed_value_is_only_a_tag_in_the_journal():
    conflict = FieldConflict(
        "note", "Note", Sealed("ab" * 32), Sealed("cd" * 32), Sealed("ef" * 32)
    )
    line = json.dumps(event_data(replace(EVENTS[4], fields=(conflict,))))
    assert "(sensitive #abab)" in line
    assert "ab" * 32 not in line


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({}, id="no-event"),
        pytest.param({"event": "Exploded", "case_id": "c1"}, id="an-event-of-a-newer-version"),
        pytest.param({"event": 5}, id="not-a-name"),
        pytest.param({"event": "Applied"}, id="members-missing"),
        pytest.param(
            {**event_data(EVENTS[4]), "fields": [{"field": "x", "novelty": 1}]},
            id="a-conflict-of-a-newer-version",
        ),
        pytest.param({**event_data(EVENTS[4]), "fields": "none"}, id="conflicts-that-are-none"),
        pytest.param({**event_data(EVENTS[4]), "fields": [5]}, id="a-conflict-that-is-none"),
        pytest.param({**event_data(EVENTS[2]), "case_id": ["c1"]}, id="an-id-that-is-a-list"),
        pytest.param({**event_data(EVENTS[2]), "target": None}, id="a-target-that-is-none"),
        pytest.param({**event_data(EVENTS[2]), "settled_by_reading": 1}, id="a-number-for-a-truth"),
        pytest.param({**event_data(EVENTS[1]), "attempt": True}, id="a-truth-for-a-number"),
        pytest.param({**event_data(EVENTS[1]), "fields": "note"}, id="a-text-for-a-list"),
        pytest.param({**event_data(EVENTS[1]), "fields": [{}]}, id="a-list-of-objects"),
        pytest.param({**event_data(EVENTS[9]), "counts": [["Applied"]]}, id="half-a-count"),
    ],
)
def test_a_line_that_this_version_does_not_know_is_no_event(data):
    assert event_from(data) is None
