"""Every field type meets every spelling: what it means, or what to write instead."""

from decimal import Decimal
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.catalog import Option
from reconciler.model.diagnostic import UnplacedProblem
from reconciler.model.fieldtypes.table import coerce
from reconciler.model.value import FieldType
from tests.builders import a_field, system, written

ARN = "arn:aws:connect:us-west-2:111122223333:instance/i/agent/u"
OPTIONS = (
    Option("p1", "High", True),
    Option("p2", "Medium", True),
    Option("low", "p2", True),
    Option("012", "Twelve", True),
    Option("NO", "Norway", True),
    Option("x1", "Twin", True),
    Option("x2", "twin", True),
    Option("x3", "TWIN", True),
    Option("p9", "Ancient", False),
)


def read(type, text, plain=True, field=None, **more):
    field = field or a_field("f", type)
    return coerce(written(text, plain), field, {"f": OPTIONS}, **more)


GUESSED = [
    "NO", "no", "yes", "on", "off", "y", "true", "True", "false", "012", "0o14", "0x1F", "1_000",
    "1:30", "2026-01-02", "2026-01-02T03:04:05Z", "1e3", ".5", "5.", "+5", "-0", "5", "5.0", "NaN",
    ".nan", ".inf", "Infinity", "Null", "none", "<<", "=", "!!str", "a: b", "@home", "%", "🙂",
    " padded ", "https://example.com", ARN,
]  # fmt: skip


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "quoted"])
@pytest.mark.parametrize("text", GUESSED)
def test_in_a_text_field_every_spelling_is_those_characters(text, plain):
    assert read(FieldType.TEXT, text, plain) == text


@pytest.mark.parametrize("type", list(FieldType))
@pytest.mark.parametrize("text", ["null", "~", ""])
def test_a_plain_null_is_empty_in_a_field_of_any_type(text, type):
    assert read(type, text) is None


@pytest.mark.parametrize(
    ("text", "expected"), [("null", "null"), ("~", "~"), ("", None)], ids=["null", "tilde", "none"]
)
def test_a_quoted_null_is_a_text_and_quoted_nothing_is_empty(text, expected):
    assert read(FieldType.TEXT, text, plain=False) == expected


def test_a_quoted_nothing_empties_a_single_select():
    assert read(FieldType.SINGLE_SELECT, "", plain=False) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("0", 0.0, id="zero"),
        pytest.param("-0", 0.0, id="minus-zero"),
        pytest.param("-0.0", 0.0, id="minus-zero-point-zero"),
        pytest.param("5", 5.0, id="whole"),
        pytest.param("5.0", 5.0, id="point-zero"),
        pytest.param("4.5", 4.5, id="fraction"),
        pytest.param("-12.25", -12.25, id="negative"),
        pytest.param("1e3", 1000.0, id="exponent"),
        pytest.param("1E+3", 1000.0, id="big-e-plus"),
        pytest.param("1.5e-3", 0.0015, id="small"),
        pytest.param("1" + "0" * 300, 1e300, id="long"),
    ],
)
def test_a_number_is_a_plain_json_number(text, expected):
    found = read(FieldType.NUMBER, text)
    assert found == expected
    assert isinstance(found, float)
    assert str(found)[0] != "-" or found < 0


@pytest.mark.parametrize(
    ("text", "plain", "hint"),
    [
        pytest.param("012", True, "write 12", id="leading-zero"),
        pytest.param("-007", True, "write -7", id="negative-leading-zeros"),
        pytest.param("1_000", True, "write 1000", id="underscore"),
        pytest.param("1,000", True, "write 1000", id="thousands"),
        pytest.param("1,234,567.5", True, "write 1234567.5", id="more-thousands"),
        pytest.param("+5", True, "write 5", id="plus"),
        pytest.param("4,5", True, "such as 4.5", id="decimal-comma-is-not-guessed"),
        pytest.param("1,50", True, "such as 4.5", id="decimal-comma-of-money"),
        pytest.param("5", False, "write 5 without quotes", id="quoted"),
        pytest.param(".5", True, "such as 4.5", id="no-zero-before-the-point"),
        pytest.param("5.", True, "such as 4.5", id="nothing-behind-the-point"),
        pytest.param("0x1F", True, "such as 4.5", id="hexadecimal"),
        pytest.param("0o17", True, "such as 4.5", id="octal"),
        pytest.param("1:30", True, "such as 4.5", id="sexagesimal"),
        pytest.param("NaN", True, "such as 4.5", id="NaN"),
        pytest.param(".nan", True, "such as 4.5", id="yaml-nan"),
        pytest.param("Infinity", True, "such as 4.5", id="Infinity"),
        pytest.param("-.inf", True, "such as 4.5", id="yaml-infinity"),
        pytest.param("1e999", True, "smaller number", id="too-large"),
        pytest.param("9" * 400, True, "smaller number", id="far-too-large"),
        pytest.param("five", True, "such as 4.5", id="word"),
        pytest.param("", False, "such as 4.5", id="quoted-nothing"),
        pytest.param("true", True, "such as 4.5", id="boolean"),
        pytest.param("5 ", False, "such as 4.5", id="space-behind"),
        pytest.param("٣", True, "such as 4.5", id="arabic-digit"),
        pytest.param("2026-01-02", True, "such as 4.5", id="date"),
    ],
)
def test_what_is_no_number_says_what_to_write(text, plain, hint):
    found = read(FieldType.NUMBER, text, plain)
    assert isinstance(found, UnplacedProblem)
    assert found.code == "not-a-number"
    assert found.hint.endswith(hint)


