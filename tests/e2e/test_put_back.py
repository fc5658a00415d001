"""Somebody puts the old value back at every moment after our write, and keeps it."""

import json
import shutil

import pytest

from reconciler.clock import SystemClock
from tests.e2e.receipts import cases_of, newest
from tests.e2e.world import union

MODES = ("strict", "balanced", "bulk")
WRITES = ("UpdateCase", "BatchUpdateCase")


@pytest.fixture
def three(world, monkeypatch):
    """A saved plan for three cases, and no real waiting."""
    monkeypatch.setattr(SystemClock, "sleep", lambda *_: None)
    world.cases = cases_of(world, 3)
    lines = "".join(f"  - {{id: {one}, fields: {{root cause: agreed}}}}\n" for one in world.cases)
    world.spec("cases:\n" + lines)
    world.old = world.held(world.cases[0], "Root cause")
    return world


def planned(world, mode="balanced"):
    assert world.run("plan", "--mode", mode, "--out", "plan.json").status == 0


def put_back(world, case):
    """As an agent, past the wire."""
    field = {"id": world.field_id("Root cause"), "value": union(world.old[0])}
    target = f"/domains/{world.domain_id}/cases/{case}"
    body = json.dumps({"fields": [field]}).encode()
    assert world.core_handle("PUT", target, {}, body).status == 200


def interfere(world, monkeypatch):
    """The value of the first case is put back as soon as it is written, before the reply comes."""
    core = world.service._server._core
    world.domain_id = world.domain
    world.field_id("Root cause")
    world.core_handle = core.handle
    done = []

    def handle(method, target, headers, body):
        reply = world.core_handle(method, target, headers, body)
        ours = "sandbox/" in headers.get("authorization", "")
        writes = method == "PUT" and ("batchUpdateCase" in target or "/cases/" in target)
        about = world.cases[0] in target or world.cases[0].encode() in body
        if ours and writes and about and not done:
            done.append(True)
            put_back(world, world.cases[0])
        return reply

    monkeypatch.setattr(core, "handle", handle)


def stands(world, case):
    """Whether the case holds what somebody put back, and nothing was written over it."""
    history = world.client.get_case_audit_events(domainId=world.domain, caseId=case)
    ours = [one for one in history["auditEvents"] if "reconcile" in str(one["performedBy"])]
    return world.held(case, "Root cause") == world.old and len(ours) <= 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(None, id="after-success"),
        pytest.param({"kind": "cut-after"}, id="after-a-cut"),
        pytest.param({"kind": "proxy-after", "status": 403}, id="after-a-page-of-a-proxy"),
        pytest.param({"kind": "proxy-after", "status": 302}, id="after-a-redirect"),
        pytest.param({"kind": "proxy-after", "status": 429}, id="after-a-proxys-throttle"),
        pytest.param({"kind": "proxy-after", "status": 200}, id="after-a-page-with-200"),
    ],
)
def test_what_is_put_back_right_after_our_write_stays(three, monkeypatch, mode, fault):
    planned(three, mode)
    if fault:
        three.service.faults.set(
            [{**fault, "operation": operation, "times": 1} for operation in WRITES]
        )
    interfere(three, monkeypatch)
    first = three.run("apply", "plan.json")
    assert first.status == 4, first.text
    assert stands(three, three.cases[0])
    three.service.faults.clear()
    for again in (("apply", "plan.json"), ("apply", "--retry", newest(three))):
        ran = three.run(*again)
        assert ran.status == 4, ran.text
        assert stands(three, three.cases[0])
    for case in three.cases[1:]:
        assert three.held(case, "Root cause") == ["agreed"]


@pytest.mark.parametrize("mode", MODES)
def test_what_is_put_back_between_two_applies_of_a_plan_stays(three, mode):
    planned(three, mode)
    assert three.run("apply", "plan.json").status == 0
    three.edit(three.cases[0], Root_cause=three.old[0])
    ran = three.run("apply", "plan.json")
    assert ran.status == 4, ran.text
    assert "2 already done, 1 in conflict" in ran.out
    assert stands(three, three.cases[0])


@pytest.mark.parametrize("mode", MODES)
def test_what_another_machine_wrote_and_somebody_put_back_stays(three, mode, monkeypatch):
    planned(three, mode)
    other = three.folder.parent / f"{three.folder.name}-other"
    shutil.copytree(three.folder, other, ignore=shutil.ignore_patterns(".reconcile", "*.db*"))
    monkeypatch.chdir(other)
    assert three.run("apply", "plan.json").status == 0
    three.edit(three.cases[0], Root_cause=three.old[0])
    monkeypatch.chdir(three.folder)
    ran = three.run("apply", "plan.json")
    assert ran.status == 4, ran.text
    assert "2 already done, 1 in conflict" in ran.out
    assert stands(three, three.cases[0])


