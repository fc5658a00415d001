"""Where stages end, and what keeps the next one from beginning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.apply.stages import StageEnd, cut, parse_stages, stage_problem
from reconciler.errors import ReconcilerError
from reconciler.model.event import AlreadyDone, Applied, Conflict, Failed, NotAttempted

ABOUT = {"target": "prod", "case_id": "c1"}
DONE = Applied(**ABOUT, request_id="r")
CONFLICT = Conflict(**ABOUT, fields=(), changed_by="", changed_at="")
FAILED = Failed(**ABOUT, code="x", message="y")


@pytest.mark.parametrize(
    ("text", "total", "sizes"),
    [
        pytest.param("1%,10%,100%", 1000, [10, 90, 900], id="percent"),
        pytest.param("1%,10%,100%", 50, [1, 4, 45], id="rounded-up"),
        pytest.param("1%,10%,100%", 3, [1, 2], id="a-stage-without-cases-is-none"),
        pytest.param("5,50,100%", 200, [5, 45, 150], id="mixed"),
        pytest.param("50,10%,100%", 200, [50, 150], id="mixed-and-not-further"),
        pytest.param("5,10", 200, [5, 5], id="a-last-stage-below-all"),
        pytest.param(" 5 , 10% ", 100, [5, 5], id="spaces"),
        pytest.param("500", 20, [20], id="more-than-there-are"),
        pytest.param("1%,100%", 0, [], id="nothing-to-do"),
    ],
)
def test_stages_count_from_the_first_case(text, total, sizes):
    parts, done = cut(range(total), parse_stages(text))
    assert [len(part) for part in parts] == sizes
    assert done == sum(sizes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", 'found ""', id="empty"),
        pytest.param("a%", 'found "a%"', id="a-word"),
        pytest.param("0,5", 'found "0"', id="none"),
        pytest.param("5,", 'found ""', id="a-comma-too-many"),
        pytest.param("101%", 'found "101%"', id="more-than-all"),
        pytest.param("1.5%", 'found "1.5%"', id="a-fraction"),
        pytest.param("-5", 'found "-5"', id="negative"),
        pytest.param("10%,10%", "found 10% after 10%", id="twice"),
        pytest.param("10,5", "found 5 after 10", id="backwards"),
    ],
)
def test_stages_that_mean_nothing_are_refused(text, message):
    with pytest.raises(ReconcilerError, match=message):
        parse_stages(text)


@given(
    st.integers(0, 500),
    st.lists(st.builds(StageEnd, st.integers(1, 100), st.booleans()), min_size=1, max_size=5),
)
def test_stages_are_the_first_cases_in_order_and_none_twice(total, ends):
    parts, done = cut(range(total), ends)
    assert [case for part in parts for case in part] == list(range(done))
    assert all(parts)
    assert done == max(end.of(total) for end in ends)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param([DONE, AlreadyDone(**ABOUT)], "", id="all-done"),
        pytest.param([NotAttempted(**ABOUT, reason="x")], "", id="not-attempted-is-told-elsewhere"),
        pytest.param([DONE, CONFLICT, CONFLICT], "stage 1 of 3 had 2 conflicts", id="conflicts"),
        pytest.param([FAILED, CONFLICT], "stage 1 of 3 had 1 conflict, 1 failure", id="both"),
    ],
)
def test_what_went_wrong_is_told_with_its_number(found, said):
    assert stage_problem(1, 3, found) == said
