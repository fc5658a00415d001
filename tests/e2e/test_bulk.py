"""Bulk mode and the read planner, end to end; calls are counted exactly."""

import json

import pytest

from tests.e2e.receipts import newest


def ids(world, most=100):
    found, token = [], None
    while True:
        more = {"nextToken": token} if token else {}
        reply = world.client.search_cases(domainId=world.domain, maxResults=100, **more)
        found += [case["caseId"] for case in reply["cases"]]
        token = reply.get("nextToken")
        if not token or len(found) >= most:
            return sorted(found[:most])


def same(world, cases, value="agreed", name="alike.yaml"):
    lines = "".join(f"  - {{id: {one}, fields: {{root cause: {value}}}}}\n" for one in cases)
    world.spec("cases:\n" + lines, name)


def slow_quotas(world):
    """Documented quotas, so that the planner has a reason to group; paced fast all the same."""
    config = world.folder / "reconcile.yaml"
    text = config.read_text()
    text = text.replace("GetCase: {rate: 100000, burst: 100000}", "GetCase: {rate: 100, burst: 10}")
    config.write_text(text)


def test_many_named_cases_in_sync_are_read_by_the_hundred(world):
    slow_quotas(world)
    cases = ids(world, 120)
    same(world, cases)
    assert world.run("apply", "--yes", "--mode", "bulk").status == 0
    world.calls()
    plan = world.plan()
    assert plan["summary"]["cases_in_sync"] == 120
    calls = world.calls()
    assert calls["SearchCases"] == 2 and "GetCase" not in calls
    assert "SearchCases by 100 ids (2 calls)" in plan["targets"][0]["read_by"]


@pytest.mark.parametrize(
    ("switches", "searches"),
    [
        pytest.param({"nesting_depth": "2"}, 13, id="only-flat-lists"),
        pytest.param({"case_id_filter": "off"}, 5, id="no-case-ids-so-scan"),
        pytest.param({"index_lag": "3600"}, 2, id="a-lagging-index"),
    ],
)
def test_whatever_the_index_can_be_asked_the_plan_is_the_same(world, switches, searches):
    slow_quotas(world)
    cases = ids(world, 120)
    same(world, cases)
    expected = world.plan()["changes_digest"]
    world.service.switches.update(switches)
    world.calls()
    plan = world.plan()
    assert plan["changes_digest"] == expected
    assert world.calls()["SearchCases"] <= searches


def test_cases_that_the_index_does_not_show_are_read_before_they_are_called_missing(world):
    slow_quotas(world)
    world.service.switches.set("index_lag", "3600")
    new = world.client.create_case(
        domainId=world.domain,
        templateId=world.client.list_templates(domainId=world.domain)["templates"][0]["templateId"],
        fields=[
            {"id": "title", "value": {"stringValue": "brand new"}},
            {"id": world.field_id("Priority"), "value": {"stringValue": "low"}},
            {"id": world.field_id("Severity"), "value": {"stringValue": "low"}},
            {"id": world.field_id("Product"), "value": {"stringValue": "tv"}},
            {"id": world.field_id("Channel"), "value": {"stringValue": "chat"}},
            {"id": world.field_id("Order number"), "value": {"stringValue": "01"}},
        ],
    )["caseId"]
    same(world, [*ids(world, 60), new, "00000000-0000-4000-8000-000000000000"])
    plan = world.plan()
    changed = {change["case_id"] for change in plan["targets"][0]["changes"]}
    assert new in changed
    assert [one["reason"] for one in plan["targets"][0]["unreadable"]] == ["not-found"]


def test_alike_changes_travel_together_and_no_single_call_is_made(world):
    cases = ids(world, 120)
    same(world, cases)
    world.run("plan", "--out", "plan.json", "--mode", "bulk")
    world.calls()
    ran = world.run("apply", "plan.json")
    assert ran.status == 0, ran.text
    calls = world.calls()
    assert calls["BatchUpdateCase"] == 2
    assert "UpdateCase" not in calls and "GetCase" not in calls
    assert calls["SearchCases"] == 4
    assert world.run("plan", "--detailed-exitcode").status == 0
    assert world.run("apply", "plan.json").status == 0
    assert "BatchUpdateCase" not in world.calls()


def test_title_and_status_stand_at_the_top_of_a_batch_and_their_clears_go_alone(world):
    first, second, third, fourth = ids(world, 4)
    for one in (first, second, third, fourth):
        world.edit(one, Summary="old", status="open")
    world.spec(
        "defaults: {status: Closed, title: One title, summary: null}\ncases:\n"
        + "".join(f"  - id: {one}\n" for one in (first, second, third))
        + f"  - {{id: {fourth}, fields: {{note: 'just this one'}}}}\n"
    )
    world.calls()
    ran = world.run("apply", "--yes", "--mode", "bulk")
    assert ran.status == 0, ran.text
    calls = world.calls()
    assert calls["BatchUpdateCase"] == 1 and calls["UpdateCase"] == 1
    for one in (first, second, third, fourth):
        assert world.held(one, "Title", "Status", "Summary") == ["One title", "closed", None]


@pytest.mark.parametrize(
    ("kind", "singles"),
    [
        pytest.param("conflict", 1, id="conflict-is-read-again-and-goes-alone"),
        pytest.param("throttle", 0, id="throttled-goes-again"),
        pytest.param("error", 1, id="internal-error-is-settled-and-goes-alone"),
    ],
)
def test_a_case_that_fails_for_a_while_in_a_batch_is_brought_home(world, kind, singles):
    cases = ids(world, 20)
    same(world, cases)
    world.service.faults.set(
        [{"kind": kind, "operation": "BatchUpdateCase", "case": cases[3], "times": 1}]
    )
    ran = world.run("apply", "--yes", "--mode", "bulk")
    assert ran.status == 0, ran.text
    assert world.calls().get("UpdateCase", 0) == singles
    assert world.plan()["summary"]["cases_in_sync"] == 20


