"""Write a file where it was asked for: a regular one whole or not at all, any other through.

Every file that the program writes goes through here, but for the journal and the lock, which stay
open. Links are followed, and stay. A hard link is parted: its other names keep the old bytes.
"""

import errno
import fcntl
import os
import re
import select
import stat
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reconciler.errors import Unwritable

PRIVATE = 0o600
READER_SECONDS = 10.0  # how long a named pipe may be without anybody who reads it
_LINKS = 40  # as many as Linux follows
_OWN = re.compile(rf"/dev/fd/(\d+)|/proc/(?:self|thread-self|{os.getpid()})/fd/(\d+)")


def replace_file(
    path: Path, content: bytes | Iterable[bytes], *, mode: int = PRIVATE, keeps: bool = False
) -> None:
    """Replace a regular file whole, or make it; write through a device, a pipe or an open file.

    Content in parts is written as they come; where making one fails, a regular file stays as it
    was. `mode` is from the first byte on; with `keeps`, a file that is there keeps its own.
    """
    parts = (content,) if isinstance(content, bytes) else content
    with writing(path):
        place = _place(path)
        if isinstance(place, int):
            _write_open(place, parts)
            return
        found = _found(place)
        if found is None or stat.S_ISREG(found.st_mode):
            _replace(place, parts, mode, found if keeps else None)
        else:
            _write_through(place, found, parts)


def append_file(path: Path, content: bytes) -> None:
    """Add lines at the end of a file that others write to; all of them, or none.

    One of the others may have left a line open.
    """
    with writing(path):
        place = _place(path)
        found = None if isinstance(place, int) else _found(place)
        if isinstance(place, int):
            _write_open(place, (content,))
        elif found is None or stat.S_ISREG(found.st_mode):
            _append(place, content)
        else:
            _write_through(place, found, (content,))


def check_place(path: Path) -> None:
    """Unwritable, where it can be known before the work that a file could not be written here."""
    with writing(path):
        place = _place(path)
        if isinstance(place, int):
            _check_open(place)
            return
        found = _found(place)
        if found is None or stat.S_ISREG(found.st_mode):
            folder = place.absolute().parent
            while not os.path.lexists(folder):
                folder = folder.parent
            with _temporary(folder, PRIVATE):
                pass
        elif stat.S_ISDIR(found.st_mode):
            raise _os_error(errno.EISDIR)
        elif stat.S_ISSOCK(found.st_mode):
            raise _os_error(errno.ENXIO)
        elif not os.access(place, os.W_OK):
            raise _os_error(errno.EACCES)


def replaces(path: Path) -> bool:
    """Whether writing here would put an end to a file that is there."""
    with writing(path):
        place = _place(path)
        found = None if isinstance(place, int) else _found(place)
        return found is not None and stat.S_ISREG(found.st_mode)


@contextmanager
def writing(path: Path | str) -> Iterator[None]:
    """Say what the system has against writing here, in one line."""
    try:
        yield
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) and "\0" not in str(path):
            raise  # not about the name
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Unwritable(f"{path}: cannot be written: {why}", why) from error


def write_all(handle: int, content: bytes) -> None:
    """Every byte, also where the disk or a pipe takes only a part at a time."""
    rest = memoryview(content)
    while rest:
        try:
            rest = rest[os.write(handle, rest) :]
        except BlockingIOError:  # whoever shares the pipe has made it so
            select.select([], [handle], [])


def _place(path: Path) -> Path | int:
    """Where links lead; the number of one of our own open files, when they lead to one.

    `/dev/stdout` of a regular file must go on where that file is, not begin a new one.
    """
    for _ in range(_LINKS):
        own = _OWN.fullmatch(os.path.abspath(path))  # noqa: PTH100 - must not follow links
        if own:
            return int(own[1] or own[2])
        if not path.is_symlink():
            return path
        path = path.parent / path.readlink()
    raise _os_error(errno.ELOOP)


def _found(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _check_open(handle: int) -> None:
    """Only what was handed to this program counts, not what it opened for itself."""
    # Python opens its own files as not inheritable (PEP 446).
    read_only = fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
    if read_only or not os.get_inheritable(handle):
        raise _os_error(errno.EBADF)


def _write_open(handle: int, parts: Iterable[bytes]) -> None:
    _check_open(handle)
    _write_parts(handle, parts)


def _write_parts(handle: int, parts: Iterable[bytes]) -> None:
    for part in parts:
        write_all(handle, part)


def _write_through(path: Path, found: os.stat_result, parts: Iterable[bytes]) -> None:
    handle = _opened(path, waits=stat.S_ISFIFO(found.st_mode))
    try:
        os.set_blocking(handle, True)
        _write_parts(handle, parts)
    finally:
        os.close(handle)


def _opened(path: Path, *, waits: bool) -> int:
    """Open what is no regular file; the reader of a pipe gets some time to come."""
    pause, left = 0.05, READER_SECONDS
    while True:
        try:
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            if error.errno != errno.ENXIO or not waits:
                raise
            if left <= 0:
                raise _os_error(errno.ENXIO, "nobody reads this pipe") from error
        threading.Event().wait(pause)
        left -= pause


def _replace(path: Path, parts: Iterable[bytes], mode: int, like: os.stat_result | None) -> None:
    """Write beside the file, flush to disk, then rename over it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _temporary(path.parent, mode) as (name, handle):
        if like is not None:
            with suppress(OSError):  # only root can give a file away
                os.fchown(handle, like.st_uid, like.st_gid)
            os.fchmod(handle, stat.S_IMODE(like.st_mode))
        _write_parts(handle, parts)
        # Else a power failure may leave the new name with none of the bytes.
        os.fsync(handle)
        name.replace(path)


@contextmanager
def _temporary(folder: Path, mode: int) -> Iterator[tuple[Path, int]]:
    """A new file in the folder, gone at the end unless it got another name."""
    # In the same folder: a rename replaces whole only within one file system.
    name = folder / f".reconcile-{os.urandom(8).hex()}.tmp"
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        yield name, handle
    finally:
        os.close(handle)
        name.unlink(missing_ok=True)


def _append(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        size = os.fstat(handle).st_size
        try:
            write_all(handle, (b"" if _ends_a_line(path, size) else b"\n") + content)
        except OSError:
            os.ftruncate(handle, size)  # half a line could be taken for another one
            raise
    finally:
        os.close(handle)


def _ends_a_line(path: Path, size: int) -> bool:
    if not size:
        return True
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def _os_error(number: int, words: str = "") -> OSError:
    return OSError(number, words or os.strerror(number))
