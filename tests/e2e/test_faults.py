"""Whatever goes wrong at whatever moment, no edit is lost, nothing is written twice, all is told.

Each schedule is drawn from its seed: faults, edits by somebody else, the end of the process between
any two steps. `python -m tests.bench.bench_faults` plays more of them.
"""

import pytest

from tests.e2e.fault_laws import violations
from tests.e2e.fault_schedules import REAL_KILL_EVERY, draw, draw_by_field
from tests.e2e.faults import database, play

SEEDS = range(1, 65)
IN_PROCESS = [seed for seed in SEEDS if seed % REAL_KILL_EVERY]
BY_FIELD = range(1, 25)
BLOCK = 6

# Schedules that have broken a law once, and how.
BROKE = {
    "a case done before a crash, and edited since, was called done": 73,
    "of two journals of one second the older was taken for the newer": 88,
}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    return database(tmp_path_factory.mktemp("faults"))


def broken(seed, seeded, folder, drawn=draw):
    """The laws that one schedule broke, each with the way to see it again."""
    story = play(drawn(seed), seeded, folder / f"seed-{seed}")
    more = " --by-field" if drawn is draw_by_field else ""
    again = f"python -m tests.bench.bench_faults --first {seed} --schedules 1 --verbose{more}"
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


@pytest.mark.parametrize("first", BY_FIELD[::BLOCK])
def test_no_schedule_in_which_a_case_takes_several_batches_breaks_a_law(first, seeded, tmp_path):
    seeds = range(first, min(first + BLOCK, BY_FIELD.stop))
    found = [broken(seed, seeded, tmp_path, draw_by_field) for seed in seeds]
    assert [one for each in found for one in each] == []


@pytest.mark.parametrize("seed", BROKE.values(), ids=BROKE)
def test_what_was_broken_once_holds(seed, seeded, tmp_path):
    assert broken(seed, seeded, tmp_path) == []


def test_a_seed_always_draws_the_same_schedule():
    assert str(draw(7)) == str(draw(7))
    assert str(draw(7)) != str(draw(8))
