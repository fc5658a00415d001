"""How far a phase of a run has come, for whoever wants to know."""

from typing import Protocol


class Progress(Protocol):
    """Is told how far a phase has come; what it makes of that is its own affair."""

    def __call__(self, phase: str, done: int, total: int) -> None: ...


def no_progress(phase: str, done: int, total: int) -> None:
    """Tell nobody."""
