"""A conflict has one meaning: spec and somebody else changed the value, and it is not written."""

import json

import pytest

from tests.e2e.receipts import receipts
from tests.e2e.stories import A, B, Story


@pytest.fixture
def world(story: Story):
    return story


def held(world, case, name):
    [value] = world.held(case, name)
    return value


def limits(world, **numbers):
    said = ", ".join(f"{key}: {number}" for key, number in numbers.items())
    world.configure(limits=f"{{cases: 1000, clears: 1000, {said}}}")


def conflict(world, *cases):
    """A value of each case that its spec and an agent both changed since they agreed."""
    for case in cases or (A,):
        world.wants(case, f"{case}.yaml", country="FI")
    world.apply()
    for case in cases or (A,):
        world.agent(case, Country="XX")
        world.wants(case, f"{case}.yaml", country="NO")


def both(world):
    """A case in conflict, and one that is only new to the specs."""
    conflict(world)
    world.agent(B, Country="XX")
    world.wants(B, "other.yaml", country="SE")


def save(world, *words):
    assert world.run("plan", "--out", "plan.json", *words).status == 0
    return "plan.json"


@pytest.fixture(params=["saved", "from specs"])
def way(request, world):
    """Apply a saved plan, and plan and apply in one go."""

    def apply(*words):
        if request.param == "from specs":
            return world.run("apply", "--yes", *words)
        return world.run("apply", save(world), *words)

    return apply


@pytest.mark.parametrize("mode", ["strict", "balanced", "bulk"])
def test_apply_leaves_a_conflict_alone_does_the_rest_and_ends_with_four(world, mode):
    both(world)
    ran = world.run("apply", "--yes", "--mode", mode)
    assert ran.status == 4, ran
    assert (held(world, A, "Country"), held(world, B, "Country")) == ("XX", "SE")
    assert "1 applied, 1 in conflict" in ran.out


def test_a_saved_plan_leaves_its_conflicts_alone_too(world):
    both(world)
    ran = world.run("apply", save(world))
    assert ran.status == 4, ran
    assert (held(world, A, "Country"), held(world, B, "Country")) == ("XX", "SE")


def test_as_many_as_are_allowed_are_written(world, way):
    both(world)
    ran = way("--allow-conflicts", "1")
    assert ran.status == 0, ran
    assert (held(world, A, "Country"), held(world, B, "Country")) == ("NO", "SE")


def test_where_there_are_more_than_are_allowed_none_is_written(world, way):
    conflict(world, A, B)
    ran = way("--allow-conflicts", "1")
    assert ran.status == 4, ran
    assert (held(world, A, "Country"), held(world, B, "Country")) == ("XX", "XX")


def test_a_plan_with_a_conflict_ends_as_without_one(world):
    conflict(world)
    assert world.run("plan").status == 0
    assert world.run("plan", "--detailed-exitcode").status == 2
    assert world.run("drift").status == 2


def test_the_limit_of_the_config_allows_conflicts(world, way):
    conflict(world)
    limits(world, conflicts=1)
    assert way().status == 0
    assert held(world, A, "Country") == "NO"


def test_a_policy_wins_over_whoever_left_it_and_its_own_edits(world):
    policy = (
        "apiVersion: reconcile/v1\nkind: Policy\nmetadata: {{name: rule}}\n"
        "select: {{where: {{field: Country, in: [FI, XX, NO]}}}}\nfields: {{country: {}}}\n"
    )
    world.agent(Country="NO")
    world.spec(policy.format("FI"))
    world.repository.commit("the rule", world.later())
    world.apply()
    world.agent(Country="XX")
    world.spec(policy.format("NO"))
    world.repository.commit("the rule, changed", world.later())
    assert set(world.classes().values()) <= {"drift", "pending", "new"}
    assert world.run("apply", "--yes").status == 0
    assert held(world, A, "Country") == "NO"


def test_a_case_in_conflict_is_left_alone_as_a_whole(world, way):
    world.wants(country="FI", note="one")
    world.apply()
    world.agent(Country="XX")
    world.wants(country="NO", note="two")
    assert way().status == 4
    assert (held(world, A, "Country"), held(world, A, "Note")) == ("XX", "one")


