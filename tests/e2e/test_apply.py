"""Apply, end to end: exactly the calls that are needed, and nothing of anybody else's is lost."""

import json

import pytest

from reconciler.apply.one_case import RESTS

A = "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4"
B = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"
C = "3c384090-6407-4c9b-8779-9806a4db0c8a"

THREE = f"""
cases:
  - id: {A}
    fields: {{priority: Critical, country: NO}}
  - id: {B}
    fields: {{score: 4.5, VIP: true, note: null}}
  - id: {C}
    fields: {{follow up on: 2026-12-01T09:00:00+01:00, order number: 0012}}
"""


def test_update_calls_equal_changed_cases_and_a_second_apply_sends_none(world):
    world.spec(THREE)
    first = world.run("apply", "--yes")
    assert first.status == 0, first.text
    calls = world.calls()
    assert calls["UpdateCase"] == 3
    assert "3 applied" in first.out

    second = world.run("apply", "--yes")
    assert second.status == 0
    assert "No changes" in second.out
    assert "UpdateCase" not in world.calls()


def test_each_call_holds_only_the_changed_fields(world):
    world.edit(A, Priority="critical")
    world.spec(THREE)
    world.run("apply", "--yes")
    history = world.client.get_case_audit_events(domainId=world.domain, caseId=A)["auditEvents"]
    newest = max(history, key=lambda event: event["performedTime"])
    changed = {entry["eventFieldId"] for entry in newest["fields"]}
    assert world.field_id("Country") in changed
    assert world.field_id("Priority") not in changed


def test_the_audit_history_names_plan_and_commit(world):
    world.spec(THREE)
    world.run("plan", "--out", "plan.json")
    digest = json.loads((world.folder / "plan.json").read_text())["digest"]
    world.run("apply", "plan.json")
    history = world.client.get_case_audit_events(domainId=world.domain, caseId=A)["auditEvents"]
    stamps = {event["performedBy"].get("user", {}).get("customEntity") for event in history}
    assert f"reconcile:{digest[:12]}:none" in stamps


def test_a_saved_plan_needs_no_terminal_and_paths_need_yes(world):
    world.spec(THREE)
    asked = world.run("apply")
    assert asked.status == 1
    assert "--yes" in asked.err
    world.run("plan", "--out", "plan.json")
    assert world.run("apply", "plan.json").status == 0


def test_somebody_elses_edit_between_plan_and_apply_is_a_conflict_and_stays(world):
    world.spec(THREE)
    world.run("plan", "--out", "plan.json")
    world.edit(A, Country="DE")
    world.calls()

    ran = world.run("apply", "plan.json")

    assert ran.status == 4
    assert world.calls()["UpdateCase"] == 2
    assert world.held(A, "Country", "Priority") == ["DE", "high"]
    assert "conflict" in ran.out and A in ran.out and '"DE"' in ran.out
    assert "2 applied, 1 in conflict" in ran.out


def test_the_same_edit_made_by_somebody_else_is_already_done_without_a_call(world):
    world.spec(THREE)
    world.run("plan", "--out", "plan.json")
    world.edit(A, Country="NO", Priority="critical")
    world.calls()

    ran = world.run("apply", "plan.json")

    assert ran.status == 0
    assert world.calls()["UpdateCase"] == 2
    assert "2 applied, 1 already done" in ran.out


def test_half_of_a_change_made_by_somebody_else_leaves_only_the_other_half_to_write(world):
    world.spec(THREE)
    world.run("plan", "--out", "plan.json")
    world.edit(A, Country="NO")
    assert world.run("apply", "plan.json").status == 0
    history = world.client.get_case_audit_events(domainId=world.domain, caseId=A)["auditEvents"]
    newest = max(history, key=lambda event: event["performedTime"])
    changed = {entry["eventFieldId"] for entry in newest["fields"]}
    assert world.field_id("Country") not in changed


def test_unmanaged_fields_never_change(world):
    before = world.everything()
    world.spec(THREE)
    world.run("apply", "--yes")
    after = world.everything()
    managed = {
        A: {"Priority", "Country"},
        B: {"Score", "VIP", "Note"},
        C: {"Follow up on", "Order number"},
    }
    for case_id, values in before.items():
        mine = {world.field_id(name) for name in managed.get(case_id, ())}
        for key in values.keys() | after[case_id].keys():
            if key not in mine:
                assert after[case_id].get(key) == values.get(key), (case_id, key)


