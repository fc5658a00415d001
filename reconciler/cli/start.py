"""The program's first step: from here on a signal ends it at once, whatever it is doing.

Only applying asks for more (`stopping`): it finishes what is in flight. This imports next to
nothing, so that a signal is heard while everything else is being imported.
"""

import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

GRACE_SECONDS = 1.0  # for closing files and the local service; replies are not waited for


class Ended(BaseException):
    """A signal ended the run; no handler of errors may take it for one."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(status)


def end_at_once(number: int, _: FrameType | None) -> NoReturn:
    """Leave from wherever the program is, within a second; a second signal does not wait."""
    status = 128 + number
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: os._exit(status))
    say("interrupted")
    timer = threading.Timer(GRACE_SECONDS, os._exit, (status,))
    timer.daemon = True
    timer.start()
    raise Ended(status)


def signals_are_heard() -> bool:
    """Whether this is where the program began."""
    return signal.getsignal(signal.SIGINT) is end_at_once


def say(message: str) -> None:
    """A line on stderr, past every buffer, and without fail."""
    try:
        os.write(2, f"\n{message}\n".encode())
    except OSError:
        return  # nobody is there to be told


def main() -> None:
    """Run the program."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end_at_once)
        from reconciler.cli.main import main as run

        run()
    except Ended as ended:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                continue
        os._exit(ended.status)  # threads that wait for a reply are not waited for
