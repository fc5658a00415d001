"""Strangers' text is shown complete, and none of it acts."""

import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.report.escaping import json_line, one_line, visible

any_text = st.text(st.characters(), max_size=40)
ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain text, 100 %", "plain text, 100 %", id="plain"),
        pytest.param("Grüße, 東京 🙂", "Grüße, 東京 🙂", id="letters-of-the-world"),
        pytest.param("a\x1b[31mb", "a\\u001b[31mb", id="colour"),
        pytest.param("a\x1b]0;title\x07b", "a\\u001b]0;title\\u0007b", id="window-title"),
        pytest.param("a\u202eb", "a\\u202eb", id="right-to-left-override"),
        pytest.param("a\u200bb\u2060\ufeff", "a\\u200bb\\u2060\\ufeff", id="zero-width"),
        pytest.param("a\nb\r\nc\td", "a\\nb\\r\\nc\\td", id="lines-and-tabs"),
        pytest.param("a\u2028b\u2029c\x85", "a\\u2028b\\u2029c\\u0085", id="other-line-ends"),
        pytest.param("C:\\new", "C:\\\\new", id="backslash-is-doubled"),
        pytest.param("\\n", "\\\\n", id="a-written-escape-is-not-a-newline"),
        pytest.param("x ##[add-mask]y", "x ##\\u005badd-mask]y", id="the-runners-oldest-commands"),
        pytest.param("##vso[task.x]##y[z]", "##vso\\u005btask.x]##y\\u005bz]", id="of-others"),
        pytest.param("\U000e0041", "\\U000e0041", id="tag-letters"),
        pytest.param("\ud83d", "\\ud83d", id="half-a-surrogate-pair"),
        pytest.param("\x00\x7f\x9b", "\\u0000\\u007f\\u009b", id="controls"),
        pytest.param("a\xa0b\u3000", "a\\u00a0b\\u3000", id="spaces-that-look-like-others"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_what_would_act_or_not_be_seen_is_escaped(text, expected):
    assert visible(text) == expected


@given(any_text)
def test_nothing_shown_can_act(text):
    assert not ACTING & {unicodedata.category(character) for character in visible(text)}


@given(any_text, any_text)
@example("\n", "\\n")
@example("\\", "\\\\")
@example("\u0001", "\\u0001")
@example("\U00010000", "\ud800\udc00")
def test_different_texts_are_shown_differently(one, other):
    assert (visible(one) == visible(other)) is (one == other)


@given(any_text)
def test_what_is_shown_can_be_read_back(text):
    """Reading the escapes gives the text again, so that nothing is lost."""
    found, shown = [], iter(visible(text))
    for character in shown:
        if character != "\\":
            found.append(character)
            continue
        kind = next(shown)
        if kind in "uU":
            digits = 4 if kind == "u" else 8
            found.append(chr(int("".join(next(shown) for _ in range(digits)), 16)))
        else:
            found.append({"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}[kind])
    assert found == list(text)


@given(any_text, any_text)
def test_escaping_goes_character_by_character(one, other):
    assert visible(one + other) == visible(one) + visible(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("C:\\new, 100 %", "C:\\new, 100 %", id="backslashes-stay"),
        pytest.param("a\n::error::b", "a\\n::error::b", id="one-line"),
        pytest.param("::error::b", "\\u003a:error::b", id="a-command"),
        pytest.param(" \t::error::b", " \\t::error::b", id="a-tab-is-seen"),
        pytest.param("  ::error::b", "  \\u003a:error::b", id="blanks-before-it"),
        pytest.param("a ::error::b :: c", "a ::error::b :: c", id="not-at-the-start"),
        pytest.param("x ##vso[a] ##[b]", "x ##vso\\u005ba] ##\\u005bb]", id="anywhere"),
        pytest.param("a\rsection_start:1:b\x1b[0K", "a\\rsection_start:1:b\\u001b[0K", id="gitlab"),
    ],
)
def test_a_message_is_one_line_that_nothing_obeys(text, expected):
    assert one_line(text) == expected


@given(any_text)
@example(" ::x")
@example("##[x")
def test_no_message_acts(text):
    line = one_line(text)
    assert line.isprintable() and "##[" not in line and not line.lstrip().startswith("::")


@given(st.dictionaries(any_text, any_text, max_size=3))
@example({"##[": "\ud83d \U000e0041 \u2028"})
def test_a_line_of_json_means_the_same(data):
    line = json_line(json.dumps(data, ensure_ascii=False))
    assert json.loads(line) == data
    assert line.isprintable() and "##[" not in line
