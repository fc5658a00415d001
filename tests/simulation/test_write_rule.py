"""No write is repeated over what may be somebody's, in any world that an adversary makes.

`python -m tests.bench.bench_writes` plays many thousands of worlds, and finds others that catch a
wrong rule where a change of the simulation has moved these.
"""

import pytest

from tests.simulation.play import play
from tests.simulation.rules import WRONG, WRONG_BY_FIELD, WRONG_OF_PARTS

WORLDS = range(1, 1001)
BLOCK = 250
# Worlds in which a wrong rule is caught; what is caught often needs no list.
CAUGHT_IN = {
    "no_margin": (1375, 5484, 6310, 6673),
    "a_fresh_update_is_believed": (30895,),
    "settled_at_once": (493, 499, 942, 1822),
    "settled_by_the_index": (6, 237, 382, 419),
    "pages_are_one_state": (1107, 1339, 1592, 1717),
}

ONCE_BROKEN = (24077,)  # an attempt at one field that took no effect freed another one


@pytest.mark.parametrize("first", WORLDS[::BLOCK])
def test_no_world_breaks_a_law(first):
    seeds = range(first, first + BLOCK)
    assert [f"{seed}: {found}" for seed in seeds for found in play(seed).broken] == []


@pytest.mark.parametrize("rule", WRONG, ids=lambda rule: rule.__name__)
def test_each_simpler_rule_is_caught(rule, monkeypatch):
    seeds = CAUGHT_IN.get(rule.__name__, range(1, 200))
    assert [found for seed in seeds for found in play(seed).broken] == []
    rule(monkeypatch.setattr)
    assert any(play(seed).broken for seed in seeds)


@pytest.mark.parametrize("first", WORLDS[::BLOCK])
def test_no_world_in_which_parts_of_the_plan_are_applied_breaks_a_law(first):
    seeds = [*range(first, first + BLOCK), *ONCE_BROKEN]
    stories = {seed: play(seed, parts=True) for seed in seeds}
    assert [f"{seed}: {found}" for seed in seeds for found in stories[seed].broken] == []
    assert any("parts" in story.met for story in stories.values())


@pytest.mark.parametrize("rule", WRONG_OF_PARTS, ids=lambda rule: rule.__name__)
def test_each_simpler_rule_about_parts_is_caught(rule, monkeypatch):
    seeds = CAUGHT_IN.get(rule.__name__, range(1, 400))
    assert [found for seed in seeds for found in play(seed, parts=True).broken] == []
    rule(monkeypatch.setattr)
    assert any(play(seed, parts=True).broken for seed in seeds)


@pytest.mark.parametrize("first", WORLDS[::BLOCK])
def test_no_world_in_which_cases_are_written_a_field_at_a_time_breaks_a_law(first):
    stories = {seed: play(seed, by_field=True) for seed in range(first, first + BLOCK)}
    assert [f"{seed}: {found}" for seed in stories for found in stories[seed].broken] == []
    assert any("partly written" in story.met for story in stories.values())


@pytest.mark.parametrize("rule", WRONG_BY_FIELD, ids=lambda rule: rule.__name__)
def test_each_simpler_rule_about_several_batches_is_caught(rule, monkeypatch):
    seeds = CAUGHT_IN.get(rule.__name__, range(1, 400))
    assert [found for seed in seeds for found in play(seed, by_field=True).broken] == []
    rule(monkeypatch.setattr)
    assert any(play(seed, by_field=True).broken for seed in seeds)


def test_the_worlds_meet_every_end_of_a_case_and_of_a_process():
    met = set().union(*(play(seed).met for seed in range(1, 200)))
    ends = {"Applied", "AlreadyDone", "Conflict", "Failed", "Unknown", "Unverified"}
    assert {*ends, "NotAttempted", "kills"} <= met


def test_a_seed_always_makes_the_same_world():
    assert play(7).world.changes == play(7).world.changes
    assert play(7).world.changes != play(8).world.changes
