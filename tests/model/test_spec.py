"""What an author wrote keeps its place, however compactly it is held."""

import pytest

from reconciler.model.spec import Slot, SpecField
from tests.builders import only_if, spec_field, written


@pytest.mark.parametrize(
    ("text", "plain", "null"),
    [
        pytest.param("null", True, True, id="null"),
        pytest.param("~", True, True, id="tilde"),
        pytest.param("", True, True, id="nothing"),
        pytest.param("null", False, False, id="quoted-null"),
        pytest.param("", False, False, id="quoted-nothing"),
        pytest.param("Null", True, False, id="capital"),
        pytest.param("none", True, False, id="python"),
    ],
)
def test_only_yamls_own_words_unquoted_are_null(text, plain, null):
    assert written(text, plain).is_null is null


def test_a_placed_field_counts_its_lines_from_its_case():
    slot = Slot("status", None, True, 2, 7, 3, 15)
    placed = SpecField.placed(slot, "open", 40)
    assert (placed.line, placed.column) == (42, 7)
    assert (placed.value.line, placed.value.column, placed.value.text) == (43, 15, "open")


def test_fields_are_equal_when_everything_written_is():
    assert spec_field("a", "x") == spec_field("a", "x")
    assert hash(spec_field("a", "x")) == hash(spec_field("a", "x"))
    assert spec_field("a", "x") != spec_field("a", "x", line=8)
    assert spec_field("a", "x") != spec_field("a", "x", only_if(empty=True))
    assert spec_field("a", "x") != "x"


def test_a_field_shows_what_was_written():
    assert "'status', Written(text='open'" in repr(spec_field("status", "open"))
