"""Many workers, one order."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from reconciler.parallel import Begun, Lanes, in_order, one_at_a_time


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


def lane(item):
    return item[0]


def test_lanes_are_at_work_at_once_and_results_come_in_the_items_order():
    meeting = threading.Barrier(2, timeout=10)
    done = []

    def work(item):
        if item[1] == "1":
            meeting.wait()
        done.append(item)
        return item * 2

    assert Lanes().each(work, ["a1", "b1", "a2", "b2"], lane) == ["a1a1", "b1b1", "a2a2", "b2b2"]
    assert done.index("a1") < done.index("a2") and done.index("b1") < done.index("b2")


@pytest.mark.parametrize(("most", "items"), [(1, ["a1", "b1"]), (None, ["a1", "a2"]), (9, [])])
def test_one_lane_at_a_time_needs_no_thread(most, items):
    here = threading.current_thread()
    found = Lanes(most).each(lambda item: (item, threading.current_thread()), items, lane)
    assert found == [(item, here) for item in items]


def test_no_more_lanes_than_asked_are_at_work_at_once():
    lock, under_way, most = threading.Lock(), [0], [0]

    def work(item):
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        with lock:
            under_way[0] -= 1

    Lanes(2).each(work, [f"{name}1" for name in "abcdefgh"], lane)
    assert most[0] <= 2


def test_an_error_ends_the_other_lanes_and_the_stop_is_cleared():
    stop, began = threading.Event(), threading.Event()
    done = []

    def work(item):
        if item == "a1":
            assert began.wait(10)
            raise ValueError("a1")
        began.set()
        assert stop.wait(10)  # what is under way gives up
        done.append(item)

    with pytest.raises(ValueError, match="a1"):
        Lanes(stop=stop).each(work, ["a1", "b1", "b2", "a2"], lane)
    assert done == ["b1"]
    assert not stop.is_set()


def test_a_stop_that_somebody_asked_for_stays():
    stop = threading.Event()
    stop.set()

    def work(item):
        raise ValueError(item)

    with pytest.raises(ValueError, match="1"):
        Lanes(stop=stop).each(work, ["a1", "b1"], lane)
    assert stop.is_set()


def test_what_is_told_one_at_a_time_is_told_by_one_thread_at_a_time():
    inside, most = [0], [0]

    def told(_):
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        inside[0] -= 1

    list(in_order(one_at_a_time(told), range(200), workers=8))
    assert most[0] == 1
