"""Cases of more fields than one search returns: shown whole, by as few calls as that takes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import Refused
from reconciler.read.index import Index, search
from reconciler.read.planner import SEARCH_FIELDS
from reconciler.read.whole_rows import WholeRows, portions
from tests.builders import a_field, live, system
from tests.fakes import FakeWorld

UPDATE, OPENED = system("last_updated_datetime"), system("created_datetime")
MANY = [UPDATE, *(a_field(f"f{at:02}") for at in range(40))]
AT = {"last_updated_datetime": "2026-12-01T09:00:00Z"}


@given(
    st.lists(st.integers(0, 60), unique=True, max_size=60),
    st.sets(st.integers(0, 60), max_size=20),
    st.booleans(),
)
def test_each_field_is_asked_for_and_what_decides_first(numbers, deciding, dated):
    fields = [a_field(f"f{at}") for at in numbers] + [UPDATE] * dated
    decides = [one for one in fields if one.id in {f"f{at}" for at in deciding}]
    first, rest = portions(fields, decides)
    assert len(first) <= SEARCH_FIELDS
    asked = {field.id for field in (*first, *rest)}
    assert {field.id for field in fields} - asked <= {UPDATE.id}
    assert bool(rest) == (len(numbers) > SEARCH_FIELDS)
    assert {field.id for field in first} & {field.id for field in rest} <= {UPDATE.id}
    assert not rest or (UPDATE in first) == (UPDATE in rest) == dated
    assert all(field in first for field in decides)


def world_of_many(count, **more):
    values = {field.id: "x" for field in MANY} | AT
    return FakeWorld.holding(*(live(f"c{at:03}", **values, **more) for at in range(count)))


def whole(world, index=None):
    first, rest = portions(MANY, [])
    rows = WholeRows(index or Index(world), rest)
    pages = list(rows.pages(search(world, None, first, OPENED)))
    assert not rows.waiting
    return pages


def shown(pages):
    return {live.case_id: len(live.values) for page in pages for live in page.cases}


def doubtful(pages):
    return sorted(key for page in pages for key in page.doubtful)


@pytest.mark.parametrize("page_size", [100, 30])
def test_a_case_is_whole_after_one_more_search_for_each_hundred(page_size):
    world = world_of_many(250)
    world.page_size = page_size
    scans = -(-250 // page_size)
    world.search_cases = paged_by_ids(world)
    assert shown(whole(world)) == {f"c{at:03}": len(MANY) for at in range(250)}
    assert world.count == {"SearchCases": scans + 3}


def paged_by_ids(world):
    """Searches for ids are never paged, as with the service; only the scan has small pages."""
    search_cases = world.search_cases

    def ask(wanted, fields, token, order=None):
        size, world.page_size = world.page_size, 100 if wanted else world.page_size
        try:
            return search_cases(wanted, fields, token, order)
        finally:
            world.page_size = size

    return ask


def test_a_case_that_changed_between_the_two_searches_is_in_doubt():
    world = world_of_many(3)
    first, rest = portions(MANY, [])
    pages = search(world, None, first, OPENED)
    rows = WholeRows(Index(world), rest).pages(pages)
    scanned = next(rows)
    world.edit("c001", f39="y", last_updated_datetime="2026-12-01T10:00:00Z")
    del world.cases["c002"]
    found = [scanned, *rows]
    assert shown(found) == {"c000": len(MANY)}
    assert doubtful(found) == ["c001", "c002"]


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param("refused", id="it-takes-no-ids"),
        pytest.param("ignored", id="it-shows-others"),
        pytest.param("none", id="it-finds-none-of-what-it-has-just-shown"),
    ],
)
def test_an_index_without_ids_leaves_all_in_doubt_and_is_not_asked_again(ask):
    world = world_of_many(300)
    search_cases = world.search_cases

    def odd(wanted, fields, token, order=None):
        page = search_cases(None if ask == "ignored" else wanted, fields, token, order)
        if wanted is not None and ask == "refused":
            raise Refused("no", code="ValidationException")
        return replace(page, cases=()) if wanted is not None and ask == "none" else page

    world.search_cases = odd
    pages = whole(world)
    assert shown(pages) == {}
    assert len(doubtful(pages)) == 300
    assert world.count["SearchCases"] <= 3 + 2  # smaller groups were tried once


def test_a_refusal_that_is_about_the_caller_ends_the_reading():
    world = world_of_many(3)
    first, rest = portions(MANY, [])
    pages = WholeRows(Index(world), rest).pages(search(world, None, first, OPENED))
    next(pages)
    world.fail("SearchCases", Refused("no", code="AccessDeniedException"))
    with pytest.raises(Refused):
        next(pages)


def test_what_one_search_shows_takes_no_other():
    world = world_of_many(3)
    first, rest = portions(MANY[: SEARCH_FIELDS + 1], [])
    assert rest == ()
    assert len(shown(WholeRows(Index(world), rest).pages(search(world, None, first, OPENED)))) == 3
    assert world.count == {"SearchCases": 1}
