"""Append a run's facts to a file that survives a crash at any byte."""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from reconciler.files.given_file import open_given
from reconciler.files.strict_json import strict_json
from reconciler.files.whole_file import PRIVATE, write_all, writing

Line: TypeAlias = tuple[int, dict[str, Any]]

MAX_LINE = 32 * 1024 * 1024  # a conflict over 220 texts of 4,100 characters is a third of this
_NAME = re.compile(r"[0-9T.]+Z-([0-9a-f]{8})-[0-9a-f]+\.jsonl")


class JournalFile:
    """One JSON object a line, on disk before `append` returns; mode 0600 from the first byte."""

    def __init__(self, path: Path) -> None:
        # O_EXCL: a file or link of this name that is there already is none of ours.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self.path = path
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._handle = os.open(path, flags, PRIVATE)
        self._lock = threading.Lock()
        self._torn = False  # whether a part of a line stands at the end
        self._whole = 0  # bytes up to the end of the last whole line

    def append(self, data: Mapping[str, Any]) -> None:
        """Add one line; several threads may. Unwritable when the disk does not take it."""
        text = json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n"
        line = text.encode("utf-8", "backslashreplace")
        with self._lock, writing(self.path):
            if self._torn:
                # What a full disk took of a line must not become a part of the next one.
                os.ftruncate(self._handle, self._whole)
            self._torn = True
            write_all(self._handle, line)
            self._torn = False
            self._whole += len(line)
            # The next step is a write to the service: the line must survive a power failure before
            # it.
            os.fsync(self._handle)

    def close(self) -> None:
        """Give the file back, and leave none that says nothing."""
        with suppress(OSError):
            if self._torn:
                os.ftruncate(self._handle, self._whole)
            if not self._whole:
                self.path.unlink()
        with suppress(OSError):  # a network disk may tell here what it could not keep
            os.close(self._handle)


def read_journal(path: Path) -> Iterator[dict[str, Any]]:
    """Every whole line; a last line that a crash cut short is not a line."""
    return (data for _, data in journal_lines(path, lambda _: None))


def journal_lines(path: Path, told: Callable[[str], None]) -> Iterator[Line]:
    """Every whole line with its number.

    What cannot be read is passed over and told, so that one bad line, or a file that is none,
    never stands in the way of a later apply.
    """
    try:
        with open_given(path) as file:
            for number, raw in _raw_lines(file):
                data = _parsed(raw)
                if isinstance(data, dict):
                    yield number, data
                else:
                    told(f"{path}:{number}: passed over a line of the journal: {data}")
    except OSError as error:
        told(f"{path}: passed over a journal that cannot be read: {error.strerror}")


def _raw_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that end; of one that is longer than any of ours only the beginning."""
    number = 0
    while raw := file.readline(MAX_LINE):
        number += 1
        rest = raw
        # Passed over in pieces: a line without end must not fill the memory.
        while rest and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE)
        if rest:
            yield number, raw


def _parsed(raw: bytes) -> dict[str, Any] | str:
    """The object that a line holds, else why it holds none."""
    if not raw.endswith(b"\n"):
        return "it is too long"
    try:
        data = strict_json(raw)
    except RecursionError:
        return "it is nested too deeply"
    except ValueError:
        return "it is not JSON"
    return data if isinstance(data, dict) else "it is no object"


def journals(folder: Path, plan_digest: str) -> list[Path]:
    """The journals that may be of a plan, newest first; their names begin with the time.

    All of them, however many came since; a name that says another plan is not opened.
    """
    return sorted(
        (path for path in folder.glob("*.jsonl") if _may_be_of(plan_digest, path.name)),
        reverse=True,
    )


def says_plan(path: Path) -> bool:
    """Whether the name of a journal says of which plan it is."""
    return _NAME.fullmatch(path.name) is not None


def _may_be_of(plan_digest: str, name: str) -> bool:
    ours = _NAME.fullmatch(name)
    # A file of another name may be a journal that somebody renamed: it is opened and asked.
    return ours is None or plan_digest.startswith(ours[1])
