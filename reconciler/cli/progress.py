"""Show progress while a block runs, and account for the calls when it is over."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from reconciler.cli.console import Console
from reconciler.model.progress import Progress, no_progress
from reconciler.project.connections import Connections
from reconciler.report.text.progress import Bars, Lines, account


@contextmanager
def progress_of(
    console: Console, connections: Connections, *, accounted: bool = True, bars: bool = True
) -> Iterator[Progress]:
    """A bar on a terminal, a line every half minute elsewhere, nothing with --quiet."""
    counts, now = connections.counts, connections.clock.monotonic
    if console.quiet:
        yield no_progress
        return
    shown: Bars | Lines
    if bars and sys.stderr.isatty() and not console.json_log:
        shown = Bars(now, counts, colour=console.colour)
    else:
        shown = Lines(console.note, now, counts)
    try:
        yield _calm(shown)
    finally:
        with suppress(Exception):
            shown.close()
        if accounted and counts.calls:
            console.note(account(counts, now() - counts.began))


def _calm(shown: Progress) -> Progress:
    """Progress that never ends what it is the progress of, whatever terminal it is shown on."""

    def show(phase: str, done: int, total: int) -> None:
        with suppress(Exception):
            shown(phase, done, total)

    return show
