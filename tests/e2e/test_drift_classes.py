"""Who drifted a value: applies, agents and spec edits against the real service, with real git."""

import json
import os
import random
import sys

import pytest

from reconciler.sandbox.api import Embedded, seed
from tests.e2e.stories import AGENT, A, B, Story
from tests.e2e.world import union


@pytest.fixture
def world(story):
    return story


# -- the four classes ----------------------------------------------------------------------


def test_drift_names_who_when_and_from_what(world):
    commit = world.wants(country="NO")
    world.apply()
    world.agent(Country="XX")
    at = world.service.clock.now()
    entry = world.field()
    assert (entry["class"], entry["before"], entry["after"]) == ("drift", "XX", "NO")
    last = entry["last_change"]
    assert (last["by"], last["before"], last["after"]) == (AGENT, "NO", "XX")
    assert last["commit"] == "", "no stamp of ours made it"
    ran = world.run("drift")
    assert ran.status == 2
    agent = AGENT.rsplit("/", 1)[1]
    when = f"{at.replace(second=0):%Y-%m-%d} {last['at'][11:16]} UTC"
    assert f'drift: set {when} by arn:…/{agent} (was "NO")' in ran.out
    assert f"reconcile accept --case {A} --field Country" in ran.out
    assert "an ignore rule" in ran.out
    assert commit


def test_a_spec_edit_is_pending_and_no_drift(world):
    applied = world.wants(country="FI")
    world.apply()
    world.wants(country="NO")
    entry = world.field()
    assert entry["class"] == "pending"
    assert entry["last_change"]["commit"] == applied[:12]
    assert entry["last_change"]["by"].startswith("reconcile:")
    ran = world.run("drift")
    assert ran.status == 0
    assert "No drift. 1 field pending (`reconcile plan` shows what)" in ran.out
    assert A not in ran.out
    assert world.run("plan", "--detailed-exitcode").status == 2


def test_a_value_that_was_never_applied_is_new(world):
    world.agent(Country="XX")
    world.wants(country="SE")
    assert world.classes() == {(A, "Country"): "new"}
    ran = world.run("drift")
    assert ran.status == 2
    assert 'Country  "XX" → "SE"   specs/spec.yaml:6   new' in ran.out
    assert "ways out" not in ran.out


def test_an_edit_of_a_spec_that_was_in_sync_is_pending_though_nothing_was_ever_applied(world):
    world.wants(country="SE")
    assert world.plan()["summary"]["cases_in_sync"] == 1
    world.wants(country="NO")
    assert world.classes() == {(A, "Country"): "pending"}
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: FI}}\n")
    assert world.classes() == {(A, "Country"): "new"}, "HEAD wanted NO, which never was live"


def test_an_edit_that_is_not_committed_yet_is_pending_too(world):
    world.wants(country="SE")
    world.spec(f"cases:\n  - id: {A}\n    fields: {{country: FI}}\n")
    assert world.classes() == {(A, "Country"): "pending"}


def test_both_changed_is_a_conflict(world):
    world.wants(country="FI")
    world.apply()
    world.agent(Country="XX")
    world.wants(country="NO")
    assert world.classes() == {(A, "Country"): "conflict"}
    assert "by arn:…/5e6f7a8b" not in world.run("plan", "--no-attribution").out
    assert "conflict: the spec changed too; set 2026-" in world.run("plan").out


def test_drift_stands_before_what_is_new_and_pending_is_only_counted(world):
    world.wants(country="SE", note="one", score=1)
    world.apply()
    world.agent(Note="moved")
    world.wants(country="NO", note="one", score=1)
    world.agent(B, Country="XX")
    world.wants(B, "other.yaml", country="SE")
    assert world.classes() == {
        (A, "Country"): "pending",
        (A, "Note"): "drift",
        (B, "Country"): "new",
    }
    out = world.run("drift").out
    assert out.index(A) < out.index(B)
    assert "Country" not in out[: out.index(B)]
    assert "Drift: 2 fields on 2 cases (1 drift, 1 new); 1 field pending" in out


