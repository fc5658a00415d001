"""What is said of stages, of what to do next, and of what a rollback leaves alone."""

import pytest

from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    NotAttempted,
    StageFinished,
    StageStarted,
    Unknown,
    Unverified,
)
from reconciler.model.plan import IgnoredField
from reconciler.report.text.left_alone import left_alone_lines
from reconciler.report.text.outcomes import next_steps, stage_text
from reconciler.report.text.terminal import rendered
from tests.builders import AT, target_plan

ABOUT = {"target": "prod", "case_id": "c1"}
CONFLICT = Conflict(**ABOUT, fields=(), changed_by="", changed_at="")
AGAIN = "reconcile apply --retry R"
HINT = "left as found; to see the new values and decide: reconcile plan"


@pytest.mark.parametrize(
    ("event", "text"),
    [
        pytest.param(StageStarted(stage=1, stages=2, cases=1), "stage 1 of 2: 1 case", id="one"),
        pytest.param(
            StageStarted(stage=2, stages=2, cases=1200), "stage 2 of 2: 1,200 cases", id="many"
        ),
        pytest.param(
            StageFinished(stage=1, stages=2, counts=(("Applied", 4), ("Failed", 0))),
            "stage 1 of 2: 4 applied",
            id="well",
        ),
        pytest.param(
            StageFinished(stage=1, stages=2, counts=(("Applied", 4), ("Failed", 1)), stop="a\x1bb"),
            "stage 1 of 2: 4 applied, 1 failed; no further stage: a\\u001bb",
            id="stopped-in-no-control-characters",
        ),
    ],
)
def test_a_stage_is_one_line_as_it_begins_and_one_as_it_ends(event, text):
    assert stage_text(event) == text


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        pytest.param([Applied(**ABOUT, request_id=""), AlreadyDone(**ABOUT)], [], id="complete"),
        pytest.param(
            [CONFLICT],
            [f"conflicts: a case that somebody changed since the plan, {HINT}"],
            id="a-conflict-is-not-tried-again",
        ),
        pytest.param(
            [CONFLICT, CONFLICT, Failed(**ABOUT, code="", message="")],
            [
                f"conflicts: 2 cases that somebody changed since the plan, {HINT}",
                f"to try again what is not done (1): {AGAIN}",
            ],
            id="the-command-stands-last",
        ),
        pytest.param(
            [
                Unknown(**ABOUT, message=""),
                Unverified(**ABOUT, request_id="", fields=()),
                NotAttempted(**ABOUT, reason=""),
            ],
            [f"to try again what is not done (3): {AGAIN}"],
            id="all-kinds",
        ),
    ],
)
def test_an_incomplete_apply_ends_with_what_to_do(found, lines):
    assert next_steps(found, AGAIN) == lines


def test_what_conflicts_with_a_rollback_needs_another_rollback():
    [line] = next_steps([CONFLICT], AGAIN, "reconcile rollback")
    assert line.endswith("to see the new values and decide: reconcile rollback")


def test_a_field_that_is_left_alone_is_named_with_its_reason_and_no_text_of_it_acts():
    left = [
        IgnoredField("c1", "note", "Note", "written by jane\x1b[2J at noon", "", AT),
        IgnoredField("c2", "note", "Note", "no entry", "", AT),
    ]
    text = rendered(list(left_alone_lines(target_plan(ignored=tuple(left)))), colour=False)
    assert text == (
        "2 fields are left alone:\n"
        "! c1  Note  written by jane\\u001b[2J at noon\n"
        "! c2  Note  no entry\n"
        "\n"
    )
