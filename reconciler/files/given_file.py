"""Read a file that somebody else may have laid there: never hang on it, and never without end."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

# A plan of 100,000 changes with all their histories is a quarter of this.
MAX_BYTES = 512 * 1024 * 1024


def open_given(path: Path, *, pipes: bool = False) -> BinaryIO:
    """The open file; OSError for a folder, a device, or a pipe where none is expected.

    A pipe that nobody writes into reads as empty, instead of waiting for a writer.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(handle).st_mode
        if not (stat.S_ISREG(mode) or (pipes and stat.S_ISFIFO(mode))):
            raise OSError(errno.EINVAL, f"it is {_kind(mode)}, expected a file")
        # Non-blocking was for the opening alone; reading waits for whoever writes.
        os.set_blocking(handle, True)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_given(path: Path, *, most: int = MAX_BYTES) -> bytes:
    """All its bytes; OSError when it is no file, or a larger one than can be meant."""
    with open_given(path, pipes=True) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes")
    return content


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device"
