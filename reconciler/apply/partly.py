"""What is said of a case of which some fields were written, and others were not."""

from dataclasses import replace

from reconciler.apply.resume import Begun
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    NotAttempted,
    Outcome,
    Unknown,
    Unverified,
)

STOPPED = "stopped"  # the code of a case whose rest was not attempted


def concluded(outcome: Outcome, begun: Begun, request_id: str | None) -> Outcome:
    """The outcome of a case, with the fields that were written before it ended so.

    `request_id` is that of the newest part that this run has written, None where it wrote none.
    """
    if not begun.written:
        return outcome
    written = tuple(sorted(begun.written))
    match outcome:
        case AlreadyDone() if request_id is not None:
            return Applied(
                target=outcome.target,
                case_id=outcome.case_id,
                request_id=request_id,
                about=outcome.about,
            )
        case NotAttempted():
            return Failed(
                target=outcome.target,
                case_id=outcome.case_id,
                code=STOPPED,
                message=f"the rest was not attempted: {outcome.reason.removeprefix('--')}",
                written=written,
            )
        case Conflict() | Failed() | Unknown() | Unverified():
            return replace(outcome, written=written)
        case _:
            return outcome
