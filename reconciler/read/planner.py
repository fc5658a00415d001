"""Choose the cheapest way to read many named cases: pure arithmetic over quotas and abilities."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from reconciler.config.model import Rate
from reconciler.service.pacing import seconds_for

# From the service model: fields of one call, cases of one page, entries of one filter list.
GET_FIELDS = 220
SEARCH_FIELDS = 25
PAGE = 100
FLAT = 10
NESTED = FLAT * FLAT


class Strategy(StrEnum):
    """Ways to read named cases, in the order in which ties are broken."""

    GET = "get"  # GetCase for each: no trust in the index is needed
    GROUPS = "groups"  # SearchCases for groups of case ids
    SCAN = "scan"  # SearchCases over the whole domain


@dataclass(frozen=True, slots=True)
class Demand:
    """Cases to read, fields of each, and how many cases the domain holds (None: not known)."""

    cases: int
    fields: int
    domain_cases: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A strategy, what it costs, and why it was chosen; `group` is the ids of one search."""

    strategy: Strategy
    group: int
    calls: Mapping[str, int]
    seconds: float
    why: str


def choose(demand: Demand, group: int, quotas: Mapping[str, Rate], share: float) -> Choice:
    """The way that takes the least time at these quotas.

    `group` is how many ids the index has been found to take in one search: 100, 10, or 0 when it
    cannot be asked for ids at all.
    """
    options = [_cost(strategy, demand, group, quotas, share) for strategy in Strategy]
    possible = [option for option in options if option is not None]
    best = min(possible, key=lambda option: (option.seconds, sum(option.calls.values())))
    if best.strategy is not Strategy.GET and _same_time(best, possible[0]):
        best = possible[0]
    others = ", ".join(
        f"{_words(option)} would take {option.seconds:,.0f} s"
        for option in possible
        if option.seconds >= best.seconds + 1
    )
    took = f", {best.seconds:,.0f} s" if best.seconds >= 1 else ""
    why = _words(best) + took + (f"; {others}" if others else "")
    return Choice(best.strategy, best.group, best.calls, best.seconds, why)


def _same_time(one: Choice, other: Choice) -> bool:
    """GetCase needs no trust in the index, so it is preferred whenever it costs no time."""
    return other.seconds <= one.seconds


def _cost(
    strategy: Strategy,
    demand: Demand,
    group: int,
    quotas: Mapping[str, Rate],
    share: float,
) -> Choice | None:
    api = "GetCase" if strategy is Strategy.GET else "SearchCases"
    if strategy is Strategy.GET:
        # At AWS's defaults 4 cases a second; SearchCases brings up to 200.
        calls = demand.cases * ceil(max(1, demand.fields) / GET_FIELDS)
    elif strategy is Strategy.GROUPS:
        if group == 0:
            return None
        calls = ceil(demand.cases / group) * ceil(max(1, demand.fields) / SEARCH_FIELDS)
    else:
        # A scan is one search, and a search shows 25 fields at most (service model).
        if demand.domain_cases is None or demand.fields > SEARCH_FIELDS:
            return None
        calls = ceil(max(1, demand.domain_cases) / PAGE)
    rate = quotas[api]
    seconds = seconds_for(calls, rate.rate * share, rate.burst * share)
    return Choice(strategy, group, {api: calls}, seconds, "")


def _words(choice: Choice) -> str:
    [count] = choice.calls.values()
    calls = f"{count:,} call{'' if count == 1 else 's'}"
    match choice.strategy:
        case Strategy.GET:
            return f"GetCase of each ({calls})"
        case Strategy.GROUPS:
            return f"SearchCases by {choice.group} ids ({calls})"
        case Strategy.SCAN:
            return f"SearchCases over all cases ({calls})"
