"""Receipts: every finished apply leaves one, it says what the journal says, and can be retried."""

import json
import shlex
import signal
from pathlib import Path

import pytest

from reconciler.files.schema_check import schema_errors
from tests.e2e.receipts import cases_of, journal_of, newest, read, receipts
from tests.e2e.test_stories import started, until_written

OUTCOMES = {
    "Applied",
    "AlreadyDone",
    "Conflict",
    "Failed",
    "Unknown",
    "Unverified",
    "NotAttempted",
}


@pytest.fixture
def ten(world):
    """A saved plan for ten cases."""
    cases = cases_of(world, 10)
    lines = "".join(f"  - {{id: {one}, fields: {{root cause: agreed}}}}\n" for one in cases)
    world.spec("cases:\n" + lines)
    assert world.run("plan", "--out", "plan.json").status == 0
    world.calls()
    world.cases = cases
    return world


def counted(events):
    """The counts of a journal: the last word about each case."""
    last = {one["case_id"]: one["event"] for one in events if one["event"] in OUTCOMES}
    return {kind: list(last.values()).count(kind) for kind in OUTCOMES}


def checked(world, *, complete):
    """The newest receipt, after checking what holds for every one."""
    path = newest(world)
    data = read(path)
    assert receipts(world)[-1].stat().st_mode & 0o777 == 0o600
    assert schema_errors("receipt", data) == ()
    events = journal_of(path)
    assert data["counts"] == counted(events)
    assert data["run"]["complete"] is complete
    started = events[0]
    assert data["plan_digest"] == started["plan_digest"]
    assert data["run"]["run_id"] == started["run_id"]
    outcomes = {
        change["case_id"]: change["outcome"]["event"]
        for target in data["targets"]
        for change in target["changes"]
    }
    assert outcomes == {one["case_id"]: one["event"] for one in events if one["event"] in OUTCOMES}
    return data


def test_a_complete_apply_leaves_a_receipt_and_names_it(ten, monkeypatch):
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://git.example")
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/cases")
    monkeypatch.setenv("GITHUB_RUN_ID", "42")
    monkeypatch.setenv("GITHUB_ACTOR", "jane")
    ran = ten.run("apply", "plan.json")
    assert ran.status == 0
    assert f"receipt {newest(ten)}" in ran.err
    assert "--retry" not in ran.err
    data = checked(ten, complete=True)
    assert data["run"]["ci_run"] == "https://git.example/acme/cases/actions/runs/42"
    assert data["run"]["actor"] == "jane"
    plan = json.loads((ten.folder / "plan.json").read_text())
    assert data["plan_digest"] == plan["digest"]
    assert data["changes_digest"] == plan["changes_digest"]
    outcome = data["targets"][0]["changes"][0]["outcome"]
    assert outcome["event"] == "Applied" and outcome["request_id"]


def test_conflicts_are_in_the_receipt_with_who_changed_what(ten):
    ten.edit(ten.cases[3], Root_cause="by hand")
    ran = ten.run("apply", "plan.json")
    assert ran.status == 4
    assert "reconcile plan" in ran.err and "--retry" not in ran.err
    data = checked(ten, complete=False)
    [conflict] = [
        change["outcome"]
        for change in data["targets"][0]["changes"]
        if change["outcome"]["event"] == "Conflict"
    ]
    assert conflict["changed_by"] and conflict["fields"][0]["live"] == "by hand"


@pytest.mark.parametrize(
    "flags",
    [
        pytest.param(("--max-failures", "1"), id="max-failures"),
        pytest.param(("--canary", "2"), id="a-stage-stop"),
        pytest.param(("--limit", "2"), id="a-limit"),
    ],
)
def test_an_apply_that_ended_early_leaves_a_receipt_and_the_command_to_retry(ten, flags):
    if flags[0] != "--limit":
        denied = {"kind": "access-denied", "operation": "UpdateCase", "case": ten.cases[0]}
        ten.service.faults.set([denied])
    ran = ten.run("apply", "plan.json", *flags)
    assert ran.status == 4
    data = checked(ten, complete=False)
    assert data["counts"]["NotAttempted"] + data["counts"]["Failed"] > 0
    last = ran.err.strip().splitlines()[-1]
    command = last.partition(": ")[2]
    ten.service.faults.clear()
    again = ten.run(*shlex.split(command)[1:])
    assert again.status == 0, again.text
    assert checked(ten, complete=True)["run"]["retry_of"] == data["run"]["run_id"]
    assert ten.run("plan", "--detailed-exitcode").status == 0


def test_the_command_to_retry_names_the_config_where_it_is_not_found_by_itself(ten, monkeypatch):
    folder = ten.folder / "elsewhere"
    folder.mkdir()
    ran = ten.run("apply", "plan.json", "--limit", "2", "--config", "reconcile.yaml")
    command = ran.err.strip().splitlines()[-1].partition(": ")[2]
    assert f"--config {ten.folder / 'reconcile.yaml'}" in command
    monkeypatch.chdir(folder)
    assert ten.run(*shlex.split(command)[1:]).status == 0


