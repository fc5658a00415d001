"""Many workers, one order."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from reconciler.parallel import Begun, in_order


def test_results_come_in_the_order_of_the_items_whoever_is_first():
    first_may_end = threading.Event()

    def work(item):
        if item == 0:
            assert first_may_end.wait(10)
        else:
            first_may_end.set()
        return item * 10

    assert list(in_order(work, range(5), workers=2)) == [0, 10, 20, 30, 40]


def test_no_items_are_no_results():
    assert list(in_order(lambda item: item, [])) == []


def test_hands_work_at_the_same_time():
    meeting = threading.Barrier(3, timeout=10)
    assert sorted(in_order(lambda item: meeting.wait(), range(3), workers=3)) == [0, 1, 2]


def test_no_more_than_a_few_items_per_hand_are_under_way():
    begun = []

    def items():
        for number in range(1_000):
            begun.append(number)
            yield number

    results = in_order(lambda item: item, items(), workers=2)
    assert next(results) == 0
    assert len(begun) <= 4
    results.close()


def test_when_the_caller_stops_listening_nothing_else_is_begun():
    done = []
    results = in_order(lambda item: done.append(item), range(1_000), workers=1)
    next(results)
    results.close()
    assert len(done) <= 3


def test_a_failure_reaches_the_caller_at_its_place_and_ends_the_work():
    done = []

    def work(item):
        if item == 1:
            raise ValueError("a bug")
        done.append(item)
        return item

    results = in_order(work, range(1_000), workers=1)
    assert next(results) == 0
    with pytest.raises(ValueError, match="a bug"):
        next(results)
    assert len(done) <= 5


def test_work_is_begun_once_as_items_turn_up_the_first_alone():
    done, gate = [], threading.Event()

    def work(item):
        if item == 0:
            assert gate.wait(10)
        done.append(item)
        return item * 10

    begun = Begun(work, workers=2)
    for item in (0, 1, 2, 1, 0):
        begun.begin(item)
    assert done == []
    gate.set()
    assert [begun.result(item) for item in (2, 1, 0)] == [20, 10, 0]
    assert done[0] == 0
    assert sorted(done) == [0, 1, 2]
    assert len(begun) == 3
    assert 1 in begun and 3 not in begun
    begun.close()


def test_an_error_of_what_was_begun_is_raised_where_its_result_is_taken():
    def work(item):
        if item == 0:
            raise ValueError("a bug")
        return item

    begun = Begun(work, workers=2)
    begun.begin(0)
    begun.begin(1)
    assert begun.result(1) == 1
    with pytest.raises(ValueError, match="a bug"):
        begun.result(0)
    begun.close()


def test_what_was_not_begun_when_it_is_closed_never_is(monkeypatch):
    done, gate, shutdown = [], threading.Event(), ThreadPoolExecutor.shutdown

    def cancelling(pool, **how):
        shutdown(pool, wait=False, **how)
        gate.set()
        shutdown(pool)

    def work(item):
        assert gate.wait(10)
        done.append(item)

    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", cancelling)
    begun = Begun(work, workers=2)
    for item in range(1_000):
        begun.begin(item)
    begun.close()
    assert len(done) <= 2  # what was under way is finished
