"""How a value reads, and which words of a long text differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.plan import Sealed
from reconciler.model.value import FieldType
from reconciler.report.escaping import visible
from reconciler.report.values import MOST_WORDS, is_long, shown, word_diff
from tests.builders import field_change


@pytest.mark.parametrize(
    ("value", "type", "expected"),
    [
        pytest.param(None, FieldType.TEXT, "(empty)", id="empty"),
        pytest.param("(empty)", FieldType.TEXT, '"(empty)"', id="a-text-that-says-empty"),
        pytest.param("x", FieldType.TEXT, '"x"', id="text"),
        pytest.param(" x ", FieldType.TEXT, '" x "', id="its-ends-are-seen"),
        pytest.param("  ", FieldType.SINGLE_SELECT, '"  "', id="only-spaces"),
        pytest.param("a\nb", FieldType.TEXT, '"a\\nb"', id="two-lines"),
        pytest.param("High", FieldType.SINGLE_SELECT, "High", id="option"),
        pytest.param("Very high", FieldType.SINGLE_SELECT, '"Very high"', id="option-with-space"),
        pytest.param("https://x.example", FieldType.URL, "https://x.example", id="url"),
        pytest.param("2026-12-01T09:00:00Z", FieldType.DATE_TIME, "2026-12-01T09:00:00Z", id="t"),
        pytest.param(5.0, FieldType.NUMBER, "5", id="whole"),
        pytest.param(4.5, FieldType.NUMBER, "4.5", id="fraction"),
        pytest.param(-0.1, FieldType.NUMBER, "-0.1", id="tenth"),
        pytest.param(123456789.0, FieldType.NUMBER, "123456789", id="not-in-exponents"),
        pytest.param(1e20, FieldType.NUMBER, "1e+20", id="large"),
        pytest.param(0.1 + 0.2, FieldType.NUMBER, "0.30000000000000004", id="every-digit"),
        pytest.param(True, FieldType.BOOLEAN, "true", id="true"),
        pytest.param(False, FieldType.BOOLEAN, "false", id="false"),
        pytest.param(Sealed("3f9a" * 16), FieldType.TEXT, "(sensitive #3f9a)", id="sealed"),
    ],
)
def test_how_one_value_reads(value, type, expected):
    assert shown(value, type) == expected


numbers = st.floats(allow_nan=False, allow_infinity=False)


@given(numbers, numbers)
def test_different_numbers_read_differently(one, other):
    same = shown(one, FieldType.NUMBER) == shown(other, FieldType.NUMBER)
    assert same is (one == other)


@given(numbers)
def test_a_number_reads_as_itself(number):
    assert float(shown(number, FieldType.NUMBER)) == number


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("x" * 61, "y", True, id="long-before"),
        pytest.param("x", "y" * 61, True, id="long-after"),
        pytest.param("x" * 60, "y" * 60, False, id="short"),
        pytest.param(None, "y" * 100, False, id="from-empty"),
        pytest.param(1.0, 2.0, False, id="numbers"),
        pytest.param(Sealed("a" * 64), Sealed("b" * 64), False, id="sealed"),
    ],
)
def test_two_texts_one_of_which_is_long_are_shown_by_their_words(before, after, expected):
    assert is_long(field_change(before=before, after=after)) is expected


def told(before, after):
    return [(piece.kind, piece.text) for piece in word_diff(before, after)]


def test_only_the_words_that_differ_are_marked():
    assert told("the parcel was lost", "the parcel was found") == [
        ("kept", "the parcel was "),
        ("removed", "lost"),
        ("added", "found"),
    ]


def test_what_is_the_same_and_far_away_is_left_out():
    words = [f"w{number}" for number in range(40)]
    after = [*words[:20], "NEW", *words[20:]]
    assert told(" ".join(words), " ".join(after)) == [
        ("kept", "… w16 w17 w18 w19 "),
        ("added", "NEW "),
        ("kept", "w20 w21 w22 w23  …"),
    ]


def test_between_two_differences_only_the_middle_is_left_out():
    words = [f"w{number}" for number in range(30)]
    pieces = told("a " + " ".join(words) + " b", "c " + " ".join(words) + " d")
    assert pieces[2] == ("kept", " w0 w1 w2 w3 … w26 w27 w28 w29 ")


def test_a_very_long_text_is_compared_by_its_ends():
    words = ["word"] * MOST_WORDS
    pieces = told(" ".join([*words, "x", *words]), " ".join([*words, "y", *words]))
    assert [piece for piece in pieces if piece[0] != "kept"] == [("removed", "x"), ("added", "y")]


def test_one_word_as_long_as_a_field_may_be_is_shown_whole():
    assert told("x" * 4_100, "y") == [("removed", "x" * 4_100), ("added", "y")]


def test_white_space_counts():
    assert told("a b", "a  b") == [
        ("kept", "a"),
        ("removed", " "),
        ("added", "  "),
        ("kept", "b"),
    ]


few_words = st.lists(st.sampled_from(["a", "bb", " ", "\n", "\u202e", "\\"]), max_size=12).map(
    "".join
)


@given(few_words, few_words)
def test_the_pieces_give_both_texts_back(before, after):
    pieces = word_diff(before, after)
    assert "".join(p.text for p in pieces if p.kind != "added") == visible(before)
    assert "".join(p.text for p in pieces if p.kind != "removed") == visible(after)


@given(st.text(st.characters(), max_size=30), st.text(st.characters(), max_size=30))
def test_what_is_removed_and_added_is_always_shown_whole(before, after):
    pieces = word_diff(before, after)
    assert all("…" not in p.text or p.kind == "kept" or "…" in before + after for p in pieces)
    assert any(p.kind != "kept" for p in pieces) is (before != after)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            "the router was sent back on Monday and a new one is on its way",
            "the router was sent back on Friday and a new one is on its truck",
            "the router was sent back on [Monday>Friday] and a new one is on its [way>truck]",
            id="edited",
        ),
        pytest.param(
            "a whole new note with more words than fit a line",
            "Ticket 1 with network team booked a line test and a technician",
            "[a whole new note with more words than fit a line>"
            "Ticket 1 with network team booked a line test and a technician]",
            id="replaced",
        ),
        pytest.param("no no no no", "yes yes yes yes", "[no no no no>yes yes yes yes]", id="other"),
    ],
)
def test_texts_that_share_only_small_words_are_shown_one_after_the_other(before, after, expected):
    said = ""
    for piece in word_diff(before, after):
        said += {"kept": "{}", "removed": "[{}>", "added": "[>{}]"}[piece.kind].format(piece.text)
    assert said.replace(">[>", ">") == expected
