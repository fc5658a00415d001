"""The computer's clock."""

import threading
from datetime import UTC

from reconciler.clock import SystemClock


def test_the_time_is_in_utc():
    assert SystemClock().now().tzinfo is UTC


def test_seconds_never_run_back():
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()


def test_a_wait_ends_at_once_when_the_run_is_asked_to_stop():
    clock, stop = SystemClock(), threading.Event()
    stop.set()
    before = clock.monotonic()
    clock.sleep(60, stop)
    assert clock.monotonic() - before < 5


def test_a_wait_of_nothing_is_none():
    SystemClock().sleep(0)
    SystemClock().sleep(0, threading.Event())
