"""When apply may run: a table of clocks, and laws about openings."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.config.window_model import Span, Weekly, Window
from reconciler.config.windows import HORIZON, closed_windows
from reconciler.model.argument import as_flags

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
ALL_DAYS = frozenset(range(7))
WORKDAYS = frozenset(range(5))


def weekly(start="08:00", end="18:00", days=WORKDAYS, allows=True, zone=BERLIN, name="hours"):
    schedule = Weekly(frozenset(days), time.fromisoformat(start), time.fromisoformat(end))
    return Window(name=name, allows=allows, schedule=schedule, zone=zone)


def span(start, end, allows=False, zone=BERLIN, name="year-end", reason=""):
    schedule = Span(datetime.fromisoformat(start), datetime.fromisoformat(end))
    return Window(name=name, allows=allows, schedule=schedule, zone=zone, reason=reason)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NIGHT = weekly("22:00", "06:00", days={4}, allows=False, name="night")
WHOLE = weekly("00:00", "00:00", days={4}, allows=False, name="friday")
FREEZE = span("2026-12-20T00:00", "2027-01-03T00:00")
# Clocks: Berlin goes from 02:00 to 03:00 on 2026-03-29, and from 03:00 back to 02:00 on 2026-10-25.
GAP = {"days": {6}, "start": "02:30", "end": "03:30"}
TWICE = {"days": {6}, "start": "02:00", "end": "02:30"}


@pytest.mark.parametrize(
    ("windows", "now", "names"),
    [
        pytest.param([], "2026-12-01T09:00", [], id="no-windows"),
        pytest.param([weekly()], "2026-12-01T07:00", [], id="opens-in-its-own-zone"),
        pytest.param([weekly()], "2026-12-01T06:59", ["hours"], id="a-minute-early"),
        pytest.param([weekly()], "2026-12-01T16:59", [], id="the-last-minute"),
        pytest.param([weekly()], "2026-12-01T17:00", ["hours"], id="closed-at-the-end"),
        pytest.param([weekly()], "2026-12-05T10:00", ["hours"], id="a-saturday"),
        pytest.param([weekly()], "2026-07-01T06:00", [], id="summer-time"),
        pytest.param([weekly(zone=NEW_YORK)], "2026-12-01T12:59", ["hours"], id="another-zone"),
        pytest.param([NIGHT], "2026-12-04T20:59", [], id="before-a-night"),
        pytest.param([NIGHT], "2026-12-04T21:00", ["night"], id="a-night-begins"),
        pytest.param([NIGHT], "2026-12-05T04:59", ["night"], id="and-goes-on-after-midnight"),
        pytest.param([NIGHT], "2026-12-05T05:00", [], id="and-ends-on-the-next-day"),
        pytest.param([WHOLE], "2026-12-04T12:00", ["friday"], id="a-whole-day"),
        pytest.param([WHOLE], "2026-12-04T23:00", [], id="until-midnight"),
        pytest.param([FREEZE], "2026-12-19T23:00", ["year-end"], id="a-span-begins"),
        pytest.param([FREEZE], "2027-01-02T23:00", [], id="a-span-is-over"),
        pytest.param([weekly(), FREEZE], "2026-12-22T10:00", ["year-end"], id="deny-wins"),
        pytest.param(
            [weekly(), FREEZE], "2026-12-22T20:00", ["year-end", "hours"], id="both-are-told"
        ),
        pytest.param(
            [weekly(), weekly(days={5}, name="saturdays")],
            "2026-12-05T10:00",
            [],
            id="one-of-several-allowing",
        ),
        pytest.param([weekly(**GAP)], "2026-03-29T01:10", ["hours"], id="an-hour-left-out"),
        pytest.param([weekly(**TWICE)], "2026-10-25T00:15", ["hours"], id="allowed-only-surely-1"),
        pytest.param([weekly(**TWICE)], "2026-10-25T01:15", ["hours"], id="allowed-only-surely-2"),
        pytest.param(
            [weekly(**TWICE, allows=False)], "2026-10-25T00:15", ["hours"], id="forbidden-twice-1"
        ),
        pytest.param(
            [weekly(**TWICE, allows=False)], "2026-10-25T00:45", ["hours"], id="forbidden-between"
        ),
        pytest.param(
            [weekly(**TWICE, allows=False)], "2026-10-25T01:15", ["hours"], id="forbidden-twice-2"
        ),
        pytest.param([weekly(**TWICE, allows=False)], "2026-10-25T01:30", [], id="and-then-not"),
    ],
)
def test_what_is_in_the_way(windows, now, names):
    assert [one.window.name for one in closed_windows(windows, utc(now))] == names


@pytest.mark.parametrize(
    ("windows", "now", "opening"),
    [
        pytest.param([weekly()], "2026-12-01T17:00", "2026-12-02T07:00", id="tomorrow"),
        pytest.param([weekly()], "2026-12-04T17:00", "2026-12-07T07:00", id="after-the-weekend"),
        pytest.param([FREEZE], "2026-12-22T10:00", "2027-01-02T23:00", id="the-end-of-the-span"),
        pytest.param(
            [weekly(), FREEZE], "2026-12-22T10:00", "2027-01-04T07:00", id="the-first-workday-after"
        ),
        pytest.param(
            [WHOLE, NIGHT], "2026-12-04T12:00", "2026-12-05T05:00", id="one-after-another"
        ),
        pytest.param(
            [weekly("00:00", "00:00", ALL_DAYS, allows=False)], "2026-12-01T09:00", None, id="never"
        ),
        pytest.param(
            [span("2026-01-01T00:00", "2026-02-01T00:00", allows=True)],
            "2026-12-01T09:00",
            None,
            id="long-past",
        ),
    ],
)
def test_when_it_may_run_again(windows, now, opening):
    found = closed_windows(windows, utc(now))
    assert {one.opening for one in found} == {opening and utc(opening)}


@pytest.mark.parametrize(
    ("windows", "overridden", "names"),
    [
        pytest.param([FREEZE, NIGHT], ["year-end"], ["night"], id="one-forbidding-of-two"),
        pytest.param([FREEZE, NIGHT], ["year-end", "night"], [], id="both"),
        pytest.param([weekly(), FREEZE], ["hours"], ["year-end"], id="an-allowing-one"),
        pytest.param([weekly(), weekly(name="b")], ["b"], [], id="one-allowing-is-enough"),
    ],
)
def test_each_window_is_overridden_by_its_own_name(windows, overridden, names):
    now = utc("2026-12-25T22:00")
    assert [one.window.name for one in closed_windows(windows, now, overridden)] == names


def test_the_sentence_names_window_end_reason_opening_and_flag():
    window = span("2026-12-20T00:00", "2027-01-03T00:00", reason="CHG freeze")
    forbids, outside = closed_windows([weekly(), window], utc("2026-12-22T20:00"))
    assert as_flags(str(forbids)) == (
        'window "year-end" forbids it until 2027-01-03 00:00 Europe/Berlin (CHG freeze); it may '
        "run from 2027-01-04 08:00 Europe/Berlin; to apply all the same: "
        '--override-window "year-end"'
    )
    assert as_flags(str(outside)) == (
        'it is outside window "hours"; it may run from 2027-01-04 08:00 Europe/Berlin; '
        'to apply all the same: --override-window "hours"'
    )


zones = st.sampled_from([BERLIN, NEW_YORK, ZoneInfo("UTC"), ZoneInfo("Australia/Lord_Howe")])
clocks = st.times().map(lambda one: one.replace(second=0, microsecond=0))
moments = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-12-31"))
weeklies = st.builds(Weekly, st.frozensets(st.integers(0, 6), min_size=1), clocks, clocks)
spans = st.builds(
    lambda start, hours: Span(start, start + timedelta(hours=hours)), moments, st.integers(1, 900)
)
windows_of = st.lists(
    st.builds(
        Window,
        name=st.sampled_from("abc"),
        allows=st.booleans(),
        schedule=weeklies | spans,
        zone=zones,
    ),
    max_size=4,
)


@settings(deadline=None)
@given(windows_of, moments.map(lambda one: one.replace(tzinfo=UTC)))
def test_at_the_opening_nothing_is_in_the_way_and_right_before_it_something_is(windows, now):
    for host_problem in closed_windows(windows, now):
        assert host_problem.until is None or host_problem.until > now
        if host_problem.opening is not None:
            assert now < host_problem.opening <= now + HORIZON + timedelta(days=40)
            assert closed_windows(windows, host_problem.opening) == ()
            assert closed_windows(windows, host_problem.opening - timedelta(microseconds=1))


@settings(deadline=None)
@given(windows_of, moments.map(lambda one: one.replace(tzinfo=UTC)))
def test_a_further_forbidding_window_never_opens_anything(windows, now):
    forbidding = [one for one in windows if not one.allows]
    without = [one for one in windows if one.allows]
    if closed_windows(without, now):
        assert closed_windows([*without, *forbidding], now)
