"""Keep many records out of memory, each by its key, until they are wanted."""

import tempfile
import weakref
from collections.abc import Iterator

from reconciler.files.whole_file import writing

IN_MEMORY = 1 << 24  # bytes; what is more goes to a file without a name, gone with the process
_PLACE = "the folder for temporary files (TMPDIR)"


class Spool:
    """Records by key; the last one of a key counts. Its file is readable by its owner alone."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        # Not closed by `with`, since the records live as long as whoever holds them.
        self._file = tempfile.SpooledTemporaryFile(in_memory)  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self._places: dict[str, int] = {}
        self._end = 0

    def __len__(self) -> int:
        """How many keys have a record."""
        return len(self._places)

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[str]:
        """The keys, sorted."""
        return iter(sorted(self._places))

    def put(self, key: str, record: bytes) -> None:
        """Keep a record, which is one line."""
        with writing(_PLACE):
            self._file.seek(self._end)
            self._file.write(record + b"\n")
        self._places[key] = self._end
        self._end += len(record) + 1

    def drop(self, key: str) -> None:
        """Keep none of this key."""
        self._places.pop(key, None)

    def get(self, key: str) -> bytes:
        """The record of a key."""
        with writing(_PLACE):
            self._file.seek(self._places[key])
            return self._file.readline()[:-1]
