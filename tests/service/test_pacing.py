"""When the next call may be sent."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.service.pacing import RECOVERY, SLOWEST, Pace, seconds_for


def waits(pace, count, now=0.0):
    found = []
    for _ in range(count):
        wait, pace = pace.take(now)
        found.append(round(wait, 6))
    return found


def test_a_burst_goes_at_once_and_then_calls_are_spaced():
    assert waits(Pace.full(2, 3, 0.0), 6) == [0, 0, 0, 0.5, 1.0, 1.5]


def test_a_bucket_lets_at_least_one_call_through_at_once():
    assert waits(Pace.full(2, 0.4, 0.0), 3) == [0, 0.5, 1.0]


def test_a_bucket_refills_with_time_and_never_above_its_burst():
    _, pace = Pace.full(2, 2, 0.0).take(0.0)
    assert waits(pace, 4, now=1_000.0) == [0, 0, 0.5, 1.0]


def test_time_that_stands_still_or_runs_back_gives_no_tokens():
    _, pace = Pace.full(1, 1, 10.0).take(10.0)
    wait, pace = pace.take(5.0)
    assert wait == 1.0
    wait, _ = pace.take(10.0)
    assert wait == 2.0


def test_a_throttle_halves_the_speed_and_takes_the_burst():
    pace = Pace.full(4, 4, 0.0).throttled()
    assert waits(pace, 2) == [0.5, 1.0]


def test_no_number_of_throttles_brings_it_to_a_halt():
    pace = Pace.full(2, 2, 0.0)
    for _ in range(100):
        pace = pace.throttled()
    assert pace.slowdown == SLOWEST
    assert waits(pace, 1) == [8.0]


def test_a_throttle_does_not_forgive_calls_already_promised():
    pace = Pace.full(1, 1, 0.0)
    for _ in range(3):
        _, pace = pace.take(0.0)
    assert pace.throttled().take(0.0)[0] == 2.0 + 1 / 0.5


def test_a_call_given_back_makes_room_for_no_more_than_one():
    pace = Pace.full(1, 1, 0.0)
    for _ in range(3):
        _, pace = pace.take(0.0)
    assert pace.given_back().take(0.0)[0] == 2.0
    assert pace.throttled().given_back().take(0.0)[0] == 3.0


def test_each_accepted_call_makes_it_a_little_faster_up_to_the_full_rate():
    pace = Pace.full(2, 2, 0.0).throttled()
    assert pace.accepted().slowdown == 0.5 * RECOVERY
    for _ in range(100):
        pace = pace.accepted()
    assert pace.slowdown == 1.0
    assert pace.accepted() is pace


@example(
    rate=1.0, burst=1.0, steps=[(0.0, "")] * 9 + [(0.0, "throttled"), (0.0, "accepted"), (0.0, "")]
)
@settings(max_examples=200)
@given(
    st.floats(0.1, 50),
    st.floats(0.1, 30),
    st.lists(
        st.tuples(st.floats(0, 3), st.sampled_from(["", "", "throttled", "accepted"])), max_size=60
    ),
)
def test_no_window_ever_has_more_calls_than_burst_and_rate_allow(rate, burst, steps):
    now, pace, sent = 0.0, Pace.full(rate, burst, 0.0), []
    for seconds, then in steps:
        now += seconds
        wait, pace = pace.take(now)
        sent.append(now + wait)
        if then:
            pace = getattr(pace, then)()
    sent.sort()
    for first in range(len(sent)):
        for last in range(first, len(sent)):
            window = sent[last] - sent[first]
            assert last - first + 1 <= max(1.0, burst) + rate * window + 1e-6


@pytest.mark.parametrize(
    ("calls", "rate", "burst", "seconds"),
    [(0, 2, 2, 0), (1, 2, 0.5, 0), (2, 2, 2, 0), (3, 2, 2, 0.5), (102, 2, 2, 50), (3, 1, 0.5, 2)],
)
def test_how_long_a_quota_makes_many_calls_take(calls, rate, burst, seconds):
    assert seconds_for(calls, rate, burst) == seconds
