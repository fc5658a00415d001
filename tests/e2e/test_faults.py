"""Whatever goes wrong at whatever moment, no edit is lost, nothing is written twice, all is told.

Each schedule is drawn from its seed: faults, edits by somebody else, the end of the process between
any two steps. `python -m tests.bench.bench_faults` plays more of them.
"""

import pytest

from tests.e2e.fault_laws import violations
from tests.e2e.fault_schedules import REAL_KILL_EVERY, draw
from tests.e2e.faults import database, play

SEEDS = range(1, 65)
IN_PROCESS = [seed for seed in SEEDS if seed % REAL_KILL_EVERY]
BLOCK = 6

# Schedules that have broken a law once, and how.
BROKE = {
    "a case done before a crash, and edited since, was called done": 73,
    "of two journals of one second the older was taken for the newer": 88,
}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    return database(tmp_path_factory.mktemp("faults"))


def broken(seed, seeded, folder):
    """The laws that one schedule broke, each with the way to see it again."""
    story = play(draw(seed), seeded, folder / f"seed-{seed}")
    again = f"python -m tests.bench.bench_faults --first {seed} --schedules 1 --verbose"
    return [f"seed {seed}: {found}   ({again})" for found in violations(story)]


@pytest.mark.parametrize(
    "block",
    [IN_PROCESS[at : at + BLOCK] for at in range(0, len(IN_PROCESS), BLOCK)],
    ids=lambda block: f"seeds-{block[0]}-to-{block[-1]}",
)
def test_no_schedule_breaks_a_law(block, seeded, tmp_path):
    assert [found for seed in block for found in broken(seed, seeded, tmp_path)] == []


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if seed % REAL_KILL_EVERY == 0])
def test_no_kill_of_a_real_process_breaks_a_law(seed, seeded, tmp_path):
    assert broken(seed, seeded, tmp_path) == []


@pytest.mark.parametrize("seed", BROKE.values(), ids=BROKE)
def test_what_was_broken_once_holds(seed, seeded, tmp_path):
    assert broken(seed, seeded, tmp_path) == []


def test_a_seed_always_draws_the_same_schedule():
    assert str(draw(7)) == str(draw(7))
    assert str(draw(7)) != str(draw(8))