@pytest.mark.parametrize(
    "text",
    ["9007199254740993", "0.1000000000000000055", "1e-400", "-1e-400", "1.7976931348623158e308",
     "123456789012345678", "3.14159265358979323846", "4.35e-324", "1" * 300],
)  # fmt: skip
def test_a_number_that_a_double_would_change_is_refused(text):
    found = read(FieldType.NUMBER, text)
    assert isinstance(found, UnplacedProblem)
    assert found.code == "inexact-number"
    assert "Text field" in found.hint


@pytest.mark.parametrize(
    "text", ["1e400", "-1e999", "1" * 310, "9" * 100_000, "1e99999999999999999999"]
)
def test_a_number_beyond_every_double_is_refused(text):
    found = read(FieldType.NUMBER, text)
    assert isinstance(found, UnplacedProblem)
    assert found.message.endswith("is too large for a double")
    assert len(str(found)) < 300


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_double_is_read_back_from_its_own_digits(number):
    assert read(FieldType.NUMBER, repr(number)) == number


@given(
    st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
)
def test_a_number_is_held_exactly_or_refused(text):
    found = read(FieldType.NUMBER, text)
    nearest = float(text)
    exact = isfinite(nearest) and Decimal(repr(nearest)) == Decimal(text)
    assert exact == (not isinstance(found, UnplacedProblem))
    assert not exact or found == nearest


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2026-12-01T24:00:00", "its hour is 24; write 00:00 of the next day"),
        ("2026-12-01T09:00:60Z", "its second is 60; write 59, or 00 of the next minute"),
        ("2026-02-30T09:00:00Z", "there is no such day"),
        ("2026-12-01T09:00:00", "it has no offset"),
        ("2026-12-01", "it has no time of day"),
        ("2026-12-01 09:00 CET", "it has CET in place of an offset"),
    ],
)
def test_a_time_that_is_none_says_why(text, fault):
    found = read(FieldType.DATE_TIME, text)
    assert isinstance(found, UnplacedProblem)
    assert found.message.endswith(fault)


def test_a_time_may_be_written_in_small_letters():
    assert read(FieldType.DATE_TIME, "2026-12-01t09:00:00z") == "2026-12-01T09:00:00Z"


@pytest.mark.parametrize(("text", "expected"), [("true", True), ("false", False)])
def test_a_boolean_is_plain_true_or_false(text, expected):
    assert read(FieldType.BOOLEAN, text) is expected


@pytest.mark.parametrize(
    ("text", "plain", "hint"),
    [
        pytest.param("True", True, "write true, without quotes", id="python-true"),
        pytest.param("FALSE", True, "write false, without quotes", id="loud-false"),
        pytest.param("yes", True, "write true, without quotes", id="yes"),
        pytest.param("NO", True, "write false, without quotes", id="NO"),
        pytest.param("on", True, "write true, without quotes", id="on"),
        pytest.param("off", True, "write false, without quotes", id="off"),
        pytest.param("1", True, "write true, without quotes", id="one"),
        pytest.param("0", True, "write false, without quotes", id="zero"),
        pytest.param("true", False, "write true, without quotes", id="quoted-true"),
        pytest.param("maybe", True, "write true or false, without quotes", id="maybe"),
        pytest.param("", False, "write true or false, without quotes", id="quoted-nothing"),
    ],
)
def test_what_is_no_boolean_says_what_to_write(text, plain, hint):
    found = read(FieldType.BOOLEAN, text, plain)
    assert isinstance(found, UnplacedProblem)
    assert (found.code, found.hint) == ("not-a-boolean", hint)


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "quoted"])
def test_a_date_time_is_held_as_an_instant(plain):
    assert read(FieldType.DATE_TIME, "2026-12-01T10:00:00+01:00", plain) == "2026-12-01T09:00:00Z"


@pytest.mark.parametrize(
    "text", ["2026-12-01", "2026-12-01T09:00:00", "now", "1764579600", "09:00Z"]
)
def test_a_time_without_an_offset_is_refused(text):
    found = read(FieldType.DATE_TIME, text)
    assert isinstance(found, UnplacedProblem)
    assert found.code == "not-a-date-time"
    assert "2026-12-01T09:00:00Z" in found.hint


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com",
        "http://example.com:8080/a?b=c#d",
        "HTTPS://EXAMPLE.COM/",
        "https://[2001:db8::1]/x",
        "https://münchen.example/straße",
    ],
)
def test_a_url_is_absolute_http(text):
    assert read(FieldType.URL, text) == text