@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_a_retry_wrote_and_somebody_put_back_stays_for_the_whole_plan_too(
    three, elsewhere, monkeypatch
):
    planned(three)
    denied = {"kind": "access-denied", "operation": "UpdateCase", "case": three.cases[0]}
    three.service.faults.set([denied])
    assert three.run("apply", "plan.json").status == 4
    three.service.faults.clear()
    receipt = newest(three)
    if elsewhere:
        other = three.folder.parent / f"{three.folder.name}-other"
        shutil.copytree(three.folder, other, ignore=shutil.ignore_patterns(".reconcile", "*.db*"))
        monkeypatch.chdir(other)
    ran = three.run("apply", "--retry", receipt)
    assert ran.status == 0, ran.text
    three.edit(three.cases[0], Root_cause=three.old[0])
    monkeypatch.chdir(three.folder)
    assert three.run("apply", "plan.json").status == 4
    assert three.run("apply", "--retry", receipt).status == 4
    assert stands(three, three.cases[0])


@pytest.fixture
def parts(three):
    """A saved plan that sets another field of the same cases by another spec."""
    lines = "".join(f"  - {{id: {one}, fields: {{note: of the rest}}}}\n" for one in three.cases)
    three.spec("cases:\n" + lines, name="rest.yaml")
    three.notes = [three.held(one, "Note") for one in three.cases]
    return three


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize("part", [["--field", "Root cause"], ["--spec", "spec"]], ids=str)
def test_a_part_of_a_plan_closes_its_own_fields_and_no_others(
    parts, mode, elsewhere, part, monkeypatch
):
    planned(parts, mode)
    here = parts.folder
    if elsewhere:
        other = here.parent / f"{here.name}-other"
        shutil.copytree(here, other, ignore=shutil.ignore_patterns(".reconcile", "*.db*"))
        monkeypatch.chdir(other)
    ran = parts.run("apply", "plan.json", *part)
    assert (ran.status, "3 applied" in ran.out) == (0, True), ran.text
    assert [parts.held(one, "Note") for one in parts.cases] == parts.notes
    parts.edit(parts.cases[0], Root_cause=parts.old[0])
    monkeypatch.chdir(here)
    ran = parts.run("apply", "plan.json")
    assert (ran.status, "2 applied, 1 in conflict" in ran.out) == (4, True), ran.text
    assert parts.held(parts.cases[0], "Root cause") == parts.old
    for case in parts.cases[1:]:
        assert parts.held(case, "Root cause") == ["agreed"]
        assert parts.held(case, "Note") == ["of the rest"]
    ran = parts.run("apply", "plan.json")
    assert (ran.status, "2 already done, 1 in conflict" in ran.out) == (4, True), ran.text


@pytest.mark.parametrize("mode", MODES)
def test_the_retry_of_a_part_closes_no_more_than_the_part(parts, mode):
    planned(parts, mode)
    denied = {"kind": "access-denied", "operation": "UpdateCase", "case": parts.cases[0]}
    batches = {"kind": "access-denied", "operation": "BatchUpdateCase"}
    parts.service.faults.set([denied, batches])
    assert parts.run("apply", "plan.json", "--field", "Root cause").status == 4
    parts.service.faults.clear()
    ran = parts.run("apply", "--retry", newest(parts))
    assert (ran.status, "1 applied" in ran.out) == (0, True), ran.text
    ran = parts.run("apply", "plan.json")
    assert (ran.status, "3 applied" in ran.out) == (0, True), ran.text
    assert [parts.held(one, "Note") for one in parts.cases] == [["of the rest"]] * 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("status", [302, 403, 408, 499, 500, 200])
def test_a_write_behind_a_page_of_a_proxy_is_found_and_rolled_back(three, mode, status):
    planned(three, mode)
    held = [three.held(one, "Root cause") for one in three.cases]
    three.service.faults.set(
        [{"kind": "proxy-after", "status": status, "operation": operation} for operation in WRITES]
    )
    ran = three.run("apply", "plan.json")
    assert ran.status == 0, ran.text
    assert "3 applied" in ran.out
    three.service.faults.clear()
    ran = three.run("rollback", newest(three), "--yes")
    assert ran.status == 0, ran.text
    assert [three.held(one, "Root cause") for one in three.cases] == held