def test_sigint_leaves_a_receipt_from_which_the_rest_is_done(ten):
    ten.service.faults.set([{"kind": "delay", "operation": "UpdateCase", "seconds": 0.2}])
    process = started(ten, "apply", "plan.json", "--stages", "2,100%", "--pause", "600")
    until_written(ten, 2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "receipt " in err and "--retry" in err.strip().splitlines()[-1]
    data = checked(ten, complete=False)
    assert data["counts"]["Applied"] == 2 and data["counts"]["NotAttempted"] == 8
    ten.service.faults.clear()
    ten.calls()
    assert ten.run("apply", "--retry", newest(ten)).status == 0
    assert ten.calls()["UpdateCase"] == 8


def test_retry_attempts_only_what_failed(ten):
    for case_id in ten.cases[:3]:
        ten.edit(case_id, Root_cause="by hand")
    failing = ten.cases[5:7]
    ten.service.faults.set(
        [{"kind": "invalid", "operation": "UpdateCase", "case": one} for one in failing]
    )
    first = ten.run("apply", "plan.json")
    assert first.status == 4 and "5 applied, 3 in conflict, 2 failed" in first.out
    ten.service.faults.clear()
    ten.calls()

    ran = ten.run("apply", "--retry", newest(ten))

    calls = ten.calls()
    assert ran.status == 0, ran.text
    assert calls["UpdateCase"] == 2 and calls["GetCase"] == 4
    assert "2 applied" in ran.out
    assert "3 conflicts are not tried again" in ran.err and "`reconcile plan`" in ran.err
    assert ten.held(ten.cases[0], "Root cause") == ["by hand"]
    assert set(failing) == {one["case_id"] for one in read(newest(ten))["targets"][0]["changes"]}


def test_a_retry_is_guarded_by_the_conditions_of_its_plan(ten):
    failing = ten.cases[5]
    ten.service.faults.set([{"kind": "invalid", "operation": "UpdateCase", "case": failing}])
    ten.run("apply", "plan.json")
    ten.service.faults.clear()
    ten.edit(failing, Root_cause="by hand")
    ran = ten.run("apply", "--retry", newest(ten))
    assert ran.status == 4 and "1 in conflict" in ran.out
    assert ten.held(failing, "Root cause") == ["by hand"]


def test_a_retry_does_not_expire_but_meets_the_guards(ten):
    ten.run("plan", "--out", "short.json", "--ttl", "0.0001")
    ten.run("plan", "--out", "plan.json")
    ten.run("apply", "plan.json", "--limit", "1")
    ten.configure(limits="{cases: 5}")
    assert ten.run("apply", "--retry", newest(ten)).status == 3
    assert ten.run("apply", "--retry", newest(ten), "--allow-cases", "9").status == 0


@pytest.mark.parametrize("conflicts", [0, 1])
def test_where_nothing_is_left_to_retry_nothing_is_called(ten, conflicts):
    if conflicts:
        ten.edit(ten.cases[0], Root_cause="by hand")
    ten.run("apply", "plan.json")
    ten.calls()
    ran = ten.run("apply", "--retry", newest(ten))
    assert ran.status == (4 if conflicts else 0)
    assert "nothing to try again" in ran.err
    assert ten.calls() == {}
    assert len(receipts(ten)) == 1


def test_sealed_values_stay_sealed_and_a_retry_takes_them_from_the_specs(world):
    world.configure(extra="    sensitive: [root cause]\n")
    cases = cases_of(world, 4)
    lines = "".join(f"  - {{id: {one}, fields: {{root cause: hush-hush}}}}\n" for one in cases)
    spec = world.spec("cases:\n" + lines)
    world.run("apply", "--yes", "--limit", "1")
    assert "hush-hush" not in receipts(world)[-1].read_text()
    text = spec.read_text()
    spec.write_text(text + "# edited\n")
    refused = world.run("apply", "--retry", newest(world))
    assert refused.status == 5 and "sensitive values" in refused.err
    spec.write_text(text)
    assert world.run("apply", "--retry", newest(world)).status == 0
    assert world.held(cases[3], "Root cause") == ["hush-hush"]
    assert "hush-hush" not in receipts(world)[-1].read_text()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(lambda text: "", "not a whole receipt", id="empty"),
        pytest.param(lambda text: text[: len(text) // 2], "not a whole receipt", id="half"),
        pytest.param(lambda text: text.replace("agreed", "other"), "digest does not", id="edited"),
        pytest.param(
            lambda text: text.replace('"event":"Applied"', '"event":"AlreadyDone"'),
            "digest does not",
            id="outcome",
        ),
        pytest.param(lambda text: '{"format_version": "2.0"}', "but not a receipt", id="foreign"),
        pytest.param(
            lambda text: text.replace('"format_version": "2.0"', '"format_version": "3.0"'),
            "receipt format 3.0",
            id="newer",
        ),
        pytest.param(
            lambda text: text.replace('"git": {', '"extra": 1, "git": {'),
            "at 'extra': found a key that this version does not know",
            id="more",
        ),
    ],
)
@pytest.mark.parametrize("command", [("apply", "--retry"), ("rollback",)], ids=["retry", "back"])
def test_a_receipt_that_is_not_as_it_was_left_is_refused(ten, command, spoil, message):
    ten.run("apply", "plan.json")
    path = receipts(ten)[-1]
    path.write_text(spoil(path.read_text()))
    ten.calls()
    ran = ten.run(*command, str(path))
    assert ran.status == 5
    assert message in ran.err
    assert ten.calls() == {}


def test_plan_and_receipt_are_not_taken_for_each_other(ten):
    ten.run("apply", "plan.json")
    as_plan = ten.run("apply", newest(ten))
    assert as_plan.status == 5 and "--retry" in as_plan.err and "reconcile rollback" in as_plan.err
    assert ten.run("apply", "--retry", "plan.json").status == 5
    assert ten.run("rollback", "plan.json").status == 5
    both = ten.run("apply", "plan.json", "--retry", newest(ten))
    assert both.status == 1 and "--retry" in both.err


def test_a_journal_stands_for_the_receipt_beside_it(ten):
    assert ten.run("apply", "--yes").status == 0
    journal = newest(ten).replace(".receipt.json", ".jsonl")
    assert ten.run("rollback", journal).status == 0
    Path(newest(ten)).unlink()
    ran = ten.run("rollback", journal)
    assert ran.status == 5
    assert "left no receipt" in ran.err and "same plan again" in ran.err
