"""Options about how a plan is carried out: stages, pauses, failures, change windows."""

import sys
from collections.abc import Sequence

from reconciler.cli.command import Count
from reconciler.cli.groups import GUARDS, HOW
from reconciler.cli.typed import Options, option
from reconciler.errors import ReconcilerError

_ASK = "ask"


class Staging(Options):
    """What `apply` and `rollback` share."""

    canary: int | None = option(
        "--canary", group=HOW, type=Count(1), metavar="N",
        help="Write N cases of each target first.",
    )  # fmt: skip
    stages: str | None = option(
        "--stages", group=HOW, metavar="LIST",
        help="Go in stages from the first case: 1%,10%,100%.",
    )  # fmt: skip
    pause: str | None = option(
        "--pause", group=HOW, is_flag=False, flag_value=_ASK, metavar="[SECONDS]",
        help="Between stages: wait so long; no number: ask.",
    )  # fmt: skip
    max_failures: int | None = option(
        "--max-failures", group=HOW, type=Count(1), metavar="N",
        help="Attempt no further case after N failures.",
    )  # fmt: skip
    skip_after: bool = option(
        "--skip-after", group=GUARDS, is_flag=True,
        help="Begin targets whatever became of those before them; recorded.",
    )  # fmt: skip
    overridden_windows: tuple[str, ...] = option(
        "--override-window", group=GUARDS, multiple=True, metavar="NAME",
        help="Apply although this change window is in the way; repeatable, and recorded.",
    )  # fmt: skip

    def stage_list(self) -> str | Sequence[int | str]:
        """Where each stage ends; what is no list is refused before anything else is done."""
        from reconciler.apply.stages import parse_stages

        if self.canary is not None:
            return (self.canary, "100%")
        if self.stages is None:
            return ()
        return tuple(map(str, parse_stages(self.stages)))

    def waits(self) -> tuple[float, bool]:
        """Seconds between two stages, and whether to ask there."""
        seconds, asks = _pause(self.pause)
        if asks and not sys.stdin.isatty():
            raise ReconcilerError(
                "--pause: there is no terminal to ask on; give the seconds to wait, or leave it out"
            )
        return seconds, asks


def _pause(text: str | None) -> tuple[float, bool]:
    if text is None or text == _ASK:
        return 0.0, text == _ASK
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise ReconcilerError(
            f'--pause: found "{text}", expected seconds such as 60, or nothing to be asked; '
            "a plan file stands before it"
        )
    return seconds, False
