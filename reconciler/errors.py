"""Every failure a user can meet, and the exit status each one ends the program with.

ReconcilerError            1  anything expected that stops the run before a write
|- AuthorErrors            1  problems in specs or config, all of them at once
|- Unwritable              1  a file or stream cannot be written; 4 after the first write of a case
|- Blocked                 3  a guard refuses the plan
|- Held                    6  another apply is at work on the same domain
|- PlanMisfit              5  the saved plan does not fit: target, edit, age, format
|- Interrupted       130/143  a signal ended the run
|- Stopped                 -  a signal came before this call was sent
|- Contended               -  somebody else changed an object of the state first
|- WrongArgument           1  a call of the library was given what it cannot take
`- CallError               -  one call failed; the workflow decides what that means
   |- NotFound
   |- Unauthenticated         the credentials are refused: no further call can succeed
   |- Unreadable              a value in a shape that this program does not know
   |- Refused                 the service will say the same again: 400, 402, 403, 409
   |- Transient               worth trying again: throttled, 5xx, broken connection
   |- Unavailable             still failing after the last retry; nothing was written
   `- OutcomeUnknown          no reply to a write: it may or may not have taken effect
"""

from enum import IntEnum
from typing import TYPE_CHECKING

from reconciler.model.argument import as_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.model.diagnostic import Problem
    from reconciler.model.plan import Blocker


class Exit(IntEnum):
    """The exit statuses, which are public interface; `cli/statuses.py` says what they mean."""

    OK = 0
    ERROR = 1
    CHANGES = 2
    BLOCKED = 3
    INCOMPLETE = 4
    MISFIT = 5
    HELD = 6
    SIGINT = 130
    SIGTERM = 143
    SIGPIPE = 141  # what a shell says of a program whose reader went away, as with `| head`


class ReconcilerError(Exception):
    """Something expected went wrong; the message says what was found and what to do.

    `more` are further lines. Each argument is one line: a line break inside one was written by a
    stranger, and is shown as such.
    """

    status: Exit = Exit.ERROR

    def __init__(self, message: str = "", *more: str) -> None:
        self.more = more
        super().__init__(message)

    def __str__(self) -> str:
        return "\n".join(self.lines)

    @property
    def lines(self) -> tuple[str, ...]:
        """The message, and what is listed or advised under it."""
        return tuple(map(as_names, self.marked))

    @property
    def marked(self) -> tuple[str, ...]:
        """The same, with its arguments marked as such for whoever calls them otherwise."""
        return (*map(str, self.args[:1]), *self.more)


class AuthorErrors(ReconcilerError):
    """One or more files are wrong; every problem found is listed, not just the first."""

    def __init__(self, problems: "Sequence[Problem]") -> None:
        self.marked_problems = tuple(sorted(set(problems)))
        super().__init__(*(str(problem) for problem in self.marked_problems))

    @property
    def problems(self) -> "tuple[Problem, ...]":
        """Each with its place, in order."""
        return tuple(one.worded(as_names) for one in self.marked_problems)


class Unwritable(ReconcilerError):
    """A file or stream that was asked for, or that a run must keep, cannot be written.

    `why` is the message without the place.
    """

    def __init__(self, message: str, why: str = "") -> None:
        self.why = why or message
        super().__init__(message)


class Blocked(ReconcilerError):
    """A guard refuses to apply this plan; nothing was written.

    `refusals` are the guards that do, with their numbers; empty where another thing refuses.
    """

    status = Exit.BLOCKED

    def __init__(self, message: str, *more: str, refusals: "Sequence[Blocker]" = ()) -> None:
        self.refusals = tuple(refusals)
        super().__init__(message, *more)


class Held(ReconcilerError):
    """Another apply is at work on the same domain; nothing was written."""

    status = Exit.HELD


class Contended(ReconcilerError):
    """An object of the state is not, or no longer, what the write of it was meant to replace."""


class PlanMisfit(ReconcilerError):
    """A saved plan cannot be applied here and now; nothing was written."""

    status = Exit.MISFIT


class Interrupted(ReconcilerError):
    """A signal asked the run to end; what was in flight has been finished and recorded."""

    def __init__(self, status: Exit, message: str) -> None:
        self.status = status
        super().__init__(message)


class CallError(ReconcilerError):
    """One call to the service failed; `code` is the service's own word for it."""

    def __init__(self, message: str, *, code: str, request_id: str = "") -> None:
        self.code = code
        self.request_id = request_id
        super().__init__(message)


class NotFound(CallError):
    """The service holds no such case, domain, field or template."""


class Unauthenticated(CallError):
    """The credentials have expired, are refused or cannot be had; every later call would fail too.

    Nothing was written by the call that raises it. It ends the run: the rest is not attempted.
    `reason` says why without naming the call.
    """

    def __init__(self, message: str, *, code: str, reason: str) -> None:
        self.reason = reason
        super().__init__(message, code=code)


class Unconnectable(Unauthenticated):
    """This machine lets no call go out, and would not the next one either: nothing was sent."""


class Unreadable(CallError):
    """A reply held a value in a shape we do not know; guessing could destroy it."""


class Refused(CallError):
    """The service refused and would refuse again."""


class Transient(CallError):
    """Worth trying again, and safe to: nothing was written. `retry_after` is in seconds."""

    def __init__(
        self, message: str, *, code: str, throttled: bool = False, retry_after: float | None = None
    ) -> None:
        self.throttled = throttled
        self.retry_after = retry_after
        super().__init__(message, code=code)


class Unavailable(CallError):
    """Retries are used up, and nothing was written."""


class OutcomeUnknown(CallError):
    """A write was sent and no whole reply came back; only reading tells what happened.

    `retry_after` is in seconds.
    """

    def __init__(self, message: str, *, code: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message, code=code)


class Stopped(ReconcilerError):
    """The run was asked to end before this call was sent."""


class WrongArgument(ReconcilerError, ValueError):
    """A call was given what it cannot take; `argument` is the parameter's name."""

    def __init__(self, argument: str, message: str) -> None:
        self.argument = argument
        super().__init__(f"{argument}: {message}")
