"""One apply of a target at a time on this machine; the kernel frees a dead owner's lock."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reconciler.errors import Held, ReconcilerError, Unwritable
from reconciler.files.whole_file import writing


@contextmanager
def run_lock(path: Path, owner: str) -> Iterator[None]:
    """Hold the lock while the block runs; raises with the owner's name when another holds it."""
    handle = _opened(path)
    try:
        try:
            # The kernel frees it with its owner, so that a killed run leaves no lock behind.
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 200).decode(errors="replace").strip() or "another process"
            raise Held(
                f"another apply of this target is running on this machine: {holder}",
                "wait for it to end, or stop it; its journal says what it has done",
            ) from None
        except OSError as error:
            raise Unwritable(f"{path}: cannot be locked: {error.strerror}") from error
        with suppress(OSError):  # without a name it holds as well
            os.ftruncate(handle, 0)
            os.pwrite(handle, owner.encode("utf-8", "backslashreplace")[:200], 0)
        yield
    finally:
        os.close(handle)


def _opened(path: Path) -> int:
    """The lock's own file: a link laid in its place would have us write somewhere else."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # O_NONBLOCK: opening a pipe that somebody laid here would wait for ever.
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        handle = os.open(path, flags, 0o600)
    except OSError as error:
        found = "a link" if path.is_symlink() else error.strerror
        raise ReconcilerError(f"{path}: {found}, expected a lock of ours; remove it") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise ReconcilerError(f"{path}: no regular file, expected a lock of ours; remove it")
    return handle
