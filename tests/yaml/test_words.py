"""A word is spelled so that every reader of YAML reads the same characters."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reconciler.yaml.words import best_quotes, in_json, in_quotes, means_more, plain_is_right

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(TEXTS)
def test_every_text_in_quotes_is_read_as_it_is_and_stays_on_one_line_that_shows(text):
    for spelled in (in_quotes(text), best_quotes(text)):
        assert yaml.safe_load(spelled) == text
        assert spelled.isprintable()


@given(TEXTS | st.sampled_from(["a", "on", "1_0", "0o7", "=", "- a", "a: b", "a #b", "<<", "x, y"]))
def test_what_may_stand_plain_is_read_as_it_is_in_brackets_and_outside(text):
    if plain_is_right(text, flow=False):
        assert yaml.safe_load(f"a: {text}") == {"a": text}
    if plain_is_right(text, flow=True):
        assert yaml.safe_load(f"[{text}]") == [text]


@given(TEXTS)
def test_json_has_a_spelling_of_every_text(text):
    assert json.loads(in_json(text)) == text
    assert in_json(text).isprintable()


@pytest.mark.parametrize(
    "word",
    ["true", "false", "null", "~", "", "NULL", "5", "-5", "1.5e3", "yes", "on", "0x1f", "a: b"],
)
def test_a_word_that_anybody_takes_for_something_else_is_not_plain(word):
    assert not plain_is_right(word, flow=False)


@pytest.mark.parametrize("word", ["a", "two words", "2026-12-01T09:00:00Z", "it's", "Null x"])
def test_other_words_are_plain(word):
    assert plain_is_right(word, flow=False)


@pytest.mark.parametrize(("word", "flow"), [("a, b", False), ("a]", False), ("a b", True)])
def test_brackets_take_fewer_words(word, flow):
    assert plain_is_right(word, flow=False)
    assert plain_is_right(word, flow=True) is flow


@pytest.mark.parametrize(
    ("word", "more"), [("true", True), ("5", True), ("", True), ("True", False), ("yes", False)]
)
def test_our_own_reader_takes_few_words_for_something_else(word, more):
    assert means_more(word) is more


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("it's", '"it\'s"'),
        ('say "x"', "'say \"x\"'"),
        ('"it\'s"', "'\"it''s\"'"),
        ('a\\"', '"a\\\\\\""'),
        ('"\n', '"\\"\\n"'),
    ],
)
def test_single_quotes_stand_around_double_ones_where_nothing_needs_an_escape(text, quoted):
    assert best_quotes(text) == quoted
