"""Some fields of a case, or all: what is in it, and what two of them come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.apply.part import NO_FIELD, WHOLE, Part, recorded

IDS = st.sampled_from("abcd")
PARTS = st.builds(Part, st.frozensets(IDS), st.booleans())


@given(PARTS, PARTS, IDS)
def test_a_field_is_in_two_parts_together_when_it_is_in_either(one, other, field):
    assert (field in one | other) == (field in one or field in other)


@given(PARTS)
def test_no_field_adds_nothing_and_the_whole_takes_everything_in(part):
    assert part | NO_FIELD == NO_FIELD | part == part
    assert "a field that nobody has named" in part | WHOLE


@pytest.mark.parametrize(
    ("part", "something"), [(NO_FIELD, False), (WHOLE, True), (Part(frozenset("a")), True)]
)
def test_a_part_is_true_where_it_has_a_field(part, something):
    assert bool(part) is something


def test_a_line_that_names_its_fields_is_about_those():
    part = recorded(["note"])
    assert "note" in part
    assert "score" not in part


def test_an_older_line_that_names_none_was_about_the_whole_case():
    assert recorded(()) == WHOLE
