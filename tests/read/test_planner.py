"""The cheapest way to read many cases at the quotas there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.config.model import Rate
from reconciler.read.planner import FLAT, NESTED, Demand, Strategy, choose
from reconciler.service.quotas import DEFAULT_QUOTAS

SLOW_SEARCH = {"GetCase": Rate(1_000, 1_000), "SearchCases": Rate(0.01, 1)}


def chosen(cases, fields=3, domain=None, group=NESTED, quotas=DEFAULT_QUOTAS):
    return choose(Demand(cases, fields, domain), group, quotas, 0.8)


@pytest.mark.parametrize(
    ("choice", "strategy", "calls"),
    [
        pytest.param(chosen(1), Strategy.GET, {"GetCase": 1}, id="one-case"),
        pytest.param(chosen(8), Strategy.GET, {"GetCase": 8}, id="within-the-burst"),
        pytest.param(chosen(100), Strategy.GROUPS, {"SearchCases": 1}, id="a-hundred"),
        pytest.param(chosen(1_001), Strategy.GROUPS, {"SearchCases": 11}, id="a-thousand"),
        pytest.param(
            chosen(1_000, group=FLAT), Strategy.GROUPS, {"SearchCases": 100}, id="ten-at-once"
        ),
        pytest.param(chosen(1_000, group=0), Strategy.GET, {"GetCase": 1_000}, id="no-ids-at-all"),
        pytest.param(
            chosen(1_000, domain=1_500, group=0),
            Strategy.SCAN,
            {"SearchCases": 15},
            id="most-of-the-domain",
        ),
        pytest.param(
            chosen(1_000, domain=1_500, group=FLAT),
            Strategy.SCAN,
            {"SearchCases": 15},
            id="the-whole-domain-is-cheaper-than-tens",
        ),
        pytest.param(
            chosen(1_000, domain=10_000_000, group=FLAT),
            Strategy.GROUPS,
            {"SearchCases": 100},
            id="the-domain-is-far-too-large",
        ),
        pytest.param(
            chosen(1_000, fields=26, domain=1_000),
            Strategy.GROUPS,
            {"SearchCases": 20},
            id="more-fields-than-a-search-takes",
        ),
        pytest.param(
            chosen(1_000, fields=221, group=0),
            Strategy.GET,
            {"GetCase": 2_000},
            id="more-fields-than-a-read-takes",
        ),
        pytest.param(
            chosen(500, quotas=SLOW_SEARCH), Strategy.GET, {"GetCase": 500}, id="slow-searches"
        ),
    ],
)
def test_the_way_that_takes_the_least_time_is_chosen(choice, strategy, calls):
    assert (choice.strategy, dict(choice.calls)) == (strategy, calls)


def test_the_choice_says_why_and_what_the_others_would_take():
    assert chosen(1_000, domain=5_000, group=FLAT).why == (
        "SearchCases over all cases (50 calls), 26 s; "
        "GetCase of each (1,000 calls) would take 310 s, "
        "SearchCases by 10 ids (100 calls) would take 58 s"
    )


def test_when_it_costs_no_time_the_index_is_not_trusted():
    assert chosen(5).strategy is Strategy.GET


@given(
    st.integers(1, 5_000),
    st.integers(0, 300),
    st.none() | st.integers(0, 100_000),
    st.sampled_from([0, FLAT, NESTED]),
    st.integers(1, 50),
    st.integers(1, 50),
)
def test_no_possible_way_would_take_less_time(cases, fields, domain, group, get, searches):
    quotas = {"GetCase": Rate(get, 10), "SearchCases": Rate(searches, 10)}
    demand = Demand(cases, fields, domain)
    best = choose(demand, group, quotas, 1.0)
    assert best.seconds <= choose(demand, 0, quotas, 1.0).seconds
    assert best.seconds <= choose(Demand(cases, fields), group, quotas, 1.0).seconds
    assert best.group == group
    if best.strategy is Strategy.GROUPS:
        assert group > 0
    if best.strategy is Strategy.SCAN:
        assert domain is not None
