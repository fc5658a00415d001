"""Runs as people and scripts read them; tests/e2e/test_runs.py has the whole way."""

import pytest

from reconciler.model.event import Applied, NotAttempted, RunFinished, RunStarted
from reconciler.report.text.runs import run_data, run_text, runs_text, story_data
from reconciler.state.runs import PastRun
from reconciler.state.store import Entry

STARTED = RunStarted(
    run_id="R", plan_digest="0123456789abcdef", changes_digest="f", commit="1a2b3c4d5e",
    actor="jane\x1b[2J", mode="bulk", tool_version="1", cases=3, at="2026-11-25T14:00:00.5Z",
    retry_of="Q",
)  # fmt: skip
FINISHED = RunFinished(counts=(("Applied", 1), ("Conflict", 1)), at="2026-11-25T14:01:00Z")
RECEIPT = Entry("runs/R/receipt.json", 5)


def run(**more):
    return PastRun(run_id="R", segments=(), **{"receipt": RECEIPT, "started": STARTED, **more})


def plain(lines):
    return "\n".join(line.plain for line in lines)


@pytest.mark.parametrize(
    ("found", "said", "left"),
    [
        (run(finished=FINISHED), "1 applied, 1 in conflict; 2 left", 2),
        (run(), "interrupted; its receipt says", None),
        (run(receipt=None), "cut short, or still at work", None),
        (run(started=None), "its first line is missing", None),
    ],
)
def test_how_a_run_ended(found, said, left):
    text = plain(runs_text([found], "s3://bucket"))
    assert said in text
    assert "1 run in s3://bucket" in text
    assert "\x1b" not in text
    assert run_data(found)["left"] == left


def test_one_run_with_what_is_left_and_what_nobody_can_tell():
    told = (
        Applied(target="demo", case_id="c1", request_id="r"),
        NotAttempted(target="demo", case_id="c2", reason="--limit 1"),
    )
    sent = [("demo", f"c{number}") for number in range(30)]
    text = plain(run_text(run(), told, sent))
    assert "plan 0123456789ab, mode bulk" in text
    assert "rest of Q" in text
    assert "c2  --limit 1" in text
    assert "and 10 more such cases" in text
    assert "1 applied, 1 not attempted of 3 planned cases." in text
    data = story_data(run(), told, sent[:1])
    assert data["outcomes"][0]["event"] == "Applied"
    assert data["open"] == [{"target": "demo", "case_id": "c0"}]