# -- where the last agreement is known from ------------------------------------------------


def test_what_apply_found_in_sync_beside_a_write_counts_as_applied(world):
    world.agent(Country="SE")
    world.wants(country="SE", note="one")
    world.apply()
    world.agent(Country="XX")
    world.spec(f"cases:\n  - id: {A}\n    fields:\n      country: SE\n      note: one\n")
    assert world.classes() == {(A, "Country"): "drift"}


def test_what_left_a_committed_spec_has_drifted_though_nothing_was_ever_applied(world):
    world.agent(Country="SE")
    world.wants(country="SE")
    world.agent(Country="XX")
    assert world.classes() == {(A, "Country"): "drift"}


def test_without_git_what_was_never_written_is_new(world, monkeypatch):
    world.agent(Country="SE")
    world.wants(country="SE")
    world.agent(Country="XX")
    monkeypatch.setenv("PATH", "/nowhere")
    assert world.classes() == {(A, "Country"): "new"}


def test_a_shallow_clone_does_not_guess_when_a_line_was_written(world):
    world.agent(Country="SE")
    world.wants(country="SE")
    world.agent(Country="XX")
    (world.folder / ".git" / "shallow").write_text(world.repository.git("rev-parse", "HEAD") + "\n")
    assert world.classes() == {(A, "Country"): "new"}


def test_a_policy_and_a_reference_are_told_apart_too(world):
    reference = world.held(B, "Reference number")[0]
    world.agent(B, Country="SE")
    world.wants(A, country="SE")
    world.spec(
        f'cases:\n  - reference: "{reference}"\n    fields: {{country: SE, note: one}}\n',
        "ref.yaml",
    )
    world.repository.commit("by reference", world.later())
    world.apply()
    world.agent(B, Country="XX")
    world.agent(A, Country="XX")
    assert world.classes() == {(A, "Country"): "drift", (B, "Country"): "drift"}


def required(world, template):
    """Values of a living case for the fields that a template requires."""
    ids = [
        one["fieldId"]
        for one in world.client.get_template(domainId=world.domain, templateId=template)[
            "requiredFields"
        ]
    ]
    found = world.client.search_cases(
        domainId=world.domain,
        maxResults=100,
        fields=[{"id": one} for one in ids],
    )["cases"]
    fields = next(one["fields"] for one in found if one["templateId"] == template)
    return {one["id"]: next(iter(one["value"].values())) for one in fields}


def test_a_case_that_enters_a_policy_wrong_has_drifted(world):
    world.spec(
        "apiVersion: reconcile/v1\nkind: Policy\nmetadata: {name: outages}\n"
        "select:\n  where:\n    field: title\n    equals: Newborn\n"
        "fields: {country: SE}\n"
    )
    world.repository.commit("a policy", world.later())
    world.later()
    template = world.client.list_templates(domainId=world.domain)["templates"][0]["templateId"]
    given = {"Title": "Newborn", "Country": "XX"}
    wanted = {**required(world, template), **{world.field_id(key): given[key] for key in given}}
    made = world.client.create_case(
        domainId=world.domain,
        templateId=template,
        fields=[{"id": field_id, "value": union(value)} for field_id, value in wanted.items()],
        performedBy={"userArn": AGENT},
    )
    world.later()
    assert world.classes() == {(made["caseId"], "Country"): "drift"}


def test_sensitive_values_stay_sealed(world):
    world.configure("    sensitive: [country]\n")
    world.wants(country="secret-se")
    world.apply()
    world.agent(Country="secret-xx")
    ran = world.run("plan", "--out", "plan.json")
    saved = (world.folder / "plan.json").read_text()
    assert "drift: set" in ran.out
    assert "(was (sensitive #" in ran.out
    for text in (ran.text, saved, world.run("drift", "--format", "json").out):
        assert "secret" not in text
    assert world.run("show", "plan.json").status == 0
    assert world.run("apply", "plan.json").status == 0


