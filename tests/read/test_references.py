"""A reference means exactly one case, or it is said why not."""

from dataclasses import replace

import pytest

from reconciler.errors import Refused
from reconciler.model.plan import UnreadableCase
from reconciler.read.index import Index
from reconciler.read.references import find_references
from reconciler.specs.resolve import ResolvedCase
from tests.builders import AT, BY_ID, FIELDS, a_catalog, a_field, live
from tests.fakes import FakeWorld

WITH_ID = (*FIELDS, a_field("reference_id"))


def cases(*keys):
    return [ResolvedCase(key, True, (), AT) for key in keys]


def find(world, *keys, fields=()):
    """What each reference means: a case id, or the reason why none."""
    answers = find_references(Index(world), a_catalog(world.fields), cases(*keys), fields)
    return {
        desired_field.key: answer.reason if isinstance(answer, UnreadableCase) else answer.case_id
        for desired_field, answer in answers
    }


def holding(*pairs, field="reference_number", fields=FIELDS):
    return FakeWorld.holding(
        *(live(case_id, **{field: reference}) for case_id, reference in pairs), fields=fields
    )


@pytest.mark.parametrize("field", ["reference_number", "reference_id"])
def test_a_reference_may_be_a_number_or_an_id(field):
    world = holding(("c1", "100"), ("c2", "101"), field=field, fields=WITH_ID)
    assert find(world, "100", "101") == {"100": "c1", "101": "c2"}


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        pytest.param([], "not-found", id="none"),
        pytest.param([("c1", "1000")], "not-found", id="not-a-part-of-one"),
        pytest.param([("c1", "100"), ("c2", "100")], "ambiguous-reference", id="two"),
    ],
)
def test_a_reference_that_is_not_exactly_one_case_is_unknown(pairs, expected):
    assert find(holding(*pairs), "100") == {"100": expected}


def test_one_case_that_holds_a_reference_twice_is_one_case():
    case = live("c1", reference_number="100", reference_id="100")
    assert find(FakeWorld.holding(case, fields=WITH_ID), "100") == {"100": "c1"}


def test_a_number_here_and_an_id_there_are_two_cases():
    cases = live("c1", reference_number="100"), live("c2", reference_id="100")
    world = FakeWorld.holding(*cases, fields=WITH_ID)
    assert find(world, "100") == {"100": "ambiguous-reference"}


def test_the_values_asked_for_come_along():
    world = FakeWorld.holding(live("c1", reference_number="100", note="x", vip=True))
    answers = find_references(Index(world), a_catalog(), cases("100"), [BY_ID["note"]])
    [(_, found)] = answers
    assert found.value_of("note") == "x"
    assert found.value_of("vip") is None


def test_an_unknown_reference_says_where_it_was_written():
    [(_, answer)] = find_references(Index(FakeWorld()), a_catalog(), cases("100"), ())
    assert (answer.case, answer.source) == ("reference 100", AT)


def test_a_doubt_spares_references_that_are_known_to_be_several():
    world = holding(("c1", "100"), ("c2", "100"), ("c3", "101"), ("c4", "102"))
    world.unreadable["c4"] = "holds something odd"
    assert find(world, "100", "101", "102") == {
        "100": "ambiguous-reference",
        "101": "unreadable-value",
        "102": "unreadable-value",
    }


def test_many_references_are_asked_for_by_the_hundred():
    world = holding(*((f"c{n:03}", f"r{n}") for n in range(250)))
    assert len(set(find(world, *(f"r{n}" for n in range(250))).values())) == 250
    assert world.count["SearchCases"] == 3


def test_an_index_that_takes_no_such_filter_is_read_whole():
    world = replace(holding(("c1", "100"), ("c2", "101")), page_size=1)
    world.fail("SearchCases", *[Refused("no", code="ValidationException")] * 2)
    assert find(world, "100") == {"100": "c1"}


def test_without_a_reference_field_every_reference_is_unknown():
    fields = tuple(one for one in FIELDS if one.id != "reference_number")
    world = FakeWorld(fields=fields)
    assert find(world, "100", "101") == {"100": "no-references", "101": "no-references"}
    assert world.calls() == []
