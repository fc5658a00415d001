"""Show progress while a block runs, and account for the calls when it is over."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from reconciler.cli.console import Console
from reconciler.model.progress import Progress, no_progress

if TYPE_CHECKING:
    from reconciler import Project


class Relay:
    """Progress that is told on, to whatever shows it at the moment."""

    def __init__(self) -> None:
        self.to: Progress = no_progress

    def __call__(self, phase: str, done: int, total: int) -> None:
        self.to(phase, done, total)


@contextmanager
def shown(
    console: Console, project: "Project", *, accounted: bool = True, bars: bool = True
) -> Iterator[Progress]:
    """A bar on a terminal, a line every half minute elsewhere, nothing with --quiet."""
    from reconciler.report.text.progress import Bars, Lines, account, lane_accounts

    counts = project.calls

    def now() -> float:
        return counts.began + project.seconds

    if console.quiet:
        yield no_progress
        return
    made: Bars | Lines
    if bars and sys.stderr.isatty() and not console.json_log:
        made = Bars(now, counts, colour=console.colour)
    else:
        made = Lines(console.note, now, counts)
    try:
        yield _calm(made)
    finally:
        with suppress(Exception):
            made.close()
        if accounted and counts.calls:
            console.note(account(counts, project.seconds))
            for line in lane_accounts(counts):
                console.note(line)


def _calm(made: Progress) -> Progress:
    """Progress that never ends what it is the progress of, whatever terminal it is shown on."""

    def show(phase: str, done: int, total: int) -> None:
        with suppress(Exception):
            made(phase, done, total)

    return show
