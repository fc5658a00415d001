"""Cases are read whole, or said to be unknown; never half."""

import pytest

from reconciler.errors import CallError, NotFound, ReconcilerError, Refused, Stopped, Unreadable
from reconciler.read.case import GET_FIELDS, ReadFailure, read_case, try_read
from reconciler.service.ports import CasePage
from tests.builders import BY_ID, a_field, live
from tests.fakes import FakeWorld

NOTE = BY_ID["note"]
MANY = [a_field(f"f{number:03}") for number in range(500)]


def big_case():
    return live("c1", **{field.id: field.id.upper() for field in MANY})


def test_one_call_reads_a_case():
    world = FakeWorld.holding(live("c1", tags={"a": "b"}, note="x", story="y"))
    case = read_case(world, "c1", [NOTE])
    assert (case.values, case.template_id, case.tags) == ({"note": "x"}, "tpl-1", {"a": "b"})
    assert world.count == {"GetCase": 1}


@pytest.mark.parametrize(
    ("fields", "calls"), [(219, 1), (220, 1), (221, 2), (440, 2), (441, 3)], ids=str
)
def test_more_fields_than_one_call_takes_are_read_in_chunks(fields, calls):
    world = FakeWorld.holding(big_case(), page_size=GET_FIELDS)
    case = read_case(world, "c1", MANY[:fields])
    assert len(case.values) == fields
    assert world.count == {"GetCase": calls}
    assert all(len(asked) <= GET_FIELDS for _, asked in world.asked)


def test_pages_of_one_case_are_put_together():
    world = FakeWorld.holding(big_case(), page_size=3)
    assert len(read_case(world, "c1", MANY[:10]).values) == 10
    assert world.count == {"GetCase": 4}


class Endless:
    """A reader whose pages do not end."""

    def __init__(self, tokens):
        self.tokens = tokens
        self.pages = 0

    def get_case(self, case_id, fields, token):
        self.pages += 1
        return CasePage(live(case_id), next(self.tokens))


@pytest.mark.parametrize(
    "tokens",
    [
        pytest.param(lambda: iter("aaaaaa"), id="same"),
        pytest.param(lambda: iter("abcdef"), id="new"),
    ],
)
def test_pages_of_one_case_that_do_not_end_are_an_error(tokens):
    reader = Endless(tokens())
    with pytest.raises(CallError, match="pages"):
        read_case(reader, "c1", [NOTE, BY_ID["vip"]])
    assert reader.pages <= 3


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        pytest.param(NotFound("gone", code="ResourceNotFoundException"), "not-found", id="gone"),
        pytest.param(Unreadable("odd", code="unreadable-value"), "unreadable-value", id="odd"),
        pytest.param(
            Refused("no", code="AccessDeniedException"), "AccessDeniedException", id="denied"
        ),
    ],
)
def test_a_case_that_cannot_be_read_is_unknown_and_says_why(error, reason):
    world = FakeWorld.holding(live("c1"))
    world.fail("GetCase", error)
    assert try_read(world, "c1", [NOTE]) == ReadFailure("c1", reason, str(error))


def test_a_case_of_which_half_could_be_read_is_unknown():
    world = FakeWorld.holding(big_case(), page_size=GET_FIELDS)
    world.before("GetCase", lambda: None)
    world.before("GetCase", lambda: world.fail("GetCase", Refused("no", code="x")))
    assert isinstance(try_read(world, "c1", MANY[:300]), ReadFailure)


@pytest.mark.parametrize("error", [Stopped("asked"), ReconcilerError("no credentials")])
def test_what_stops_the_whole_run_is_raised(error):
    world = FakeWorld.holding(live("c1"))
    world.fail("GetCase", error)
    with pytest.raises(type(error)):
        try_read(world, "c1", [NOTE])
