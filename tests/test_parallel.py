"""Many workers, one order."""

import threading

import pytest

from reconciler.parallel import in_order


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