# -- what it costs, and what it never breaks ------------------------------------------------


def test_nothing_is_read_where_nothing_differs(world):
    world.wants(country="SE")
    world.apply()
    world.calls()
    loaded = [name for name in sys.modules if name.startswith("reconciler.")]
    for name in ("history.attribution", "history.past", "service.aws.audit", "history.lineage"):
        sys.modules.pop(f"reconciler.{name}", None)
    assert world.plan()["summary"]["cases_in_sync"] == 1
    assert "GetCaseAuditEvents" not in world.calls()
    assert "reconciler.history.attribution" not in sys.modules
    assert loaded


def test_an_apply_that_asks_nobody_reads_no_history(world):
    world.wants(country="SE")
    world.later()
    world.calls()
    world.apply()
    assert "GetCaseAuditEvents" not in world.calls()
    world.wants(country="NO")
    world.apply("--attribution", "5")
    assert world.calls()["GetCaseAuditEvents"] == 1


def test_a_long_history_is_read_page_by_page_and_no_further(world):
    world.wants(country="SE")
    world.apply()
    for number in range(60):
        world.edit(A, Note=str(number))
    world.agent(Country="XX")
    events = 0
    token = {}
    while True:
        reply = world.client.get_case_audit_events(domainId=world.domain, caseId=A, **token)
        events += len(reply["auditEvents"])
        if not reply.get("nextToken"):
            break
        token = {"nextToken": reply["nextToken"]}
    world.calls()
    assert world.classes() == {(A, "Country"): "drift"}
    assert world.calls()["GetCaseAuditEvents"] == -(-events // 25) > 2


def test_a_history_that_may_not_be_read_costs_the_classes_and_not_the_plan(world):
    world.wants(country="SE")
    world.apply()
    world.agent(Country="XX")
    world.service.faults.set([{"kind": "access-denied", "operation": "GetCaseAuditEvents"}])
    ran = world.run("plan", "--format", "json")
    assert ran.status == 0
    plan = json.loads(ran.out)
    assert plan["targets"][0]["changes"][0]["fields"][0]["class"] == "unclassified"
    out = world.run("plan").out
    assert out.count("AccessDeniedException") == 1
    assert "no history of 1 differing case could be read" in out
    assert world.run("drift").status == 2, "what cannot be told may be drift"


def every_case(world, count):
    ids, token = [], {}
    while len(ids) < count:
        reply = world.client.search_cases(domainId=world.domain, maxResults=100, **token)
        ids += [case["caseId"] for case in reply["cases"]]
        if not reply.get("nextToken"):
            break
        token = {"nextToken": reply["nextToken"]}
    return ids[:count]


def test_histories_are_read_of_so_many_cases_as_asked_for(world):
    ids = every_case(world, 12)
    world.spec("cases:\n" + "".join(f"  - {{id: {one}, fields: {{country: XX}}}}\n" for one in ids))
    world.calls()
    ran = world.run("plan", "--attribution", "5")
    assert world.calls()["GetCaseAuditEvents"] == 5
    assert "histories of 5 of 12 differing cases were read" in ran.out
    assert "--attribution 12 reads all" in ran.out
    assert "5 new, 7 unclassified" in ran.out
    world.run("plan", "--no-attribution")
    assert "GetCaseAuditEvents" not in world.calls()


# For the real thing: RECONCILE_TEST_CASES=10000 pytest -k adds_one_call (about five minutes).
MANY = int(os.environ.get("RECONCILE_TEST_CASES", "1000"))


def test_attribution_adds_one_call_for_each_case_that_drifted(world, tmp_path):
    database = tmp_path / "many.db"
    seed(database, cases=MANY)
    with Embedded(database, fast=True) as service:
        many = Story(tmp_path, service, world.capsys)
        many.configure()
        ids = every_case(many, MANY)
        lines = "".join(f"  - {{id: {one}, fields: {{root cause: agreed}}}}\n" for one in ids)
        many.spec("cases:\n" + lines)
        allowed = ("--allow-cases", str(MANY))
        assert many.run("apply", "--yes", "--mode", "bulk", *allowed).status == 0
        drifted = ids[:: MANY // 100]
        for one in drifted:
            many.edit(one, Root_cause="moved")
        many.calls()
        assert many.run("drift", "--no-attribution").status == 2
        without = many.calls()
        assert many.run("drift").status == 2
        assert many.calls() == {**without, "GetCaseAuditEvents": 100}
        classes = many.plan()["summary"]["classes"]
        assert (classes["drift"], sum(classes.values())) == (100, 100)


def test_a_rollback_is_an_apply_of_what_it_wrote(world):
    world.wants(country="NO")
    world.apply()
    world.later()
    [receipt] = (world.folder / ".reconcile" / "runs").glob("*.receipt.json")
    assert world.run("rollback", str(receipt), "--yes").status == 0
    world.later()
    assert world.classes() == {(A, "Country"): "pending"}
    assert world.run("drift").status == 0
    assert "reconcile rollback of plan" in world.run("history", A).out
    world.agent(Country="XX")
    assert world.classes() == {(A, "Country"): "conflict"}


# -- the oracle ----------------------------------------------------------------------------

NAMES = ("Country", "Note", "Root cause")
CASES = (A, B)


class Truth:
    """What is true of one field of one case, as far as any history can show it."""

    def __init__(self, live):
        self.live = live
        self.desired = self.stamped = self.replaced = None
        self.left = False

    def wants(self, value):
        if value != self.desired:
            self.replaced = self.desired if self.desired == self.live else None
            self.desired, self.left = value, False

    def applied(self):
        self.live = self.stamped = self.desired
        self.replaced, self.left = None, False

    def moved(self, value):
        if value != self.live:
            self.left = self.left or self.live == self.desired
            self.live = value

    @property
    def class_(self):
        if self.left:
            return "drift"
        agreed = self.replaced or self.stamped
        if agreed is None:
            return "new"
        if self.live == agreed:
            return "pending"
        return "drift" if self.desired == agreed else "conflict"


def spec_of(truths):
    """A line a field, so that git knows each value's own age."""
    lines = ["cases:"]
    for case_id in CASES:
        lines += [f"  - id: {case_id}", "    fields:"]
        lines += [
            f"      {name}: {truth.desired}"
            for (case, name), truth in truths.items()
            if case == case_id
        ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(5))
def test_random_stories_are_told_as_they_happened(world, seed):
    chance = random.Random(seed)
    truths = {(case, name): Truth(world.held(case, name)[0]) for case in CASES for name in NAMES}
    for truth in truths.values():
        truth.wants("v1")
    world.spec(spec_of(truths))
    world.repository.commit("first", world.later())
    for _ in range(10):
        (case, name), truth = chance.choice(list(truths.items()))
        value = chance.choice(["v1", "v2", "v3"])
        match chance.choice(["spec", "apply", "agent", "agent"]):
            case "spec":
                truth.wants(value)
                world.spec(spec_of(truths))
                world.repository.commit(f"{name} is {value}", world.later())
            case "apply":
                world.apply()
                for one in CASES:  # a case without a difference is not written, and nothing shows
                    about = [truth for key, truth in truths.items() if key[0] == one]
                    if any(truth.live != truth.desired for truth in about):
                        for truth in about:
                            truth.applied()
            case "agent":
                world.agent(case, **{name.replace(" ", "_"): value})
                truth.moved(value)
        expected = {
            key: truth.class_ for key, truth in truths.items() if truth.live != truth.desired
        }
        assert world.classes() == expected
