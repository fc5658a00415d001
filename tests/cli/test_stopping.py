"""SIGINT and SIGTERM ask the run to end, once."""

import os
import signal

import pytest

from reconciler.cli.stopping import stoppable
from reconciler.errors import Exit


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, Exit.SIGINT), (signal.SIGTERM, Exit.SIGTERM)]
)
def test_a_signal_asks_the_run_to_end_and_gives_it_its_status(number, status, capsys):
    with stoppable() as stop:
        assert not stop.event.is_set()
        os.kill(os.getpid(), number)
        assert stop.event.wait(5)
    assert stop.status is status
    assert "in flight is being finished" in capsys.readouterr().err


def test_the_first_signal_decides(capsys):
    with stoppable() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
    assert stop.status is Exit.SIGTERM
    assert capsys.readouterr().err.count("stopping") == 1


def test_afterwards_signals_mean_what_they_meant_before():
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with pytest.raises(ValueError, match="x"), stoppable():
        raise ValueError("x")
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
