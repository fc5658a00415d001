"""The index is asked for what it can be asked; every refusal has a way round."""

from dataclasses import replace

import pytest

from reconciler.errors import CallError, ReconcilerError, Refused
from reconciler.model.filter import Check, Every, Filter, Some
from reconciler.read.index import Index, search
from reconciler.read.planner import SEARCH_FIELDS
from reconciler.service.ports import SearchPage
from tests.builders import BY_ID, a_field, live
from tests.fakes import FakeWorld, world_of

NOTE = BY_ID["note"]
OPENED = a_field("created_datetime")
REFUSED = Refused("no", code="ValidationException")


class Endless:
    """A reader whose pages repeat."""

    def search_cases(self, wanted, fields, token, order=None):
        return SearchPage((), "a")


def test_a_search_whose_pages_repeat_is_an_error():
    with pytest.raises(ReconcilerError, match="repeat"):
        list(search(Endless(), None, [NOTE]))


def found(world, wanted=None):
    return [case.case_id for page in search(world, wanted, [NOTE]) for case in page.cases]


WANTED = Filter(Check(NOTE, "equals", ("x",)))


def test_a_search_goes_through_every_page():
    world = replace(world_of(25, note="x"), page_size=10)
    assert found(world, WANTED) == [f"c{number:03}" for number in range(25)]
    assert world.count == {"SearchCases": 3}


def test_a_filter_that_the_service_refuses_is_dropped_and_everything_is_read():
    world = replace(world_of(15, note="y"), page_size=10)
    world.fail("SearchCases", Refused("no", code="ValidationException"))
    assert len(found(world, WANTED)) == 15
    assert world.filters == [None, None]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        pytest.param("AccessDeniedException", WANTED, id="another-refusal"),
        pytest.param("ValidationException", None, id="nothing-to-drop"),
    ],
)
def test_other_refusals_end_the_search(code, wanted):
    world = world_of(3, note="x")
    world.fail("SearchCases", Refused("no", code=code))
    with pytest.raises(Refused):
        found(world, wanted)


def test_a_refusal_in_the_middle_of_a_search_ends_it():
    world = replace(world_of(15, note="x"), page_size=10)
    world.before("SearchCases", lambda: None)
    world.before(
        "SearchCases", lambda: world.fail("SearchCases", Refused("no", code="ValidationException"))
    )
    with pytest.raises(Refused):
        found(world, WANTED)


class Picky(FakeWorld):
    """An index that takes no longer list of leaves, or ignores what it is asked."""

    most = 100
    ignores = False
    window = 0

    def search_cases(self, wanted, fields, token, order=None):
        if wanted is not None and leaves(wanted.rule) > self.most:
            self.log.append(("SearchCases", ""))
            raise REFUSED
        if self.window and token and int(token) >= self.window:
            self.log.append(("SearchCases", ""))
            raise REFUSED
        return super().search_cases(None if self.ignores else wanted, fields, token, order)


def leaves(rule):
    match rule:
        case Check(_, _, operands):
            return len(operands)
        case Every(parts) | Some(parts):
            return sum(map(leaves, parts))
    return 0


def picky(cases, **how):
    world = Picky({case.case_id: case for case in cases})
    for key, value in how.items():
        setattr(world, key, value)
    return world


def many(number):
    return [live(f"c{at:03}", note=str(at)) for at in range(number)]


@pytest.mark.parametrize(
    ("most", "calls"),
    [
        pytest.param(100, 3, id="a-hundred-by-nesting"),
        pytest.param(99, 1 + 25, id="ten-after-one-refusal"),
    ],
)
def test_ids_are_asked_for_in_the_largest_groups_that_the_index_takes(most, calls):
    world = picky(many(250), most=most)
    index = Index(world)
    found, unreadable = index.by_id(list(world.cases), [NOTE])
    assert len(found) == 250 and not unreadable
    assert world.count == {"SearchCases": calls}


def test_what_was_learnt_is_remembered():
    world = picky(many(30), most=10)
    index = Index(world)
    index.by_id([f"c{at:03}" for at in range(2, 14)], [NOTE])
    assert index.group == 10
    world.log.clear()
    index.by_id(["c005"], [NOTE])
    assert world.count == {"SearchCases": 1}


@pytest.mark.parametrize("how", [{"most": 0}, {"ignores": True}], ids=["refuses", "ignores"])
def test_an_index_that_does_not_filter_on_ids_is_not_asked_again(how):
    world = picky(many(150), **how)
    index = Index(world)
    with pytest.raises(Refused) as caught:
        index.by_id(["c001", "c002"], [NOTE])
    assert caught.value.code == "no-case-id-filter"
    assert index.group == 0


def test_more_fields_than_a_search_takes_are_asked_for_in_turns():
    fields = [a_field(f"f{at:02}") for at in range(30)]
    world = picky([live("c1", **{field.id: field.id for field in fields})])
    found, _ = Index(world).by_id(["c1"], fields)
    assert len(found["c1"].values) == 30
    assert world.count == {"SearchCases": 2}


