"""One apply of a target at a time on this machine; the kernel frees a dead owner's lock."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reconciler.errors import ReconcilerError


@contextmanager
def run_lock(path: Path, owner: str) -> Iterator[None]:
    """Hold the lock while the block runs; raises with the owner's name when another holds it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 200).decode(errors="replace").strip() or "another process"
            raise ReconcilerError(
                f"another apply of this target is running on this machine: {holder}\n"
                "wait for it to end, or stop it; its journal says what it has done"
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, owner.encode()[:200], 0)
        yield
    finally:
        os.close(handle)
