"""Any filter finds exactly the cases that a plain reading of it in Python finds."""

import operator
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TEXTS = ["", "a", "A", "ab", "b", "Ä"]
NUMBERS = [-1.5, 0.0, 2.0, 10.0]
TIMES = ["2026-12-01T09:00:00Z", "2026-12-01T10:00:00+01:00", "2026-12-01T09:00:00.500Z"]
CHOICES = {
    "Root cause": TEXTS,
    "Score": NUMBERS,
    "VIP": [True, False],
    "Follow up on": TIMES,
    "Priority": ["low", "high"],
}
COMPARISONS = {
    "equalTo": operator.eq,
    "greaterThan": operator.gt,
    "greaterThanOrEqualTo": operator.ge,
    "lessThan": operator.lt,
    "lessThanOrEqualTo": operator.le,
}


def leaf(name):
    operators = ["equalTo"] if name == "VIP" else list(COMPARISONS)
    if isinstance(CHOICES[name][0], str):
        operators = [*operators, "contains"]
    value = st.sampled_from(CHOICES[name])
    comparison = st.tuples(st.just(name), st.sampled_from(operators), value)
    return st.one_of(comparison, st.just((name, "equalTo", None)))


leaves = st.one_of([leaf(name) for name in CHOICES])
filters = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["andAll", "orAll"]), st.lists(inner, max_size=4)),
    ),
    max_leaves=12,
)


def as_request(care, part):
    if part[0] == "not":
        return {"not": as_request(care, part[1])}
    if part[0] in ("andAll", "orAll"):
        return {part[0]: [as_request(care, one) for one in part[1]]}
    return care.where(part[1], part[0], part[2])


def truth(part, values, unknown):
    """True, False or, where a missing value makes it so, unknown."""
    if part[0] == "not":
        inner = truth(part[1], values, unknown)
        return None if inner is None else not inner
    if part[0] in ("andAll", "orAll"):
        found = [truth(one, values, unknown) for one in part[1]]
        decisive = part[0] == "orAll"
        if decisive in found:
            return decisive
        return None if None in found else (not decisive or not found)
    name, comparison, wanted = part
    held = values.get(name)
    if wanted is None:
        return held is None
    if held is None:
        return unknown
    if comparison == "contains":
        return wanted.casefold() in held.casefold()
    if name == "Follow up on":
        held, wanted = datetime.fromisoformat(held), datetime.fromisoformat(wanted)
    return COMPARISONS[comparison](held, wanted)


@pytest.fixture(scope="module")
def population():
    """Values of cases: every choice of every field, and gaps."""
    cases = []
    for number in range(24):
        values = {}
        for place, (name, choices) in enumerate(CHOICES.items()):
            pick = (number * (place + 3) + number // 3) % (len(choices) + 1)
            if pick < len(choices):
                values[name] = choices[pick]
        cases.append(values)
    return cases


@pytest.mark.parametrize("switch", ["on", "off"])
def test_a_filter_finds_what_it_says(start, connect, care_of, population, switch):
    sandbox = start(switches={"not_matches_empty": switch})
    care = care_of(connect(sandbox.url))
    cases = {care.create(values, tags={"set": "oracle"}): values for values in population}
    only = {"tag": {"equalTo": {"key": "set", "value": "oracle"}}}

    @settings(
        max_examples=100,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(part=filters)
    def check(part):
        found = care.search(filter={"andAll": [only, as_request(care, part)]}, maxResults=100)
        missing = False if switch == "on" else None
        wanted = [case for case, values in cases.items() if truth(part, values, missing)]
        assert found == wanted

    check()