@pytest.mark.parametrize(
    "text",
    [
        "example.com", "/path", "//example.com/x", "ftp://example.com", "javascript:alert(1)",
        "mailto:a@example.com", "https://", "https:///path", "http://:80/", "http://[::1/",
        "https://exa mple.com", "https://example.com/a b", "https://example.com/\nx", "NO",
    ],
)  # fmt: skip
def test_what_is_no_absolute_http_url_is_refused(text):
    found = read(FieldType.URL, text)
    assert isinstance(found, UnplacedProblem)
    assert found.code == "not-a-url"


def test_a_user_is_an_arn():
    assert read(FieldType.USER, ARN) == ARN
    assert read(FieldType.USER, ARN.replace(":aws:", ":aws-us-gov:")).startswith("arn:aws-us-gov:")


@pytest.mark.parametrize("text", ["jane", "u-123", "arn:aws:connect", f"{ARN} ", f"x{ARN}", "arn:"])
def test_a_user_that_is_no_arn_is_refused(text):
    found = read(FieldType.USER, text)
    assert isinstance(found, UnplacedProblem)
    assert found.code == "not-an-arn"
    assert "arn:aws:connect:" in found.hint


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("p1", "p1", id="by-value"),
        pytest.param("High", "p1", id="by-name"),
        pytest.param("hIGH", "p1", id="by-name-in-other-case"),
        pytest.param("P1", "p1", id="by-value-in-other-case"),
        pytest.param("p2", "p2", id="a-value-beats-another-options-name"),
        pytest.param("012", "012", id="a-value-that-yaml-takes-for-a-number"),
        pytest.param("NO", "NO", id="a-value-that-yaml-takes-for-a-boolean"),
        pytest.param("twin", "x2", id="the-exact-name-beats-other-cases"),
    ],
)
@pytest.mark.parametrize("plain", [True, False], ids=["plain", "quoted"])
def test_an_option_is_held_as_its_value(text, expected, plain):
    assert read(FieldType.SINGLE_SELECT, text, plain) == expected


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        pytest.param("Hihg", "unknown-option", 'did you mean "High"?', id="typing-mistake"),
        pytest.param("tWiN", "ambiguous-option", '"x1", "x2", "x3"', id="ambiguous"),
        pytest.param("Ancient", "inactive-option", '"High"', id="inactive-by-name"),
        pytest.param("p9", "inactive-option", '"High"', id="inactive-by-value"),
    ],
)
def test_what_is_no_active_option_is_refused(text, code, hint):
    found = read(FieldType.SINGLE_SELECT, text)
    assert isinstance(found, UnplacedProblem)
    assert found.code == code
    assert hint in found.hint


def test_a_live_value_may_be_an_inactive_option():
    assert read(FieldType.SINGLE_SELECT, "Ancient", may_be_inactive=True) == "p9"


def test_a_single_select_without_options_says_so():
    found = coerce(written("x"), a_field("g", FieldType.SINGLE_SELECT), {})
    assert isinstance(found, UnplacedProblem)
    assert found.code == "unknown-option"


@pytest.mark.parametrize(
    ("field", "most"),
    [
        pytest.param(a_field("note"), 500, id="single-line"),
        pytest.param(system("title"), 500, id="title"),
        pytest.param(system("summary"), 3_000, id="summary"),
        pytest.param(a_field("story", multiline=True), 4_100, id="multi-line"),
    ],
)
def test_a_text_may_have_its_fields_length_and_not_one_more(field, most):
    assert read(FieldType.TEXT, "x" * most, field=field) == "x" * most
    found = read(FieldType.TEXT, "x" * (most + 3), field=field)
    assert isinstance(found, UnplacedProblem)
    assert found.code == "too-long"
    assert f"{most + 3:,} characters" in found.message
    assert f"at most {most:,}" in found.message
    assert found.hint == "shorten it by 3 characters"


@pytest.mark.parametrize(
    ("type", "text"),
    [
        pytest.param(FieldType.URL, "https://example.com/", id="url"),
        pytest.param(FieldType.USER, ARN, id="user"),
    ],
)
def test_urls_and_arns_have_a_longest_length_too(type, text):
    assert read(type, text.ljust(4_100, "x")) == text.ljust(4_100, "x")
    found = read(type, text.ljust(4_101, "x"))
    assert isinstance(found, UnplacedProblem)
    assert found.code == "too-long"


def test_a_message_shows_a_long_value_shortened():
    found = read(FieldType.NUMBER, "x" * 5_000)
    assert isinstance(found, UnplacedProblem)
    assert len(found.message) < 80
