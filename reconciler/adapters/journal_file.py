"""Append a run's facts to a file that survives a crash at any byte."""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reconciler.adapters.whole_file import PRIVATE


class JournalFile:
    """One JSON object a line, on disk before `append` returns; mode 0600 from the first byte."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self.path = path
        self._handle = os.open(path, flags, PRIVATE)
        self._lock = threading.Lock()

    def append(self, data: Mapping[str, Any]) -> None:
        """Add one line; several threads may."""
        text = json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n"
        line = text.encode("utf-8", "backslashreplace")
        with self._lock:
            while line:  # a nearly full disk may take a part at first
                line = line[os.write(self._handle, line) :]
            os.fsync(self._handle)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._handle)


def read_journal(path: Path) -> Iterator[dict[str, Any]]:
    """Every whole line; a last line that a crash cut short is not a line."""
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            try:
                data = json.loads(line)
            except ValueError:
                continue
            if isinstance(data, dict):
                yield data


def journals(folder: Path, *, most: int = 200) -> list[Path]:
    """The newest journals of a folder, newest first; their names begin with the time."""
    return sorted(folder.glob("*.jsonl"), reverse=True)[:most]
