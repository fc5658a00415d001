"""No plan, receipt, journal or catalog that somebody has changed ends in a traceback, or writes
what the config's guards forbid; the digest is made again each time, as an attacker would.

RECONCILE_MUTATIONS sets how many of each kind are tried.
"""

import json
import os
from collections import Counter
from itertools import islice

import pytest

from reconciler.cli import main
from tests.e2e.mutations import mutations, resigned

MOST = int(os.environ.get("RECONCILE_MUTATIONS", "30"))
A = "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4"
B = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"
C = "3c384090-6407-4c9b-8779-9806a4db0c8a"
SPECS = {
    "named.yaml": f"""
cases:
  - id: {A}
    fields: {{country: Elsewhere, score: 4.5, vip: true, note: "a secret"}}
  - id: {B}
    fields: {{follow up on: 2026-12-01T09:00:00+01:00, priority: Critical}}
""",
    "rule.yaml": f"""
apiVersion: reconcile/v1
kind: Policy
metadata: {{name: rule}}
select: {{where: {{field: case_id, in: [{C}]}}}}
fields: {{country: Nowhere}}
limits: {{cases: 5}}
""",
}
# As many as the plan changes: one case, or one cleared value more is refused.
LIMITS = "{cases: 2, clears: 0, policy_cases: 1, fields: {country: 2}}"


@pytest.fixture
def attacked(world, monkeypatch):
    """A world with a plan of every kind of value, whose program tells what it did not expect."""
    world.configure(extra="    sensitive: [note]\n", limits=LIMITS)
    for name, text in SPECS.items():
        world.spec(text, name)
    ran = world.run("plan", "--out", "plan.json")
    assert ran.status == 0, ran.text
    unexpected = []
    told = main.failed

    def failed(console, error):
        if not hasattr(error, "status"):
            unexpected.append(f"{type(error).__name__}: {error}")
        return told(console, error)

    monkeypatch.setattr(main, "failed", failed)
    world.unexpected = unexpected
    return world


def tried(world, name, words, statuses):
    ran = world.run(*words)
    assert not world.unexpected, (name, words, world.unexpected)
    assert "Traceback" not in ran.text, (name, words)
    assert ran.status in statuses, (name, words, ran.text)
    if ran.status == 5:
        lines = [line for line in ran.err.splitlines() if "error" in line]
        assert len(lines) == 1 and len(lines[0]) < 2_000, (name, ran.err)
        assert all(line.isprintable() for line in ran.err.splitlines()), (name, ran.err)
    return ran


def within_guards(world, name, before):
    """At most three cases of four changed, none twice, and none lost a value."""
    calls = world.calls()
    after = world.everything()
    changed = [case for case in after if after[case] != before[case]]
    assert calls.get("UpdateCase", 0) <= len(set(changed) | {A, B, C}), (name, calls)
    assert len(changed) <= 3, (name, changed)
    cleared = Counter(
        field
        for case in changed
        for field, value in before[case].items()
        if after[case].get(field) in (None, {"emptyValue": {}}) and value
    )
    assert not cleared, (name, cleared)


def test_no_changed_plan_is_shown_compared_or_chosen_from_with_a_traceback(attacked):
    plan = json.loads((attacked.folder / "plan.json").read_text())
    (attacked.folder / "good.json").write_text(json.dumps(plan))
    bad = attacked.folder / "bad.json"
    for name, change in islice(mutations(plan, 1), MOST * 5):
        bad.write_bytes(resigned(change()))
        ran = tried(attacked, name, ("show", bad), (0, 5))
        if ran.status == 0:
            for words in (
                ("show", bad, "--format", "markdown"),
                ("show", bad, "--against", "good.json"),
                ("show", "good.json", "--against", bad),
            ):
                tried(attacked, name, words, (0,))
            tried(
                attacked,
                name,
                ("ignore", "--from-plan", bad, "--all", "--reason", "x", "--until", "2999-12-31"),
                (0, 1),
            )
            (attacked.folder / "specs" / "ignore.yaml").unlink(missing_ok=True)


@pytest.mark.parametrize("mode", ["balanced", "bulk"])
def test_no_changed_plan_is_applied_beyond_the_guards(attacked, mode):
    attacked.run("plan", "--out", "plan.json", "--mode", mode)
    plan = json.loads((attacked.folder / "plan.json").read_text())
    bad = attacked.folder / "bad.json"
    before = attacked.everything()
    attacked.calls()
    for name, change in islice(mutations(plan, 2), MOST):
        bad.write_bytes(resigned(change()))
        ran = tried(attacked, name, ("apply", bad), (0, 1, 3, 4, 5))
        assert ran.status != 1 or "UpdateCase" not in attacked.service.calls.counts, name
        within_guards(attacked, name, before)
        tried(attacked, name, ("apply", "--yes", "--expect", bad), (0, 1, 3, 4, 5))


def test_no_changed_receipt_is_undone_or_tried_again_beyond_the_guards(attacked):
    assert attacked.run("apply", "plan.json", "--max-failures", "1").status == 0
    [receipt] = (attacked.folder / ".reconcile" / "runs").glob("*.receipt.json")
    data = json.loads(receipt.read_text())
    bad = attacked.folder / "bad.receipt.json"
    before = attacked.everything()
    attacked.calls()
    for name, change in islice(mutations(data, 3), MOST):
        bad.write_bytes(resigned(change()))
        tried(attacked, name, ("apply", "--retry", bad), (0, 1, 3, 4, 5))
        tried(attacked, name, ("rollback", bad), (0, 3, 4, 5))
        within_guards(attacked, name, before)


def test_no_changed_journal_stands_in_the_way_or_writes_twice(attacked):
    assert attacked.run("apply", "plan.json").status == 0
    runs = attacked.folder / ".reconcile" / "runs"
    [journal] = runs.glob("*.jsonl")
    lines = journal.read_text().splitlines()
    done = attacked.everything()
    attacked.calls()
    for number, line in enumerate(lines):
        for name, change in islice(mutations(json.loads(line), number), max(1, MOST // 6)):
            for path in runs.iterdir():
                path.unlink()
            text = json.dumps(change(), ensure_ascii=False)
            changed = [*lines[:number], text, *lines[number + 1 :]]
            content = "".join(f"{one}\n" for one in changed)
            journal.write_bytes(content.encode("utf-8", "backslashreplace"))
            tried(attacked, name, ("apply", "plan.json"), (0, 4))
            assert "UpdateCase" not in attacked.calls(), name
    assert attacked.everything() == done


def test_no_changed_catalog_ends_in_a_traceback(attacked):
    assert attacked.run("catalog", "--out", "catalog.json").status == 0
    data = json.loads((attacked.folder / "catalog.json").read_text())
    bad = attacked.folder / "bad.json"
    for name, change in islice(mutations(data, 5), MOST):
        bad.write_bytes(resigned(change()))
        tried(attacked, name, ("validate", "--catalog", bad), (0, 1))
        tried(attacked, name, ("plan", "--catalog", bad), (0, 1, 3))
