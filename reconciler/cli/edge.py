"""What the user is told of whatever ended a command: one clear line, and never a traceback of ours.

What the environment does (files, disks, streams, memory, threads, encodings) is no mistake of the
program. What is one gives a line too, and its traceback into a file for whoever mends it.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from reconciler.cli.console import Console
from reconciler.errors import Exit, ReconcilerError

_HINTS = {
    errno.EMFILE: "raise the limit on open files: ulimit -n",
    errno.ENFILE: "the whole system has too many files open",
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room within the disk quota",
    errno.EROFS: "use a place that can be written",
    errno.ELOOP: "the links there lead in a circle",
}
_PACKAGE = Path(__file__).parent.parent


class Steps:
    """Several things to do, each of them tried although an earlier one failed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.status = 0

    @contextmanager
    def each(self) -> Iterator[None]:
        """One of them; why it failed is told, and the status of the first that failed is kept."""
        try:
            yield
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001 - the edge
            status = failed(self._console, error)
            self.status = self.status or status


def failed(console: Console, error: Exception) -> int:
    """Tell why a command ended, or a part of it; the exit status that this is."""
    if isinstance(error, ReconcilerError):
        console.error(error)
        return int(error.status)
    if isinstance(error, BrokenPipeError):
        console.detail("the reader of stdout went away")
        return int(Exit.SIGPIPE)
    words = _environment(error)
    console.error(ReconcilerError(*([words] if words else _mistake(console, error))))
    return int(Exit.ERROR)


def _environment(error: Exception) -> str:
    """What the system said, in a line; nothing when it did not say anything."""
    match error:
        case OSError():
            return _of_the_system(error)
        case UnicodeError():
            return f"found text that cannot be read or written in this encoding: {error}"
        case MemoryError():
            return "there is not enough memory"
        case RecursionError():
            return "found something that is nested too deeply"
        case ImportError():
            return f"the installation is not whole: {error}; install reconcile again"
        case RuntimeError() if "start new thread" in str(error):
            return "the system lets no more threads begin; raise the limit: ulimit -u"
    return f"the database: {error}" if type(error).__module__ == "sqlite3" else ""


def _of_the_system(error: OSError) -> str:
    words = error.strerror or str(error) or type(error).__name__
    hint = _HINTS.get(error.errno or 0, "")
    if isinstance(error, FileNotFoundError) and not error.filename and not _here():
        words, hint = "this folder is gone", "change into one that exists"
    place = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    return (f"{place}: " if place else "") + words + (f"; {hint}" if hint else "")


def _here() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - it is there, or it is not
    except OSError:
        return ""


def _mistake(console: Console, error: Exception) -> tuple[str, str]:
    """What to say of a mistake of ours. Its words may hold a value, so only the file has them."""
    import traceback  # seldom needed, and slow to load

    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    place = ""
    if ours:
        file = Path(ours[-1].filename).relative_to(_PACKAGE.parent)
        place = f" in {file.as_posix()}:{ours[-1].lineno}"
    console.detail(*"".join(traceback.format_list(frames)).splitlines())
    kept = _kept("".join(traceback.format_exception(error)))
    more = f"with {kept}, unless its text is confidential" if kept else "with what --verbose adds"
    return (
        f"this is a mistake of reconcile itself: {type(error).__name__}{place}",
        f"please report it {more}",
    )


def _kept(text: str) -> str:
    """The private file that now holds the text; nothing where there can be none."""
    import tempfile

    try:
        handle, name = tempfile.mkstemp(prefix="reconcile-", suffix=".txt")
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError:
        return ""
    return name
