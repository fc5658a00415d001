"""What is read right before a write is one state of the case, or no write follows it."""

from dataclasses import replace

import pytest

from reconciler.apply.guarding import GUARDS, PAUSE, read_guard
from reconciler.errors import CallError
from reconciler.model.event import Applied, Conflict, Failed
from tests.apply.running import LONG_AGO, a_dated_world, run
from tests.builders import BY_ID, a_field, case_change, field_change

# -- one read ------------------------------------------------------------------------------

UPDATED = BY_ID["last_updated_datetime"]
FIELDS = (BY_ID["note"], UPDATED, BY_ID["score"])


def guarded(world, *fields, pages=100):
    """What the guard gives, and the seconds that it waited."""
    world.page_size = pages
    waits = []

    def wait(seconds):
        waits.append(seconds)
        world.clock.seconds += seconds

    return read_guard(world, "c1", fields or FIELDS, wait), waits


def test_a_case_that_comes_in_one_call_is_read_once_its_last_update_first():
    world = a_dated_world()
    case, waits = guarded(world)
    assert (case.value_of("note"), waits) == ("old", [])
    assert world.asked == [("c1", ("last_updated_datetime", "note", "score"))]


def test_after_a_case_in_pages_its_last_update_alone_is_read_again():
    world = a_dated_world()
    case, waits = guarded(world, pages=2)
    assert (case.value_of("note"), waits) == ("old", [])
    assert [fields for _, fields in world.asked][2:] == [("last_updated_datetime",)]


@pytest.mark.parametrize("page", [1, 2])
def test_an_update_while_the_pages_are_read_begins_the_guard_anew(page):
    world = a_dated_world()
    for _ in range(page):
        world.before("GetCase", lambda: None)
    world.before("GetCase", lambda: world.edit("c1", note="by hand"))
    case, waits = guarded(world, pages=2)
    assert case.value_of("note") == "by hand"
    assert waits == [PAUSE] * 3  # until it is old enough for a clock of whole seconds


def test_an_update_that_is_too_fresh_for_a_coarse_clock_is_waited_out():
    world = a_dated_world(updated_at="2026-12-01T08:59:59Z")
    assert guarded(world, pages=2)[1] == [PAUSE] * 2


@pytest.mark.parametrize("read_at", [True, False], ids=["", "nor-when-it-was-read"])
@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(FIELDS, id="the-service-shows-no-time"),
        pytest.param((BY_ID["note"], BY_ID["score"], a_field("other")), id="none-is-asked-for"),
    ],
)
def test_a_case_in_pages_whose_last_update_is_not_known_is_never_taken_for_whole(fields, read_at):
    world = a_dated_world(updated_at=None)
    if not read_at:
        world.get_case = without_dates(world.get_case)
    with pytest.raises(CallError, match=f"c1: it comes in pages.* {GUARDS} times") as raised:
        guarded(world, *fields, pages=2)
    assert raised.value.code == "kept-changing"


def without_dates(get_case):
    """The same calls of a service that does not say when it answered."""

    def get(*asked):
        page = get_case(*asked)
        return replace(page, case=replace(page.case, read_at=""))

    return get


# -- a guard that comes in pages, in an apply ------------------------------------------------

MANY = [field_change(f"f{at}", None, "x", name=f"F{at}") for at in range(6)]


def paged(world):
    world.page_size = 3
    return replace(case_change("c1", *MANY), observed_at=LONG_AGO)


def test_a_guard_in_pages_is_closed_by_one_short_read():
    world = a_dated_world()
    [outcome] = run(world, paged(world))
    assert isinstance(outcome, Applied)
    guard = world.calls()[: [call for call, _ in world.calls()].index("UpdateCase")]
    assert len(guard) == 4
    assert world.asked[3] == ("c1", ("last_updated_datetime",))


def test_an_edit_between_two_pages_of_the_guard_is_seen():
    world = a_dated_world()
    world.before("GetCase", lambda: None)
    world.before("GetCase", lambda: None)
    world.before("GetCase", lambda: world.edit("c1", f0="by hand"))
    [outcome] = run(world, paged(world))
    assert isinstance(outcome, Conflict)
    assert world.writes == []


def test_a_case_that_is_changed_under_every_guard_fails():
    world = a_dated_world()

    def busy():
        world.clock.seconds += 1
        world.edit("c1", score=world.clock.seconds)

    for _ in range(100):
        world.before("GetCase", busy)
    [outcome] = run(world, paged(world))
    assert isinstance(outcome, Failed)
    assert outcome.code == "kept-changing"
    assert world.writes == []
