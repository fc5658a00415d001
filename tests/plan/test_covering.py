"""Many different changes in few batches: everything once, and never dearer than whole changes."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.value import FieldType
from reconciler.plan.batching import MOST_CASES, batches
from reconciler.plan.covering import at_most, cover, fewest
from tests.builders import case_change, field_change


def changes(rows):
    """One change a row; a row is what a case is to hold, by field."""
    made = []
    for at, row in enumerate(rows):
        fields = [
            field_change(f"f{name}", "was", value, type=FieldType.TEXT)
            for name, value in sorted(row.items())
        ]
        if fields:
            made.append(case_change(f"c{at:06}", *fields))
    return made


def drawn(cases, fields, values, share, seed=1):
    """Cases that differ in a share of the fields, each value as likely as any other."""
    random = Random(seed)
    return changes(
        {name: f"v{random.randrange(values)}" for name in range(fields) if random.random() < share}
        for _ in range(cases)
    )


def covered(found):
    """Every (case, field, value) that a cover writes, as often as it does."""
    parts = [part for batch in found.batches for part in batch.changes]
    return Counter(
        (change.case_id, entry.id, entry.after)
        for change in (*parts, *found.singles)
        for entry in change.fields
    )


def plain(planned):
    made, singles = batches(planned)
    return len(made) + len(singles)


few = st.lists(
    st.dictionaries(st.integers(0, 5), st.sampled_from(["a", "b", "c"]), max_size=6), max_size=60
)
many = st.builds(
    drawn,
    st.integers(0, 900),
    st.integers(1, 7),
    st.integers(1, 8),
    st.floats(0.05, 1.0),
    st.integers(0, 99),
)


@settings(deadline=None)
@given(few.map(changes) | many)
def test_every_change_is_covered_once_in_batches_of_the_same_values(planned):
    found = cover(planned)
    assert covered(found) == {
        (change.case_id, entry.id, entry.after): 1 for change in planned for entry in change.fields
    }
    for batch in found.batches:
        assert 2 <= len(batch.changes) <= MOST_CASES
        assert len({one.case_id for one in batch.changes}) == len(batch.changes)
        values = {tuple((one.id, one.after) for one in part.fields) for part in batch.changes}
        assert len(values) == 1
    for wave in found.waves:
        cases = [part.case_id for batch in wave for part in batch.changes]
        assert len(cases) == len(set(cases)), "batches of a wave may be under way together"


@settings(deadline=None)
@given(few.map(changes) | many)
def test_a_cover_never_takes_more_writes_than_whole_changes(planned):
    found = cover(planned)
    assert found.writes <= plain(planned)
    assert (len(found.batches), len(found.singles), len(found.waves)) == fewest(planned)


@settings(deadline=None)
@given(few.map(changes) | many)
def test_no_cover_takes_more_than_is_told_at_once_or_whole_changes_take(planned):
    told = at_most(planned)
    assert cover(planned).writes <= min(told.batches + told.singles, plain(planned))


@settings(deadline=None)
@given(few.map(changes) | many)
def test_a_case_that_goes_alone_goes_whole(planned):
    wholes = {change.case_id: change for change in planned}
    found = cover(planned)
    assert all(wholes[one.case_id] == one for one in found.singles)
    in_batches = {part.case_id for batch in found.batches for part in batch.changes}
    assert in_batches.isdisjoint(one.case_id for one in found.singles)


@pytest.mark.parametrize(
    ("cases", "fields", "values", "share", "most"),
    [
        pytest.param(10_000, 6, 8, 0.8, 370, id="six-fields-of-eight-values"),
        pytest.param(10_000, 20, 4, 0.1, 240, id="twenty-fields-that-seldom-differ"),
        pytest.param(10_000, 6, 2, 0.5, 200, id="six-fields-of-two-values"),
        pytest.param(10_000, 2, 100, 1.0, 310, id="two-fields-of-a-hundred-values"),
        pytest.param(500, 6, 8, 0.8, 48, id="a-few-hundred-cases"),
    ],
)
def test_many_different_changes_take_few_writes(cases, fields, values, share, most):
    assert cover(drawn(cases, fields, values, share)).writes <= most


def test_alike_changes_travel_whole():
    planned = changes([{1: "a", 2: "b"}] * 250)
    found = cover(planned)
    assert [len(batch.changes) for batch in found.batches] == [100, 100, 50]
    assert {len(batch.fields) for batch in found.batches} == {2}


def test_a_case_with_a_value_that_no_other_is_to_hold_goes_alone_with_all_its_fields():
    rows = [{1: f"v{at % 5}", 2: f"w{at % 7}", 3: f"x{at % 3}"} for at in range(400)]
    rows[7][4] = "only here"
    found = cover(changes(rows))
    assert [(one.case_id, len(one.fields)) for one in found.singles] == [("c000007", 4)]


def test_a_value_that_no_batch_takes_goes_alone():
    titles = [field_change("title", "was", None)] * 3
    planned = [case_change(f"c{at}", title) for at, title in enumerate(titles)]
    assert [one.case_id for one in cover(planned).singles] == ["c0", "c1", "c2"]


def test_one_and_true_are_two_values():
    planned = [
        case_change(f"c{at}", field_change("score", None, 1.0 if at % 2 else True))
        for at in range(4)
    ]
    assert [len(batch.changes) for batch in cover(planned).batches] == [2, 2]


def test_the_same_changes_have_the_same_cover():
    assert cover(drawn(800, 5, 4, 0.7)) == cover(drawn(800, 5, 4, 0.7))


def test_nothing_takes_nothing():
    found = cover([])
    assert (found.waves, found.singles, found.writes, fewest([])) == ((), (), 0, (0, 0, 0))


def test_of_more_fields_than_are_tried_together_each_is_covered_all_the_same():
    planned = drawn(600, 40, 3, 0.1)
    found = cover(planned)
    assert sum(covered(found).values()) == sum(len(change.fields) for change in planned)
    assert found.writes <= 40 * 3
