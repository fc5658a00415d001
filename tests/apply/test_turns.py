"""Whose turn it is, which waits for which, and what a run of several lanes promises."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.apply.turns import Turns, in_order_of, in_turn

NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


@st.composite
def orders(draw):
    """Names, and for each some of those that an order without a circle lets come before it."""
    names = draw(NAMES)
    hidden = draw(st.permutations(names))
    after = {
        name: tuple(draw(st.lists(st.sampled_from(hidden[:at]), unique=True)) if at else ())
        for at, name in enumerate(hidden)
    }
    return names, after


@given(orders())
def test_each_name_comes_once_and_behind_those_before_it(order):
    names, after = order
    found = in_order_of(names, after)
    assert sorted(found) == sorted(names)
    for name in names:
        assert all(found.index(one) < found.index(name) for one in after[name])


@given(NAMES)
def test_without_an_order_the_names_stay_as_they_are(names):
    assert in_order_of(names, {}) == tuple(names)


def turns(names, after=None, most=None, lane=lambda name: name):
    after = after or {}
    return Turns(
        names=in_order_of(names, after),
        lanes={name: lane(name) for name in names},
        after={name: tuple(before) for name, before in after.items()},
        most=most,
    )


@given(orders(), st.sampled_from([None, 1, 2, 3]), st.integers(1, 4))
def test_every_target_has_its_turn_whatever_the_lanes_and_the_order(order, most, lanes):
    names, after = order
    lock, busy, over = threading.Lock(), set(), []

    def work(name, ask):
        with lock:
            assert not {ord(one) % lanes for one in busy} & {ord(name) % lanes}
            assert most is None or len(busy) < most
            assert all(one in over for one in after[name])
            busy.add(name)
        yield name
        assert ask(threading.current_thread) is threading.main_thread()
        yield name
        with lock:
            busy.discard(name)
            over.append(name)

    found = list(
        in_turn(
            turns(names, after, most, lambda name: str(ord(name) % lanes)), work, threading.Event()
        )
    )
    assert sorted(found) == sorted([*names, *names])


def test_two_lanes_are_at_work_at_once():
    meeting = threading.Barrier(2, timeout=10)

    def work(name, ask):
        meeting.wait()
        yield name

    assert sorted(in_turn(turns("ab"), work, threading.Event())) == ["a", "b"]


def test_one_lane_is_worked_on_where_it_is_iterated():
    def work(name, ask):
        yield threading.current_thread()

    assert set(in_turn(turns("ab", lane=lambda _: ""), work, threading.Event())) == {
        threading.main_thread()
    }


def test_nobody_runs_ahead_of_whoever_listens():
    begun = []

    def work(name, ask):
        for number in range(50):
            begun.append((name, number))
            yield name

    listening = in_turn(turns("ab"), work, threading.Event())
    for _ in range(3):
        next(listening)
    assert len(begun) <= 3 + 2 * 2  # one in each hand, and one handed over
    listening.close()
    assert len(begun) < 20


def test_whoever_stops_listening_has_everyone_finish_what_is_in_flight():
    ended = []

    def work(name, ask):
        try:
            for _ in range(1_000):
                yield name
        finally:
            ended.append(name)

    listening = in_turn(turns("abc"), work, threading.Event())
    next(listening)
    listening.close()
    assert sorted(ended) == ["a", "b", "c"]


def test_what_one_lane_raises_is_raised_once_the_others_are_done():
    ended = []

    def work(name, ask):
        try:
            yield name
            if name == "a":
                raise ValueError(name)
            for _ in range(1_000):
                yield name
        finally:
            ended.append(name)

    with pytest.raises(ValueError, match="a"):
        list(in_turn(turns("ab"), work, threading.Event()))
    assert sorted(ended) == ["a", "b"]


def test_what_a_question_raises_is_raised_where_it_was_asked():
    def question():
        raise ValueError("no")

    def work(name, ask):
        try:
            ask(question)
        except ValueError as error:
            yield f"{name}: {error}"

    assert sorted(in_turn(turns("ab"), work, threading.Event())) == ["a: no", "b: no"]


@pytest.mark.parametrize("asked", [False, True])
def test_a_lane_that_waits_is_woken_when_nobody_listens_any_more(asked):
    stop, waiting = threading.Event(), threading.Event()

    def work(name, ask):
        if name == "a":
            waiting.set()
            assert stop.wait(20)
        else:
            assert waiting.wait(20)
        yield name

    listening = in_turn(turns("ab"), work, stop)
    assert next(listening) == "b"
    if asked:
        stop.set()
    listening.close()
    assert stop.is_set() is asked
