"""Which changes travel together, and under which token."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.plan import Sealed
from reconciler.plan.batching import MOST_CASES, batches, client_token
from tests.builders import case_change, field_change

SEALED = Sealed("ab" * 32)


def made(*changes):
    """The case ids of each batch, and of the singles."""
    groups, singles = batches(changes)
    return (
        [[change.case_id for change in batch.changes] for batch in groups],
        [change.case_id for change in singles],
    )


def alike(count, *fields):
    return [case_change(f"c{number:03}", *fields) for number in range(count)]


def ids(*numbers):
    return [f"c{number:03}" for number in numbers]


@pytest.mark.parametrize(
    ("count", "sizes", "singles"),
    [
        (0, [], 0),
        (1, [], 1),
        (2, [2], 0),
        (MOST_CASES, [MOST_CASES], 0),
        (MOST_CASES + 1, [MOST_CASES], 1),
        (250, [100, 100, 50], 0),
    ],
)
def test_alike_changes_travel_by_the_hundred(count, sizes, singles):
    groups, alone = made(*alike(count))
    assert ([len(group) for group in groups], len(alone)) == (sizes, singles)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        pytest.param(
            field_change("note", "a", "x"), field_change("note", "b", "x"), True, id="from-anywhere"
        ),
        pytest.param(
            field_change("note", "a", "x"), field_change("note", "a", "y"), False, id="to-elsewhere"
        ),
        pytest.param(
            field_change("f", None, True), field_change("f", None, 1.0), False, id="true-is-not-one"
        ),
        pytest.param(
            field_change("note", "a", None), field_change("note", "b", None), True, id="two-clears"
        ),
        pytest.param(
            field_change("note", None, SEALED),
            field_change("note", "b", SEALED),
            True,
            id="the-same-seal",
        ),
    ],
)
def test_cases_that_are_to_hold_the_same_travel_together(one, other, together):
    groups, alone = made(case_change("a", one), case_change("b", other))
    assert (groups, alone) == (([["a", "b"]], []) if together else ([], ["a", "b"]))


@pytest.mark.parametrize(
    ("field", "after", "together"),
    [
        pytest.param("title", "A title, any: 字", True, id="title"),
        pytest.param("title", "two\nlines", True, id="title-of-two-lines"),
        pytest.param("title", "x" * 501, False, id="title-too-long"),
        pytest.param("status", "closed", True, id="status"),
        pytest.param("status", "in progress", True, id="status-with-a-space"),
        pytest.param("status", "geschloßen", False, id="status-with-other-letters"),
        pytest.param("status", None, False, id="status-cannot-be-cleared-up-there"),
        pytest.param("customer_id", "arn:aws:profile:us-west-2:1:x/y", True, id="customer"),
        pytest.param("customer_id", "a b", False, id="customer-with-a-space"),
        pytest.param("customer_id", SEALED, True, id="sealed-is-for-the-service-to-judge"),
        pytest.param("note", "geschloßen", True, id="other-fields-take-anything"),
    ],
)
def test_what_the_top_of_a_batch_does_not_take_goes_alone(field, after, together):
    change = field_change(field, "before", after)
    groups, alone = made(case_change("a", change), case_change("b", change))
    assert bool(groups) is together
    assert bool(alone) is not together


def test_singles_come_in_the_order_of_their_ids():
    changes = [case_change(key, field_change("note", "old", key)) for key in ("c", "a", "d", "b")]
    assert made(*changes)[1] == ["a", "b", "c", "d"]


@given(st.lists(st.tuples(st.integers(0, 500), st.sampled_from("xyz")), max_size=300))
def test_every_case_travels_exactly_once(drawn):
    changes = [
        case_change(f"{number}-{at}", field_change("note", "old", after))
        for at, (number, after) in enumerate(drawn)
    ]
    groups, alone = made(*changes)
    travelled = [case_id for group in groups for case_id in group] + alone
    assert sorted(travelled) == sorted(change.case_id for change in changes)
    assert all(2 <= len(group) <= MOST_CASES for group in groups)


def token(changes=None, fields=None, run="20260101T000000Z-1", attempt=1):
    return client_token(run, changes or alike(3), fields or [field_change()], attempt)


def test_a_token_is_the_same_for_the_same_attempt():
    assert token() == token()
    assert len(token()) == 64


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"run": "20260101T000000Z-2"}, id="another-run"),
        pytest.param({"attempt": 2}, id="another-attempt"),
        pytest.param({"changes": alike(2)}, id="fewer-cases"),
        pytest.param({"fields": [field_change(after="other")]}, id="another-value"),
        pytest.param({"fields": [field_change("due", None, "new")]}, id="another-field"),
        pytest.param({"fields": [field_change(after=SEALED)]}, id="a-sealed-value"),
    ],
)
def test_anything_else_has_a_token_of_its_own(other):
    assert token(**other) != token()
