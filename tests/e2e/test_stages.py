"""Stages, end to end: a canary that goes wrong stops the rest, on stderr and in the journal."""

import io

import pytest

from tests.e2e.receipts import cases_of, journal_of, newest, read


class Terminal(io.StringIO):
    """A stdin that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def twenty(world):
    """A saved plan for twenty cases, in balanced and in bulk mode."""
    world.cases = cases_of(world, 20)
    lines = "".join(f"  - {{id: {one}, fields: {{root cause: agreed}}}}\n" for one in world.cases)
    world.spec("cases:\n" + lines)
    for mode in ("balanced", "bulk"):
        assert world.run("plan", "--out", f"{mode}.json", "--mode", mode).status == 0
    world.calls()
    return world


def events(world, *kinds):
    return [one for one in journal_of(newest(world)) if one["event"] in kinds]


@pytest.mark.parametrize("mode", ["balanced", "bulk"])
def test_all_stages_are_told_and_on_record(twenty, mode):
    ran = twenty.run("apply", f"{mode}.json", "--stages", "10%,50%,100%")
    assert ran.status == 0, ran.text
    said = [line for line in ran.err.splitlines() if line.startswith("stage ")]
    assert said == [
        "stage 1 of 3: 2 cases",
        "stage 1 of 3: 2 applied",
        "stage 2 of 3: 8 cases",
        "stage 2 of 3: 8 applied",
        "stage 3 of 3: 10 cases",
        "stage 3 of 3: 10 applied",
    ]
    kinds = [one["event"] for one in events(twenty, "StageStarted", "StageFinished")]
    assert kinds == ["StageStarted", "StageFinished"] * 3
    assert twenty.calls().get("BatchUpdateCase", 0) == (3 if mode == "bulk" else 0)


@pytest.mark.parametrize("mode", ["balanced", "bulk"])
def test_a_canary_in_conflict_stops_the_rest(twenty, mode):
    twenty.edit(twenty.cases[0], Root_cause="by hand")
    twenty.calls()
    ran = twenty.run("apply", f"{mode}.json", "--canary", "3")
    assert ran.status == 4
    assert "2 applied, 1 in conflict, 17 not attempted" in ran.out
    assert "stage 1 of 2 had 1 conflict" in ran.out
    assert "no further stage: stage 1 of 2 had 1 conflict" in ran.err
    calls = twenty.calls()
    assert calls.get("UpdateCase", 0) + 2 * calls.get("BatchUpdateCase", 0) == 2
    [finished] = events(twenty, "StageFinished")
    assert finished["stop"] == "stage 1 of 2 had 1 conflict"
    assert dict(finished["counts"])["Conflict"] == 1


def test_max_failures_lets_a_stage_have_fewer(twenty):
    twenty.edit(twenty.cases[0], Root_cause="by hand")
    ran = twenty.run("apply", "balanced.json", "--canary", "3", "--max-failures", "2")
    assert "19 applied, 1 in conflict" in ran.out


def test_the_order_of_the_cases_is_that_of_the_plan(twenty):
    twenty.run("apply", "balanced.json", "--stages", "5")
    applied = {one["case_id"] for one in events(twenty, "Applied")}
    assert applied == set(twenty.cases[:5])
    skipped = events(twenty, "NotAttempted")
    assert {one["reason"] for one in skipped} == {"beyond the last stage, 5"}
    assert read(newest(twenty))["counts"]["NotAttempted"] == 15


def test_seconds_of_a_pause_pass_between_stages(twenty):
    ran = twenty.run("apply", "balanced.json", "--canary", "2", "--pause", "0.01")
    assert ran.status == 0, ran.text


@pytest.mark.parametrize(
    ("answer", "applied"), [("y\n", 20), ("n\n", 2), ("", 2)], ids=["yes", "no", "end-of-input"]
)
def test_a_pause_without_seconds_asks(twenty, monkeypatch, answer, applied):
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    ran = twenty.run("apply", "balanced.json", "--canary", "2", "--pause")
    assert "Go on with stage 2 of 2 (18 cases)?" in ran.err
    assert read(newest(twenty))["counts"]["Applied"] == applied
    assert ran.status == (0 if applied == 20 else 4)
    if applied < 20:
        assert "stopped by hand before stage 2 of 2" in ran.out


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        pytest.param(("--canary", "2", "--pause"), "no terminal to ask on", id="no-terminal"),
        pytest.param(("--pause", "5"), "say which, with --stages", id="a-pause-without-stages"),
        pytest.param(("--canary", "2", "--pause", "soon"), "expected seconds", id="no-seconds"),
        pytest.param(("--canary", "2", "--pause", "nan"), "expected seconds", id="nan"),
        pytest.param(("--canary", "2", "--stages", "5"), "one of the two", id="both"),
        pytest.param(("--stages", "50%,10%"), "found 10% after 50%", id="not-increasing"),
        pytest.param(("--stages", "half"), 'found "half"', id="a-word"),
        pytest.param(("--canary", "0"), "--canary", id="none"),
    ],
)
def test_what_cannot_be_is_refused_before_any_call(twenty, flags, message):
    ran = twenty.run("apply", "balanced.json", *flags)
    assert ran.status == 1
    assert message in ran.err
    assert twenty.calls() == {}
