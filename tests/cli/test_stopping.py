"""SIGINT and SIGTERM ask an apply to end; before it writes they end it at once."""

import os
import signal

import pytest

from reconciler.cli.start import Ended
from reconciler.cli.stopping import stoppable
from reconciler.errors import Exit


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, Exit.SIGINT), (signal.SIGTERM, Exit.SIGTERM)]
)
def test_a_signal_asks_the_run_to_end_and_gives_it_its_status(number, status, capsys):
    with stoppable() as stop:
        stop.begin()
        assert not stop.event.is_set()
        os.kill(os.getpid(), number)
        assert stop.event.wait(5)
    assert stop.status is status
    assert "in flight is being finished" in capsys.readouterr().err


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_the_second_signal_ends_it_by_force_with_the_status_of_the_first(
    capsys, monkeypatch, second
):
    left = []
    monkeypatch.setattr(os, "_exit", left.append)
    with stoppable() as stop:
        stop.begin()
        os.kill(os.getpid(), signal.SIGTERM)
        assert left == []
        assert capsys.readouterr().err.count("stopping") == 1
        os.kill(os.getpid(), second)
    assert left[0] == Exit.SIGTERM


def test_before_anything_is_in_flight_a_signal_ends_it_at_once(monkeypatch):
    left = []
    monkeypatch.setattr(os, "_exit", left.append)
    monkeypatch.setattr("reconciler.cli.start.GRACE_SECONDS", 600)
    with pytest.raises(Ended) as raised, stoppable() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
    assert raised.value.status == 143
    assert not stop.event.is_set()


def test_afterwards_signals_mean_what_they_meant_before():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with pytest.raises(ValueError, match="x"), stoppable():
        raise ValueError("x")
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
