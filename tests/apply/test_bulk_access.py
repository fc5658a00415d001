"""What a batch's guard sees of its cases: each whole or said to be unreadable, or not at all."""

import pytest

from reconciler.apply.bulk_access import BulkAccess, shown
from reconciler.errors import Refused, Unauthenticated, Unavailable
from reconciler.read.case import ReadFailure
from tests.builders import BY_ID
from tests.fakes import world_of

FIELDS = [BY_ID["note"], BY_ID["last_updated_datetime"]]
IDS = ["c000", "c001", "c002"]


def seen(world, finishing=False):
    access = BulkAccess(world.apply_access())
    return shown(IDS, FIELDS, access.finishing_index if finishing else access.index)


def test_every_case_that_the_index_shows_is_shown():
    assert {key: case.value_of("note") for key, case in seen(world_of(3, note="x")).items()} == {
        "c000": "x",
        "c001": "x",
        "c002": "x",
    }


def test_a_case_that_the_index_lacks_is_not_taken_for_an_empty_one():
    world = world_of(3, note="x")
    world.index["c001"] = None
    assert sorted(seen(world)) == ["c000", "c002"]


def test_a_case_with_a_value_that_nobody_knows_is_a_failure_and_no_case():
    world = world_of(3, note="x")
    world.unreadable["c001"] = "Note: a shape of tomorrow"
    assert seen(world)["c001"] == ReadFailure(
        "c001", "unreadable-value", "Note: a shape of tomorrow"
    )


@pytest.mark.parametrize("kind", [Refused, Unavailable])
def test_a_search_that_fails_shows_nothing_so_that_each_case_is_read_alone(kind):
    world = world_of(3, note="x")
    world.fail("SearchCases", *[kind("no", code="ServerError")] * 9)
    assert seen(world) == {}


def test_credentials_that_are_refused_end_the_run_and_are_no_empty_answer():
    world = world_of(3, note="x")
    world.fail("SearchCases", Unauthenticated("no", code="ExpiredToken", reason="expired"))
    with pytest.raises(Unauthenticated):
        seen(world)


def test_what_has_been_sent_is_checked_even_after_a_stop():
    world = world_of(3, note="x")
    world.stop.set()
    assert len(seen(world, finishing=True)) == 3
