"""Marks of YAML that make something else of a scalar than its author wrote are found."""

import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.source import Written
from reconciler.yaml.marks import CutTexts, _ends_before_marks, flaw_of, key_flaw, null_flaw


def cuts(data, *ends):
    """The places of texts that end at ` #`, the bytes given in pieces that end there."""
    found, at = CutTexts(), 0
    for end in (*sorted(ends), len(data)):
        found.add(data[at:end])
        at = end
    return found.positions


@pytest.mark.parametrize(
    ("text", "positions"),
    [
        pytest.param("a: x #1", {(0, 4)}, id="no-space-behind-it"),
        pytest.param("a: x # 1", set(), id="a-comment"),
        pytest.param("a: x#1", set(), id="a-part-of-the-text"),
        pytest.param("#1\n #2", set(), id="nothing-before-it"),
        pytest.param("a: x \t #1", {(0, 4)}, id="blanks-before-it"),
        pytest.param("é: ü #1", {(0, 4)}, id="characters-and-not-bytes"),
        pytest.param("\ufeffa: x #1", {(0, 4)}, id="behind-a-byte-order-mark"),
        pytest.param("a: 1\r\nb: x #1\rc: y #2\n", {(1, 4), (2, 4)}, id="every-end-of-line"),
        pytest.param("a: x #", set(), id="nothing-behind-it"),
        pytest.param("a: x" + " " * 120 + "#1", set(), id="too-far-to-be-meant"),
    ],
)
def test_where_a_text_may_have_been_cut(text, positions):
    assert cuts(text.encode()) == positions


PARTS = st.lists(st.sampled_from(["x", " ", "#", "\n", "\r", "é", "\t", "y" * 60, " " * 50]))


@given(PARTS.map("".join), st.data())
def test_it_is_found_wherever_the_pieces_end(text, data):
    raw = text.encode()
    ends = data.draw(st.lists(st.integers(0, len(raw)), max_size=6))
    assert cuts(raw, *ends) == cuts(raw)


def test_the_longest_mark_is_found_over_the_end_of_a_piece():
    data = b"a: x" + b" " * 99 + b"#1"
    assert [cuts(data, end) for end in range(len(data))] == [{(0, 4)}] * len(data)


def scalars(text):
    return [one for one in yaml.parse(text) if isinstance(one, yaml.ScalarEvent)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("a: x", None, id="plain"),
        pytest.param("a: |\n  x\n  y\n", None, id="a-block"),
        pytest.param("a: >-\n  x\n  y\n", None, id="folded-as-it-says"),
        pytest.param("a: 'x # y'", None, id="in-quotes"),
        pytest.param("a: &b x", "anchor", id="an-anchor"),
        pytest.param("a: x\n  y", "folded-text", id="over-two-lines"),
        pytest.param('a: "x\n  y"', "folded-text", id="in-quotes-over-two-lines"),
        pytest.param("a: x #1", "cut-text", id="cut"),
        pytest.param('a: "x" #1', None, id="behind-quotes-is-a-comment"),
    ],
)
def test_a_value_that_is_not_what_was_written_is_refused(text, code):
    found = flaw_of(scalars(text)[1], cuts(text.encode()))
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("a: x", None), ("&b a: x", "anchor"), ('? "a\n  b"\n: x', "folded-text")],
)
def test_a_key_is_one_line_without_an_anchor(text, code):
    found = key_flaw(scalars(text)[0])
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("text", "plain", "code"),
    [
        ("null", True, None),
        ("null", False, None),
        ("", True, "empty-value"),
        ("", False, None),
        ("~", True, "ambiguous-null"),
        ("Null", True, "ambiguous-null"),
        ("NULL", True, "ambiguous-null"),
        ("NULL", False, None),
        ("nUll", True, None),
    ],
)
def test_one_word_means_nothing_and_its_likes_are_refused(text, plain, code):
    found = null_flaw(Written(text, plain, 1, 1))
    assert (found.code if found else None) == code


@settings(max_examples=500)
@given(
    st.lists(
        st.sampled_from(
            [b"a", b" ", b"\t", b"#", b"\n", b"\r", b"\x0b", b"\x1c", b"\xc3\xa4", b" " * 98]
        )
    )
)
def test_texts_that_end_before_marks_are_those_that_a_pattern_finds(pieces):
    data = b"".join(pieces)
    slowly = re.finditer(rb"[^\s]([ \t]{1,99})(?=#[^\s#])", data)
    assert list(_ends_before_marks(data)) == [one.start(1) for one in slowly]
