"""Which rows of the index are one state of a case together, and what one search can take."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.read.index_rows import chunks, joined
from reconciler.read.planner import SEARCH_FIELDS
from tests.builders import a_field, live, system

UPDATE = system("last_updated_datetime")


@given(st.integers(0, 40), st.integers(0, 40), st.booleans())
def test_each_field_is_asked_for_once_no_search_takes_too_many_and_each_has_the_update(
    before, after, dated
):
    fields = [a_field(f"f{at}") for at in range(before + after)]
    if dated:
        fields.insert(before, UPDATE)
    parts = list(chunks(fields))
    assert all(len(part) <= SEARCH_FIELDS for part in parts)
    asked = [field.id for part in parts for field in part if field is not UPDATE]
    assert sorted(asked) == sorted(field.id for field in fields if field is not UPDATE)
    assert [UPDATE in part for part in parts] == [dated] * len(parts)


@pytest.mark.parametrize(
    ("count", "searches"), [(0, 1), (SEARCH_FIELDS, 1), (SEARCH_FIELDS + 1, 2)]
)
def test_what_one_search_takes_is_one_search(count, searches):
    assert len(list(chunks([a_field(f"f{at}") for at in range(count)]))) == searches


ONE = live("c1", note="x", last_updated_datetime="2026-12-01T09:00:00Z")
OTHER = live("c1", score=1.0, last_updated_datetime="2026-12-01T09:00:00Z")


def test_rows_that_agree_are_one_case_with_the_values_of_both():
    [found] = joined({"c1": ONE}, {"c1": OTHER}).values()
    assert found.values == {**ONE.values, **OTHER.values}
    assert (found.case_id, found.template_id, found.tags) == ("c1", ONE.template_id, ONE.tags)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(OTHER, template_id="tpl-2"), id="another-template"),
        pytest.param(replace(OTHER, tags={"a": "b"}), id="another-tag"),
        pytest.param(
            live("c1", score=1.0, last_updated_datetime="2026-12-01T09:00:01Z"), id="updated-since"
        ),
        pytest.param(live("c1", note="y"), id="another-value"),
        pytest.param(None, id="only-one-search-shows-it"),
    ],
)
def test_rows_that_may_be_of_two_states_are_no_case(other):
    assert joined({"c1": ONE}, {"c1": other} if other else {"c2": OTHER}) == {}


def test_nothing_more_is_known_of_a_case_than_when_it_was_read_first():
    first = replace(ONE, read_at="2026-12-01T09:00:00Z")
    later = replace(OTHER, read_at="2026-12-01T09:05:00Z")
    assert joined({"c1": first}, {"c1": later})["c1"].read_at == first.read_at
