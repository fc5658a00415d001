"""Each event of a text stands where it is written, counted in characters."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reconciler.yaml.events import Kind, events, is_text, may_be_plain

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
WORDS = st.sampled_from(
    ["yes", "on", "5", "0o7", "0x1f", "1_000", "1e5", ".5", "~", "a", "a: b", "a #b", "- a", "x, y"]
)


def scalars(text):
    return [one for one in events(text) if one.kind is Kind.SCALAR]


def test_every_beginning_and_end_is_told():
    kinds = [one.kind.name for one in events("a: [x]\n---\nb\n")]
    assert kinds == [
        "DOCUMENT", "MAP", "SCALAR", "LIST", "SCALAR", "END", "END", "DOCUMENT_END",
        "DOCUMENT", "SCALAR", "DOCUMENT_END",
    ]  # fmt: skip


def test_places_count_characters_and_lines_from_one():
    text = "é: x\n👍: 'y'\n"
    found = [(text[one.start : one.end], one.line, one.column) for one in scalars(text)]
    assert found == [("é", 1, 1), ("x", 1, 4), ("👍", 2, 1), ("'y'", 2, 4)]


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [("x", "", "x"), ("'x'", "'", "x"), ('"x"', '"', "x"), ("|\n  x\n", "|", "x\n"), ("", "", "")],
)
def test_a_scalar_has_its_value_and_its_quoting(text, style, value):
    [_, one] = scalars(f"a: {text}")
    assert (one.style, one.text) == (style, value)


@pytest.mark.parametrize(("text", "flow"), [("[a]", True), ("- a", False), ("{a: b}", True)])
def test_a_collection_in_brackets_is_told_from_one_in_lines(text, flow):
    [one] = [event for event in events(text) if event.kind in (Kind.LIST, Kind.MAP)]
    assert one.flow is flow


@given(TEXTS | WORDS)
def test_what_is_text_and_may_be_plain_is_read_as_just_that(text):
    if is_text(text) and may_be_plain(text, flow=False):
        assert yaml.safe_load(f"a: {text}") == {"a": text}
    if is_text(text) and may_be_plain(text, flow=True):
        assert yaml.safe_load(f"[{text}]") == [text]


@pytest.mark.parametrize(
    "text", ["", "yes", "5", "0o7", "0x1f", "1e5", ".5", "~", "null", "=", "<<"]
)
def test_what_yaml_of_either_version_takes_for_something_else_is_no_text(text):
    assert not is_text(text)


@pytest.mark.parametrize(
    "text", ["a\u200b", "a\x07", "a\nb", "a: b", "a #b", "- a", " a", "a ", "#a"]
)
def test_what_would_not_survive_may_not_be_plain(text):
    assert not may_be_plain(text, flow=False)
