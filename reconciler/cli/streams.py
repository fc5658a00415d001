"""The three standard streams, made fit for whatever the program was started with."""

import io
import os
import select
import sys
from contextlib import suppress
from typing import TextIO

# What stands in for a stream that was closed: using it fails as it would have, and no file that
# is opened later gets its number, to be written into by whoever means the stream.
_STAND_INS = {0: os.O_WRONLY, 1: os.O_RDONLY, 2: os.O_RDONLY}


class _Out(io.FileIO):
    """A descriptor that is waited for; `forgiving` ones take what cannot be written as written."""

    def __init__(self, number: int, *, forgiving: bool) -> None:
        super().__init__(number, "w", closefd=False)
        self._forgiving = forgiving

    def write(self, data: object, /) -> int:
        """As many bytes as were taken."""
        try:
            while (taken := super().write(data)) is None:  # type: ignore[arg-type]
                # Whoever shares the pipe has made it so that it does not wait.
                select.select([], [self], [])
            return taken
        except OSError as error:
            if not self._forgiving:
                error.filename = "stdout"  # as it is told
                raise
            return memoryview(data).nbytes  # type: ignore[arg-type]


def prepare() -> None:
    """Streams that never end the program with an encoding, and a stderr that never ends it at all.

    There is nobody to be told that stderr cannot be written; what was to be done is done.
    """
    for number, flags in _STAND_INS.items():
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # the lowest free number, which is this one
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
    sys.stdout = _text(sys.stdout, 1, forgiving=False)
    sys.stderr = _text(sys.stderr, 2, forgiving=True)


def finish(status: int) -> int:
    """The exit status, when what is left in the streams could be written too."""
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        status = status or 1
        # Python flushes once more on its way out, and would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return status


def _text(before: TextIO | None, number: int, *, forgiving: bool) -> io.TextIOWrapper:
    encoding = getattr(before, "encoding", None) or "utf-8"
    raw = io.BufferedWriter(_Out(number, forgiving=forgiving))
    return io.TextIOWrapper(
        raw, encoding=encoding, errors="backslashreplace", line_buffering=forgiving
    )
