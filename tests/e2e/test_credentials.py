"""Credentials that end in the middle of a run end the run, and not case after case."""

import pytest

CASES = 60
MOST_IN_FLIGHT = 2 * 16


def naming(world, count):
    """A spec that changes this many cases."""
    ids = sorted(world.everything())[:count]
    rows = "".join(f"  - id: {case}\n    fields: {{Country: X}}\n" for case in ids)
    world.spec(f"cases:\n{rows}")


@pytest.mark.parametrize("mode", ["strict", "balanced", "bulk"])
@pytest.mark.parametrize("after", [0, 3])
def test_a_plan_ends_with_one_clear_line(world, mode, after):
    naming(world, CASES)
    world.service.faults.set([{"kind": "expired", "after": after}])
    world.calls()
    ran = world.run("plan", "--mode", mode)
    assert ran.status == 1
    assert "sign in again" in ran.err
    assert ran.out == ""
    assert sum(world.calls().values()) <= after + MOST_IN_FLIGHT


@pytest.mark.parametrize("mode", ["strict", "balanced", "bulk"])
@pytest.mark.parametrize("after", [1, 2, 30])
def test_an_apply_attempts_nothing_more_and_another_one_does_the_rest(world, mode, after):
    naming(world, CASES)
    assert world.run("plan", "--mode", mode, "-o", "plan.json").status == 0
    world.calls()
    world.service.faults.set([{"kind": "expired", "after": 3 + after}])
    ran = world.run("apply", "plan.json")
    assert sum(world.calls().values()) <= 3 + after + MOST_IN_FLIGHT
    if ran.status == 1:  # nothing was written yet
        assert "sign in again" in ran.err
    elif ran.status == 4:
        assert "sign in again" in ran.text
        assert "not attempted" in ran.text or mode == "bulk"
    else:
        assert (ran.status, mode) == (0, "bulk")  # it took fewer calls than that
    world.service.faults.clear()
    assert world.run("apply", "plan.json").status in (0, 4)
