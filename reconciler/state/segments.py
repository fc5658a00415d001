"""Copy a journal from the local disk into the state, piece by piece, while it is written."""

import os
import threading
from pathlib import Path

from reconciler.clock import Clock
from reconciler.errors import Contended, ReconcilerError
from reconciler.files.given_file import open_given
from reconciler.state.store import Store, segment_key

EVERY = 5.0  # seconds
_RACES = 5  # times that a piece is sent which others overtake
MOST = 4 * 1024 * 1024  # bytes of a piece, but for a line that is longer


class Segments:
    """The pieces of one journal: whole lines, numbered from 1, none written twice."""

    def __init__(self, store: Store, run_id: str, path: Path, clock: Clock) -> None:
        self._store = store
        self._run_id = run_id
        self._path = path
        self._clock = clock
        self._sent = 0
        self._number = 1
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._following, name="journal", daemon=True)

    def begin(self) -> None:
        """Send what is there, so that nothing is written to a case unless this can be kept."""
        self.send()
        self._thread.start()

    def send(self) -> None:
        """Send every whole line that is not there yet."""
        with self._lock:
            while piece := self._next():
                self._sent += self._put(segment_key(self._run_id, self._number), piece)
                self._number += 1

    def _put(self, key: str, piece: bytes) -> int:
        """How many bytes of the piece are there now."""
        for _ in range(_RACES):
            try:
                self._store.put_new(key, piece)
            except Contended:
                found = self._store.get(key)
                if found is None:  # two of our own writes were in each other's way
                    continue
                # By a copy of ours whose reply was lost; lines have come since.
                if found.content and piece.startswith(found.content):
                    return len(found.content)
                raise
            return len(piece)
        raise ReconcilerError(f"{self._store.name}/{key}: each write of it was overtaken")

    def end(self) -> str:
        """Send the rest; what is in the way, where it cannot be sent."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        try:
            self.send()
        except ReconcilerError as error:
            return str(error)
        return ""

    def _following(self) -> None:
        while True:
            self._clock.sleep(EVERY, self._ended)
            if self._ended.is_set():
                return
            try:
                self.send()
            except ReconcilerError:
                continue  # the local disk has it, and the end tells

    def _next(self) -> bytes:
        try:
            with open_given(self._path) as file:
                file.seek(self._sent, os.SEEK_SET)
                piece = file.read(MOST)
                if len(piece) == MOST and b"\n" not in piece:
                    piece += file.readline()
        except OSError as error:
            raise ReconcilerError(f"{self._path}: cannot be read: {error.strerror}") from error
        return piece[: piece.rfind(b"\n") + 1]
