"""What the reader of YAML needs of the file that it reads."""

from collections.abc import Set
from typing import Protocol


class Pieces(Protocol):
    """Where the bytes of one file come from, a piece at a time."""

    def read(self, size: int = ..., /) -> bytes:
        """The next piece, empty at the end; UnicodeError at bytes that YAML would misread."""
        ...

    def fault(self) -> tuple[int, int, str, str]:
        """The line and column of the first byte that is not text, what it is, and what to do."""
        ...

    def text(self) -> str:
        """All of the file once more, to say what is wrong in it."""
        ...

    @property
    def cuts(self) -> Set[tuple[int, int]]:
        """Where a text that was read ends at a ` #` that may have been part of it."""
        ...
