"""What version control knows of the specs, as those who ask it see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reconciler.model.spec import Spec


class SpecHistory(Protocol):
    """What version control knows of the specs; every answer is empty where it knows nothing."""

    def specs_at(self, commit: str, file: str) -> tuple[Spec, ...]:
        """The specs of one file as they stood at a commit."""
        ...

    def files_naming(self, commit: str, text: str) -> tuple[str, ...]:
        """The spec files that held a text at a commit."""
        ...

    def line_commit(self, file: str, first: int, last: int | None) -> "LineCommit | None":
        """What made the newest of these lines (to the end, without a last one)."""
        ...

    def commit(self, commit: str) -> "CommitFacts | None":
        """What a commit says of itself."""
        ...


@dataclass(frozen=True, slots=True)
class LineCommit:
    """When a line was committed (None: not yet), and the revision that did not have it so."""

    at: datetime | None
    before: str


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """One commit: its whole id, the first line of its message, and who wrote it."""

    id: str
    subject: str
    author: str