@pytest.mark.parametrize("kind", ["not-found", "access-denied"])
def test_a_case_that_cannot_be_written_fails_alone(world, kind):
    cases = ids(world, 20)
    same(world, cases)
    world.service.faults.set([{"kind": kind, "operation": "BatchUpdateCase", "case": cases[3]}])
    ran = world.run("apply", "--yes", "--mode", "bulk")
    assert ran.status == 4
    assert "19 applied, 1 failed" in ran.out and cases[3] in ran.out


def test_where_batches_are_not_allowed_single_calls_do_it(world):
    cases = ids(world, 20)
    same(world, cases)
    world.service.faults.set([{"kind": "access-denied", "operation": "BatchUpdateCase"}])
    ran = world.run("apply", "--yes", "--mode", "bulk")
    assert ran.status == 0, ran.text
    calls = world.calls()
    assert calls["UpdateCase"] == 20 and calls["BatchUpdateCase"] == 1


@pytest.mark.parametrize("kind", ["cut-after", "cut-before", "half-body", "error"])
def test_a_batch_whose_reply_is_lost_is_not_sent_again_and_each_case_is_written_once(world, kind):
    cases = ids(world, 20)
    same(world, cases)
    world.service.faults.set([{"kind": kind, "operation": "BatchUpdateCase", "times": 1}])
    ran = world.run("apply", "--yes", "--mode", "bulk")
    assert ran.status == 0, ran.text
    calls = world.calls()
    took_effect = kind in ("cut-after", "half-body")
    assert (calls["BatchUpdateCase"], calls.get("UpdateCase", 0)) == (1, 0 if took_effect else 20)
    for one in cases[:3]:
        history = world.client.get_case_audit_events(domainId=world.domain, caseId=one)
        stamps = [
            event
            for event in history["auditEvents"]
            if "reconcile" in str(event["performedBy"].get("user"))
        ]
        assert len(stamps) == 1


def test_in_bulk_too_somebody_elses_edit_is_a_conflict_and_half_done_cases_go_alone(world):
    cases = ids(world, 20)
    lines = "".join(
        f"  - {{id: {one}, fields: {{root cause: agreed, next step: go}}}}\n" for one in cases
    )
    world.spec("cases:\n" + lines)
    world.run("plan", "--out", "plan.json", "--mode", "bulk")
    world.edit(cases[0], Root_cause="theirs")
    world.edit(cases[1], Root_cause="agreed")
    world.edit(cases[2], Root_cause="agreed", Next_step="go")
    world.calls()
    ran = world.run("apply", "plan.json")
    assert ran.status == 4
    assert "18 applied, 1 already done, 1 in conflict" in ran.out
    assert world.held(cases[0], "Root cause") == ["theirs"]
    calls = world.calls()
    assert (calls["BatchUpdateCase"], calls["UpdateCase"]) == (1, 1)


def test_a_lagging_index_delays_the_check_and_loses_nothing(world):
    cases = ids(world, 8)
    same(world, cases)
    world.service.switches.set("index_lag", "3600")
    ran = world.run("apply", "--yes", "--mode", "bulk")
    assert ran.status == 0, ran.text
    assert world.calls()["GetCase"] >= 8
    assert {tuple(world.held(one, "Root cause")) for one in cases} == {("agreed",)}


def test_the_plan_says_what_bulk_would_cost_where_it_is_much_faster(world):
    world.configure()
    config = world.folder / "reconcile.yaml"
    config.write_text(
        config.read_text().replace(
            "UpdateCase: {rate: 100000, burst: 100000}", "UpdateCase: {rate: 2, burst: 2}", 1
        )
    )
    same(world, ids(world, 100))
    [target] = world.plan()["targets"]
    assert target["estimate"]["calls"] == {"GetCase": 200, "UpdateCase": 100}
    assert target["estimate"]["seconds"] > 50
    assert target["bulk_estimate"]["calls"] == {"BatchUpdateCase": 1, "SearchCases": 2}
    assert "--mode bulk" in world.run("plan").out


def test_journal_counts_are_those_of_the_batch(world):
    cases = ids(world, 30)
    same(world, cases)
    world.run("apply", "--yes", "--mode", "bulk")
    [journal] = (world.folder / ".reconcile" / "runs").glob("*.jsonl")
    kinds = [json.loads(line)["event"] for line in journal.read_text().splitlines()]
    assert kinds.count("Started") == kinds.count("Applied") == 30


@pytest.mark.parametrize("again", ["the-plan", "the-rest"])
def test_a_new_attempt_is_not_answered_with_the_refusals_of_an_earlier_one(world, again):
    cases = ids(world, 6)
    same(world, cases)
    refuse = {"kind": "access-denied", "operation": "BatchUpdateCase"}
    world.service.faults.set([{**refuse, "case": one} for one in cases])
    world.run("plan", "--mode", "bulk", "--out", "plan.json")
    arguments = ["plan.json"]
    for _ in range(2):
        assert "6 failed" in world.run("apply", *arguments).out
        if again == "the-rest":
            arguments = ["--retry", newest(world)]
    world.service.faults.set([])
    ran = world.run("apply", *arguments)
    assert ran.status == 0, ran.text
    assert world.plan()["summary"]["cases_in_sync"] == 6