def test_a_window_on_the_number_of_results_is_walked_round():
    cases = [
        live(f"c{at:03}", note="x", created_datetime=f"2026-01-01T00:{at // 60:02}:{at % 60:02}Z")
        for at in range(100)
    ]
    world = picky(cases, window=30)
    world.page_size = 10
    shown = [case.case_id for page in search(world, None, [NOTE], OPENED) for case in page.cases]
    assert shown == [case.case_id for case in cases]


def test_a_window_is_walked_round_where_the_search_has_no_room_for_the_opening_time():
    full = [NOTE, *(a_field(f"f{at}") for at in range(SEARCH_FIELDS - 1))]
    cases = [
        live(f"c{at:03}", note="x", created_datetime=f"2026-01-01T00:00:{at:02}Z")
        for at in range(50)
    ]
    world = picky(cases, window=30)
    world.page_size = 10
    shown = [case.case_id for page in search(world, None, full, OPENED) for case in page.cases]
    assert shown == [case.case_id for case in cases]
    assert world.count["GetCase"] == 1
    assert all(len(asked) <= SEARCH_FIELDS for _, asked in world.asked)
    world.before("GetCase", world.cases.clear)
    with pytest.raises(Refused):
        list(search(world, None, full, OPENED))


def test_a_window_full_of_cases_opened_at_one_instant_is_an_error_and_not_a_short_answer():
    cases = [
        live(f"c{at:03}", note="x", created_datetime="2026-01-01T00:00:00Z") for at in range(100)
    ]
    world = picky(cases, window=30)
    world.page_size = 10
    with pytest.raises(Refused):
        list(search(world, None, [NOTE], OPENED))


class Scripted(FakeWorld):
    """A domain whose index answers each search with the next of some pages."""

    pages = ()

    def search_cases(self, wanted, fields, token, order=None):
        self._read("SearchCases", "")
        page, *self.pages = self.pages
        return page


def scripted(*pages, **held):
    world = Scripted.holding(live("c1", **(held or {"note": "true"})), live("c2", note="true"))
    world.pages = list(pages)
    return world


ONE, OTHER = live("c1", note="a"), live("c1", note="b")


def page(*cases, token="", unreadable=(), doubtful=()):
    return SearchPage(cases, token, dict.fromkeys(unreadable, "why"), None, frozenset(doubtful))


TWICE = [
    pytest.param([page(ONE, OTHER)], id="in-one-page"),
    pytest.param([page(ONE, token="t"), page(OTHER)], id="in-two-pages"),
    pytest.param([page(ONE, replace(ONE, tags={"a": "b"}))], id="with-other-tags"),
    pytest.param([page(ONE, replace(ONE, template_id="other"))], id="of-another-template"),
    pytest.param([page(ONE, unreadable=["c1"])], id="once-unreadable"),
    pytest.param([page(ONE, token="t"), page(unreadable=["c1"])], id="unreadable-later"),
    pytest.param([page(doubtful=["c1"])], id="half-a-row"),
    pytest.param([page(ONE, token="t"), page(doubtful=["c1"])], id="half-a-row-later"),
]


@pytest.mark.parametrize("pages", TWICE)
def test_rows_that_disagree_about_a_case_are_no_answer_about_it(pages):
    assert Index(scripted(*pages)).by_id(["c1", "c2"], [NOTE]) == ({}, {})


@pytest.mark.parametrize("pages", TWICE)
def test_a_search_says_of_which_cases_its_rows_disagree(pages):
    shown = list(search(scripted(*pages), None, [NOTE], OPENED))
    assert set().union(*(one.doubtful for one in shown)) == {"c1"}


@pytest.mark.parametrize("pages", TWICE[:1])
def test_a_case_in_doubt_is_read_for_a_reference(pages):
    index = Index(scripted(*pages))
    rule = lambda part: Check(NOTE, "in", tuple(part))  # noqa: E731
    [shown] = index.matching(["x"], rule, 1, [NOTE])
    assert [one.value_of("note") for one in shown.cases] == ["true"]


def test_a_row_that_comes_again_is_shown_once():
    world = scripted(page(ONE, ONE, token="t"), page(ONE, live("c2", note="x")))
    shown = [case.case_id for one in search(world, None, [NOTE]) for case in one.cases]
    assert shown == ["c1", "c2"]


FIELDS_OF_TWO_SEARCHES = [a_field(f"f{number}") for number in range(30)]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(page(), id="not-shown-again"),
        pytest.param(page(live("c1", tags={"a": "b"})), id="with-other-tags"),
        pytest.param(page(replace(ONE, template_id="other")), id="of-another-template"),
    ],
)
def test_a_case_that_only_one_of_two_searches_shows_is_not_half_empty(second):
    world = scripted(page(live("c1", f1="x")), second)
    assert Index(world).by_id(["c1"], FIELDS_OF_TWO_SEARCHES) == ({}, {})


@pytest.mark.parametrize("tokens", ["aa", "aba", "abcb"], ids=str)
def test_tokens_that_go_round_end_the_paging(tokens):
    world = scripted(*(page(token=token) for token in tokens))
    with pytest.raises(CallError, match="repeat"):
        list(search(world, None, [NOTE]))
    assert len(world.calls()) == len(tokens)
