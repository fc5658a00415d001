"""Progress says how far, how fast, what was in the way and how long; the end accounts for it."""

from collections import Counter

from reconciler.model.calls import CallCounts
from reconciler.report.text.progress import (
    EVERY,
    MOST_LANES,
    Lines,
    account,
    lane_accounts,
    sentence,
)

COUNTS = CallCounts(
    calls=Counter(GetCase=2003, UpdateCase=1001),
    throttles=Counter(UpdateCase=1),
    retries=Counter(UpdateCase=2),
    seconds_waited=12.6,
)


def test_the_sentence_of_a_run_under_way():
    assert sentence(250, 1000, COUNTS, 100.0) == (
        "250 of 1,000 cases · 3,004 calls · 30.0 calls/s · 1 throttled · 5 min left"
    )


def test_nothing_is_foretold_at_the_start_and_at_the_end():
    assert sentence(0, 10, CallCounts(), 0.2) == "0 of 10 cases · 0 calls"
    assert "left" not in sentence(10, 10, COUNTS, 9.0)


def test_the_account_names_every_api_and_what_was_in_the_way():
    assert account(COUNTS, 36.8) == (
        "calls: 2,003 GetCase + 1,001 UpdateCase; 2 repeated (1 throttled); "
        "took 37 s, and in 13 s of it calls waited for quotas"
    )
    assert account(CallCounts(), 0.1) == "calls: none"


def test_a_log_gets_a_line_every_half_minute_and_none_of_a_short_run():
    said, now = [], [0.0]
    lines = Lines(said.append, lambda: now[0], COUNTS)
    for second in range(0, 95):
        now[0] = float(second)
        lines("applying", second, 95)
    assert EVERY == 30.0
    assert len(said) == 3
    assert said[0].startswith("applying: 30 of 95 cases")


def lanes(count, **more):
    made = CallCounts(**more)
    for number in range(count):
        made.lanes[f"lane-{number}"] = CallCounts(
            calls=Counter(GetCase=1), first=0.0, last=float(number)
        )
    return list(lane_accounts(made))


def test_one_lane_is_not_accounted_for_by_itself():
    assert lanes(0) == lanes(1) == []


def test_each_of_several_lanes_tells_its_calls_and_time():
    assert lanes(2) == [
        "2 lanes at once",
        "lane lane-0: calls: 1 GetCase; 0.0 s from the first call to the last",
        "lane lane-1: calls: 1 GetCase; 1.0 s from the first call to the last",
    ]
    assert lanes(2, lanes_at_once=1)[0] == "2 lanes one at a time"
    assert lanes(3, lanes_at_once=2)[0] == "3 lanes 2 at a time"
    assert lanes(3, lanes_at_once=9)[0] == "3 lanes at once"


def test_of_very_many_lanes_the_slowest_are_told():
    said = lanes(MOST_LANES + 3)
    assert len(said) == MOST_LANES + 2
    assert said[1].startswith("lane lane-3: ")
    assert said[-1] == "and 3 lanes that took no longer"
