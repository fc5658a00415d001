"""Plan, end to end: what it reads, what it shows, what it refuses, and that it cannot write."""

import json
from dataclasses import replace

import pytest

from reconciler.clock import SystemClock

A = "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4"
B = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"
MISSING = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    "written",
    ["NO", "012", "on", "1:30", "1e3", "2026-01-02", "true", "0x1F", ".5", "-", "'null'", "1_000"],
)
def test_in_a_text_field_what_is_written_is_what_is_sent(world, written):
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: {written}}}\n")
    assert world.run("apply", "--yes").status == 0
    assert world.held(A, "Country") == [written.strip("'")]
    assert world.run("plan", "--detailed-exitcode").status == 0


@pytest.mark.parametrize(
    ("name", "live", "written"),
    [
        pytest.param("Score", 5.0, "5", id="5-is-5.0"),
        pytest.param(
            "Follow up on", "2026-12-01T09:00:00Z", "2026-12-01T10:00:00+01:00", id="instants"
        ),
        pytest.param(
            "Follow up on", "2026-12-01T09:00:00.000Z", "2026-12-01T09:00:00Z", id="fraction"
        ),
        pytest.param("Priority", "high", "High", id="option-name-is-option-value"),
        pytest.param("Priority", "high", "HIGH", id="option-but-for-case"),
        pytest.param("Note", None, "null", id="null-is-empty"),
        pytest.param("VIP", True, "true", id="boolean"),
    ],
)
@pytest.mark.parametrize("empty_style", ["omit", "empty"])
def test_equal_values_are_in_sync_however_they_are_spelled(world, name, live, written, empty_style):
    world.service.switches.set("empty_style", empty_style)
    world.edit(A, **{name.replace(" ", "_"): live})
    world.spec(f"cases:\n  - id: {A}\n    fields: {{{name}: {written}}}\n")
    plan = world.plan()
    assert plan["summary"]["cases_in_sync"] == 1
    assert plan["summary"]["cases_to_change"] == 0


def test_planning_sends_no_write_whatever_is_planned(world):
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: XX}}\n")
    world.run("plan")
    world.run("drift")
    assert not {"UpdateCase", "BatchUpdateCase", "CreateCase", "DeleteCase"} & world.calls().keys()


def test_a_case_that_cannot_be_read_is_unknown_and_never_a_change(world):
    world.spec(
        f"cases:\n  - id: {A}\n    fields: {{country: XX}}\n"
        f"  - id: {B}\n    fields: {{country: XX}}\n"
        f"  - id: {MISSING}\n    fields: {{country: XX}}\n"
    )
    world.service.faults.set([{"kind": "access-denied", "operation": "GetCase", "case": B}])
    ran = world.run("plan", "--format", "json")
    assert ran.status == 4
    plan = json.loads(ran.out)
    assert [change["case_id"] for change in plan["targets"][0]["changes"]] == [A]
    assert [(one["case"], one["reason"]) for one in plan["targets"][0]["unreadable"]] == [
        (MISSING, "not-found"),
        (B, "AccessDeniedException"),
    ]
    assert plan["summary"]["cases_managed"] == 3


def test_half_a_reply_is_never_an_empty_case(world):
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: SE}}\n")
    world.service.faults.set([{"kind": "half-body", "operation": "GetCase", "times": 2}])
    plan = world.plan()
    assert plan["summary"]["cases_in_sync"] == 1


def test_the_same_inputs_give_the_same_bytes_but_for_the_times(world):
    world.spec(
        f"cases:\n  - id: {A}\n    fields: {{country: XX, note: new}}\n"
        f"  - id: {B}\n    fields: {{score: 1}}\n"
    )
    world.run("plan", "--out", "one.json")
    world.run("plan", "--out", "two.json")
    one, two = (json.loads((world.folder / name).read_text()) for name in ("one.json", "two.json"))
    assert one["changes_digest"] == two["changes_digest"]
    for plan in (one, two):
        for key in ("created_at", "expires_at", "digest"):
            plan.pop(key)
        for target in plan["targets"]:
            target.pop("read_at")
    assert one == two