def test_the_receipt_says_it_was_not_written_by_whom_and_a_retry_leaves_it_alone(world, way):
    both(world)
    assert way().status == 4
    path = receipts(world)[-1]
    [outcome] = [
        change["outcome"]
        for target in json.loads(path.read_bytes())["targets"]
        for change in target["changes"]
        if change["outcome"]["event"] == "Conflict" and change["case_id"] == A
    ]
    assert outcome["planned"] is True
    assert outcome["changed_by"]
    assert outcome["changed_at"]
    assert [one["live"] for one in outcome["fields"]] == ["XX"]
    assert world.run("apply", "--retry", str(path)).status == 4
    assert world.run("rollback", str(path), "--yes").status == 0
    assert (held(world, A, "Country"), held(world, B, "Country")) == ("XX", "XX")


def test_a_conflict_stops_neither_the_next_stage_nor_counts_as_a_failure(world, way):
    both(world)
    assert way("--stages", "1,100%", "--max-failures", "1").status == 4
    assert (held(world, A, "Country"), held(world, B, "Country")) == ("XX", "SE")


def test_unclassified_values_are_written_counted_and_stopped_by_their_guard(world):
    conflict(world)
    saved = save(world, "--no-attribution")
    assert "1 unclassified" in world.run("show", saved).out
    limits(world, unclassified=0)
    refused = world.run("apply", saved)
    assert refused.status == 3
    assert "--allow-unclassified 1" in refused.err
    assert world.run("apply", saved, "--allow-unclassified", "1").status == 0
    assert held(world, A, "Country") == "NO"


def test_with_the_guard_on_unclassified_values_apply_classifies_before_it_writes(world):
    both(world)
    limits(world, unclassified=0)
    assert world.run("apply", "--yes").status == 4
    assert (held(world, A, "Country"), held(world, B, "Country")) == ("XX", "SE")


def test_classes_do_not_belong_to_the_changes_that_were_reviewed(world):
    both(world)
    plans = [world.plan(), world.plan("--no-attribution")]
    one, other = (plan["changes_digest"] for plan in plans)
    assert one == other
    assert world.run("apply", "--yes", "--expect", one).status == 4


def test_the_estimate_counts_the_histories_that_apply_reads_and_no_write_of_a_conflict(world):
    both(world)
    [target] = world.plan()["targets"]
    assert target["estimate"]["calls"] == {"GetCase": 2, "UpdateCase": 1}
    ran = world.run("apply", "--yes")
    assert "4 GetCase + 2 UpdateCase + 2 GetCaseAuditEvents" in ran.out


def test_plan_says_what_would_be_written_with_the_flag_that_it_is_given(world):
    conflict(world)
    assert "Apply does not write it" in world.run("plan").out
    allowed = world.run("plan", "--allow-conflicts", "1")
    assert "Apply writes it: --allow-conflicts 1 allows it" in allowed.out
    assert "not write" not in allowed.out


def test_what_json_adds_about_conflicts_is_passed_over_when_it_is_applied(world):
    conflict(world)
    data = json.loads(world.run("plan", "--format", "json").out)
    assert data["conflicts"][0]["written"] is False
    data["conflicts"][0]["written"] = True
    (world.folder / "plan.json").write_text(json.dumps(data))
    assert world.run("apply", "plan.json").status == 4
    assert held(world, A, "Country") == "XX"


def test_every_summary_of_an_apply_counts_what_it_wrote_unclassified(world, monkeypatch):
    output = world.folder / "output"
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    world.agent(A, Country="XX")
    world.wants(A, "one.yaml", country="FI")
    world.wants(B, "other.yaml", country="FI")
    save(world, "--no-attribution")
    words = [
        word for name in ("markdown", "html", "json") for word in ("--report", f"{name}={name}")
    ]
    ran = world.run("apply", "plan.json", *words)
    told = "values were written unclassified"
    assert ran.status == 0 and f"2 {told}" in ran.out
    assert f"2 {told}" in (world.folder / "markdown").read_text()
    assert "<dt>written unclassified</dt><dd>2</dd>" in (world.folder / "html").read_text()
    assert json.loads((world.folder / "json").read_text())["unclassified_written"] == 2
    assert "unclassified-written=2\n" in output.read_text()
    receipt = receipts(world)[-1]
    assert json.loads(receipt.read_text())["unclassified_written"] == 2
    assert world.run("rollback", str(receipt), "--yes").status == 0  # it is read again


def test_what_a_history_classified_meanwhile_is_not_counted(world):
    world.wants(A, "one.yaml", country="FI")
    assert "written unclassified" not in world.apply().out
    assert json.loads(receipts(world)[-1].read_text())["unclassified_written"] == 0
