"""Which spellings of a time are one instant, and which are none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.value import instant, spelled


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-12-01T09:00:00Z", "2026-12-01T09:00:00Z", id="canonical"),
        pytest.param("2026-12-01T09:00:00.000Z", "2026-12-01T09:00:00Z", id="zero-fraction"),
        pytest.param("2026-12-01T09:00:00.250Z", "2026-12-01T09:00:00.25Z", id="milliseconds"),
        pytest.param("2026-12-01T09:00:00.123456Z", "2026-12-01T09:00:00.123456Z", id="micro"),
        pytest.param("2026-12-01T09:00:00,5Z", "2026-12-01T09:00:00.5Z", id="decimal-comma"),
        pytest.param("2026-12-01T09:00Z", "2026-12-01T09:00:00Z", id="no-seconds"),
        pytest.param("2026-12-01T09Z", "2026-12-01T09:00:00Z", id="hour-only"),
        pytest.param("2026-12-01 09:00:00Z", "2026-12-01T09:00:00Z", id="a-space-for-the-T"),
        pytest.param("2026-12-01t09:00:00Z", "2026-12-01T09:00:00Z", id="small-t"),
        pytest.param("2026-12-01T10:00:00+01:00", "2026-12-01T09:00:00Z", id="east"),
        pytest.param("2026-12-01T01:00:00-08:00", "2026-12-01T09:00:00Z", id="west"),
        pytest.param("2026-12-01T10:00:00+0100", "2026-12-01T09:00:00Z", id="offset-no-colon"),
        pytest.param("2026-12-01T10:00:00+01", "2026-12-01T09:00:00Z", id="offset-hours"),
        pytest.param("2026-12-01T14:30:00+05:30", "2026-12-01T09:00:00Z", id="half-hour-zone"),
        pytest.param("2026-12-01T00:30:00+01:00", "2026-11-30T23:30:00Z", id="day-before"),
        pytest.param("2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z", id="year-after"),
        pytest.param("2026-12-01T09:00:00-00:00", "2026-12-01T09:00:00Z", id="minus-zero"),
        pytest.param("0999-01-01T00:00:00Z", "0999-01-01T00:00:00Z", id="four-digits-of-year"),
    ],
)
def test_one_instant_has_one_spelling(text, expected):
    assert instant(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("2026-12-01", id="a-date-alone"),
        pytest.param("09:00:00Z", id="a-time-alone"),
        pytest.param("2026-12-01T09:00:00", id="no-offset"),
        pytest.param("2026-12-01T09", id="no-offset-and-short"),
        pytest.param("2026-02-30T09:00:00Z", id="no-such-day"),
        pytest.param("2026-13-01T09:00:00Z", id="no-such-month"),
        pytest.param("2026-12-01T25:00:00Z", id="no-such-hour"),
        pytest.param("2026-12-01T09:00:60Z", id="leap-second"),
        pytest.param("2026-12-01T09:00:00+99:00", id="no-such-offset"),
        pytest.param("2026-12-01X09:00:00Z", id="another-letter"),
        pytest.param("01.12.2026 09:00Z", id="german"),
        pytest.param("12/01/2026 09:00Z", id="american"),
        pytest.param("1764579600", id="unix-time"),
        pytest.param("tomorrow at nine Z", id="words"),
        pytest.param("2026-12-01T09:00:00Z ", id="space-behind"),
        pytest.param(" 2026-12-01T09:00:00Z", id="space-before"),
        pytest.param("2026-12-01T09:00:00Z\n", id="newline-behind"),
        pytest.param("２０２６-12-01T09:00:00Z", id="wide-digits"),
        pytest.param("0001-01-01T00:00:00+01:00", id="before-the-first-year"),
        pytest.param("9999-12-31T23:59:59-01:00", id="after-the-last-year"),
    ],
)
def test_what_is_not_one_instant_is_none(text):
    assert instant(text) is None


# Hypothesis wants its bounds without a time zone.
EARLIEST = datetime(1000, 1, 2, tzinfo=UTC).replace(tzinfo=None)
LATEST = datetime(9999, 12, 30, tzinfo=UTC).replace(tzinfo=None)
moments = st.datetimes(min_value=EARLIEST, max_value=LATEST, timezones=st.just(UTC))


@given(moments)
def test_the_canonical_spelling_is_read_back_as_itself(moment):
    assert instant(spelled(moment)) == spelled(moment)
    assert datetime.fromisoformat(spelled(moment)) == moment


@given(moments, st.integers(-23 * 60, 23 * 60))
def test_the_offset_it_was_written_with_does_not_matter(moment, minutes):
    sign, minutes = "-" if minutes < 0 else "+", abs(minutes)
    shift = timedelta(minutes=minutes if sign == "+" else -minutes)
    local = (moment + shift).replace(tzinfo=None).isoformat()
    assert instant(f"{local}{sign}{minutes // 60:02}:{minutes % 60:02}") == spelled(moment)


@given(st.text(max_size=30))
def test_any_text_is_either_an_instant_or_none(text):
    found = instant(text)
    assert found is None or found.endswith("Z")