def test_a_plan_saved_quietly_is_told_in_its_totals_and_with_full_as_ever(world):
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: XX, note: new}}\n")
    whole = world.run("plan").out.splitlines()
    assert world.run("plan", "-o", "p.json", "--quiet").out == f"{whole[-1]}\n"
    assert len(world.run("plan", "--quiet").out.splitlines()) == len(whole)
    told = world.run("plan", "-o", "p.json", "--quiet", "--full").out
    assert len(told.splitlines()) == len(whole)
    ran = world.run("plan", "-o", "p.json", "--quiet", "--report", "text=p.txt")
    assert ran.status == 0
    assert "~ " in (world.folder / "p.txt").read_text()
    assert json.loads(world.run("plan", "-q", "-o", "p.json", "--format", "json").out)["targets"]


def test_detailed_exitcode_tells_changes_from_none(world):
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: XX}}\n")
    assert world.run("plan").status == 0
    assert world.run("plan", "--detailed-exitcode").status == 2
    assert world.run("drift").status == 2
    world.run("apply", "--yes")
    assert world.run("plan", "--detailed-exitcode").status == 0
    assert world.run("drift").status == 0


def test_only_if_leaves_other_values_alone(world):
    world.edit(A, Country="SE", Root_cause=None)
    world.spec(
        f"cases:\n  - id: {A}\n    fields:\n"
        "      country: {value: XX, only_if: empty}\n"
        "      root cause: {value: Storm, only_if: empty}\n"
        "      priority: {value: Low, only_if: [Critical]}\n"
    )
    plan = world.plan()
    [change] = plan["targets"][0]["changes"]
    assert [entry["name"] for entry in change["fields"]] == ["Root cause"]


def test_a_reference_must_match_exactly_one_case(world):
    world.spec(
        "cases:\n  - reference: '76314699'\n    fields: {country: XX}\n"
        "  - reference: '99999999'\n    fields: {country: XX}\n"
    )
    ran = world.run("plan", "--format", "json")
    assert ran.status == 4
    [target] = json.loads(ran.out)["targets"]
    assert [change["case_id"] for change in target["changes"]] == [A]
    assert [one["case"] for one in target["unreadable"]] == ["reference 99999999"]


POLICY = """
apiVersion: reconcile/v1
kind: Policy
metadata: {name: severity}
select:
  template: Outage
  where:
    all:
      - {field: status, equals: Open}
      - any: [{field: severity, not_equals: High}, {field: severity, empty: true}]
fields: {severity: High}
"""


def test_a_policy_finds_its_cases_and_a_named_case_beats_it(world):
    world.spec(POLICY, "policy.yaml")
    world.spec(f"cases:\n  - id: {B}\n    fields: {{severity: Medium}}\n", "named.yaml")
    plan = world.plan()
    changes = {change["case_id"]: change["fields"] for change in plan["targets"][0]["changes"]}
    assert len(changes) > 5
    [field] = changes[B]
    assert field["after"] == "medium"
    assert field["overrides"].startswith("policy severity (specs/policy.yaml:")
    assert all(fields[0]["policy"] == "severity" for case, fields in changes.items() if case != B)


@pytest.mark.parametrize(
    "switches",
    [
        {"case_id_filter": "off", "nesting_depth": "1"},
        {"sparse_nulls": "on"},
        {"empty_style": "empty"},
        {"not_matches_empty": "off", "empty_filter": "off"},
        {"datetime_style": "as-sent"},
        {"getcase_page": "2"},
        {"search_window": "100"},
    ],
    ids=lambda switches: "-".join(switches),
)
def test_a_policy_means_the_same_whatever_the_service_can_filter(world, switches):
    world.spec(POLICY)
    expected = world.plan()["changes_digest"]
    world.service.switches.update(switches)
    assert world.plan()["changes_digest"] == expected


