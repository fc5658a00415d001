"""SIGINT and SIGTERM while applying: finish what is in flight, record it, and end."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from reconciler.cli.start import end_at_once, say
from reconciler.errors import Exit, Stopped


class Stop:
    """Whether the run was asked to end, and with which status it then does."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.status = Exit.OK
        self._begun = False

    def begin(self) -> None:
        """From now on something may be in flight that has to be finished."""
        self._begun = True

    def _asked(self, number: int, frame: FrameType | None) -> None:
        if not self._begun:
            end_at_once(number, frame)
        if self.event.is_set():
            say("stopped by force; the journal says what was done, and the same plan goes on")
            os._exit(self.status)
        self.status = Exit.SIGINT if number == signal.SIGINT else Exit.SIGTERM
        self.event.set()
        click.echo(
            "\nstopping: what is in flight is being finished (once more: stop by force) ...",
            err=True,
        )


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Signals end the program at once, until something has begun that is to be finished.

    Then the first one sets `stop.event`, and work that was given up for that ends with the status
    of the signal; the second one ends the program.
    """
    stop = Stop()
    before = {
        number: signal.signal(number, stop._asked) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    except Stopped as error:
        error.status = stop.status
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
