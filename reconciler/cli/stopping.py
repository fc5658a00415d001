"""SIGINT and SIGTERM: finish what is in flight, record it, and end."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from reconciler.errors import Exit, Stopped


class Stop:
    """Whether the run was asked to end, and with which status it then does."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.status = Exit.OK

    def _asked(self, number: int, _: FrameType | None) -> None:
        if self.event.is_set():
            return
        self.status = Exit.SIGINT if number == signal.SIGINT else Exit.SIGTERM
        self.event.set()
        click.echo("\nstopping: what is in flight is being finished ...", err=True)


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Signals set `stop.event` instead of ending the program at once, while the block runs.

    Work that was given up for that ends with the status of the signal.
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