def test_a_stale_index_never_puts_a_case_into_the_plan(world, monkeypatch):
    world.spec(POLICY)
    before = {change["case_id"] for change in world.plan()["targets"][0]["changes"]}
    world.service.switches.set("index_lag", "3600")
    [gone, done, *_] = sorted(before)
    world.edit(gone, status="closed")
    world.edit(done, Severity="high")
    after = {change["case_id"] for change in world.plan()["targets"][0]["changes"]}
    assert after == before - {gone, done}


def test_two_policies_that_want_different_values_are_an_error_with_both_places(world):
    world.spec(
        POLICY
        + "---\n"
        + POLICY.replace("name: severity", "name: other").replace("High}\n", "Low}\n")
    )
    ran = world.run("plan")
    assert ran.status == 1
    assert "conflicting-values" in ran.err
    assert "specs/spec.yaml:11" in ran.err and "specs/spec.yaml:23" in ran.err


def test_ids_with_slashes_hashes_and_pluses_reach_the_service_whole(world):
    odd = "a/b#c+d=e:f"
    world.spec(f'cases:\n  - id: "{odd}"\n    fields: {{country: SE}}\n')
    ran = world.run("plan")
    assert ran.status == 4
    seen = [
        record.case_id for record in world.service.calls.records if record.operation == "GetCase"
    ]
    assert seen == [odd]


def test_a_wrong_account_pin_stops_before_any_case_is_read(world):
    world.configure(extra='    account: "999999999999"\n')
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: SE}}\n")
    world.calls()
    ran = world.run("plan")
    assert ran.status == 1  # of the targets asked for, all failed
    assert "999999999999" in ran.err and "111122223333" in ran.err
    assert not world.calls().keys() - {"GetCallerIdentity"}
    world.configure(extra='    account: "111122223333"\n')
    assert world.run("plan").status == 0


def test_sensitive_values_are_in_no_output_and_no_file_and_a_saved_plan_still_applies(world):
    secret, old = "4111-1111-canary", "old-canary-value"
    world.configure(extra="    sensitive: [Order number]\n")
    world.edit(A, Order_number=old)
    world.spec(f"cases:\n  - id: {A}\n    fields: {{order number: {secret}}}\n")
    texts = [
        world.run("plan", "--out", "plan.json", "--verbose").text,
        world.run("plan", "--format", "json").text,
    ]
    texts.append(world.run("show", "plan.json").text)
    applied = world.run("apply", "plan.json", "--verbose")
    assert applied.status == 0, applied.text
    texts.append(applied.text)
    assert world.held(A, "Order number") == [secret]
    texts.extend(
        path.read_text(errors="replace")
        for path in [world.folder / "plan.json", *(world.folder / ".reconcile").rglob("*")]
        if path.is_file()
    )
    assert not [text for text in texts if secret in text or old in text]
    assert "(sensitive #" in texts[0]


def test_a_conflict_on_a_sensitive_field_shows_no_value(world):
    world.configure(extra="    sensitive: [Order number]\n")
    world.spec(f"cases:\n  - id: {A}\n    fields: {{order number: wanted-canary}}\n")
    world.run("plan", "--out", "plan.json")
    world.edit(A, Order_number="found-canary")
    ran = world.run("apply", "plan.json")
    assert ran.status == 4
    assert "canary" not in ran.text and "(sensitive #" in ran.out
    assert world.held(A, "Order number") == ["found-canary"]


@pytest.mark.parametrize("status", [0, 429, 503])
def test_the_account_pin_is_asked_as_patiently_as_everything_else(world, monkeypatch, status):
    monkeypatch.setattr(SystemClock, "sleep", lambda *_: None)
    world.configure(extra='    account: "111122223333"\n')
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: SE}}\n")
    core = world.service._server._core
    handle, asked = core.handle, []

    def broken_twice(method, target, headers, body):
        reply = handle(method, target, headers, body)
        if b"GetCallerIdentity" in body:
            asked.append(target)
        return reply if len(asked) not in (1, 2) else replace(reply, status=status, body=b"")

    monkeypatch.setattr(core, "handle", broken_twice)
    ran = world.run("plan")
    assert ran.status == 0, ran.text
    assert "3 GetCallerIdentity" in ran.text