@pytest.mark.parametrize(
    ("limits", "flags", "status"),
    [
        pytest.param("{cases: 2}", (), 3, id="more-cases-than-may-change"),
        pytest.param("{cases: 2}", ("--allow-cases", "3"), 0, id="lifted-by-its-own-number"),
        pytest.param("{cases: 2}", ("--allow-cases", "2"), 3, id="lifted-too-little"),
        pytest.param("{clears: 0}", (), 3, id="a-clear-too-many"),
        pytest.param("{clears: 0}", ("--allow-cases", "9"), 3, id="another-guards-flag"),
        pytest.param("{clears: 0}", ("--allow-clears", "1"), 0, id="clears-lifted"),
        pytest.param("{fields: {country: 0}}", (), 3, id="a-fields-own-limit"),
        pytest.param(
            "{fields: {country: 0}}", ("--allow-field", "country=1"), 0, id="field-lifted"
        ),
    ],
)
def test_a_guard_blocks_apply_but_never_hides_the_plan(world, limits, flags, status):
    world.configure(limits=limits)
    world.spec(THREE)
    planned = world.run("plan", "--out", "plan.json", *flags)
    assert planned.status == status
    assert "Country" in planned.out and (world.folder / "plan.json").exists()
    world.calls()
    applied = world.run("apply", "plan.json", *flags)
    assert applied.status == status
    assert world.calls().get("UpdateCase", 0) == (0 if status else 3)
    if status:
        assert "to allow it: --allow-" in applied.err


def test_no_spec_at_all_is_a_guard(world):
    assert world.run("plan").status == 3
    assert world.run("apply", "--yes").status == 3
    assert world.run("apply", "--yes", "--allow-empty").status == 0


def test_clearing_what_the_template_requires_is_refused_with_its_place(world):
    world.spec(f"cases:\n  - id: {A}\n    fields:\n      severity: null\n")
    ran = world.run("plan")
    assert ran.status == 1
    assert "specs/spec.yaml:7:7: required-field" in ran.err


def test_max_failures_stops_and_lists_the_rest(world):
    world.spec(THREE)
    world.run("plan", "--out", "plan.json")
    world.service.faults.set([{"kind": "access-denied", "operation": "UpdateCase"}])
    ran = world.run("apply", "plan.json", "--max-failures", "1")
    assert ran.status == 4
    assert "failed" in ran.out and "AccessDenied" in ran.out


def test_limit_writes_the_first_cases_only(world):
    world.spec(THREE)
    ran = world.run("apply", "--yes", "--limit", "1")
    assert ran.status == 4
    assert world.calls()["UpdateCase"] == 1
    assert "1 applied, 2 not attempted" in ran.out


def test_counts_equal_the_journal(world):
    world.spec(THREE)
    world.run("plan", "--out", "plan.json")
    world.edit(A, Country="DE")
    world.run("apply", "plan.json")
    [journal] = (world.folder / ".reconcile" / "runs").glob("*.jsonl")
    assert journal.stat().st_mode & 0o777 == 0o600
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [event["event"] for event in events].count("Applied") == 2
    assert [event["event"] for event in events].count("Started") == 2
    assert dict(events[-1]["counts"])["Conflict"] == 1
    assert events[0]["event"] == "RunStarted" and events[-1]["event"] == "RunFinished"


def test_a_run_that_was_cut_short_is_continued(world):
    world.spec(THREE)
    world.run("plan", "--out", "plan.json")
    world.run("apply", "plan.json")
    [journal] = (world.folder / ".reconcile" / "runs").glob("*.jsonl")
    lines = journal.read_text().splitlines(keepends=True)
    done = [line for line in lines if '"Applied"' in line]
    journal.write_text(lines[0] + done[0] + done[1][:20])
    world.edit(C, Follow_up_on=None, Order_number="0773098")
    world.edit(C, Follow_up_on=None)
    world.calls()
    ran = world.run("apply", "plan.json")
    # An edit of this very second is looked at again until a coarse clock can hide nothing.
    assert world.calls()["GetCase"] <= 5 + RESTS
    assert "1 cases were done by an earlier run" in ran.err


def test_two_targets_of_one_domain_do_not_lock_each_other_out(world):
    config = world.folder / "reconcile.yaml"
    head, _, target = config.read_text().partition("  demo:\n")
    config.write_text(f"{head}  demo:\n{target}  twin:\n{target}")
    [case_id] = sorted(world.everything())[:1]
    world.spec(
        f"target: [demo, twin]\ncases: [{{id: {case_id}, fields: {{root cause: agreed}}}}]\n"
    )
    ran = world.run("apply", "--yes")
    assert ran.status == 0, ran.text
    assert world.held(case_id, "Root cause") == ["agreed"]
