"""The table of exit statuses: what each means, and with which a command can end.

README's table and the part of --help about statuses are made of it, and tests hold every command
to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from reconciler.errors import Exit


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a status says of commands that read, and of those that write to cases."""

    reads: str
    writes: str


_INTERRUPTED = Meaning("interrupted", "interrupted; journal and receipt say what was done")
MEANINGS: Mapping[Exit, Meaning] = {
    Exit.OK: Meaning("done; for `drift`: nothing drifted", "everything in the plan is now true"),
    Exit.ERROR: Meaning("error, wrong usage included", "error before any write"),
    Exit.CHANGES: Meaning("`plan --detailed-exitcode`: changes; `drift`: drift", ""),
    Exit.BLOCKED: Meaning(
        "a guard blocks this plan; `drift`: no spec found", "refused by a guard or a change window"
    ),
    Exit.INCOMPLETE: Meaning(
        "something could not be read, rolled back or accepted", "the apply is not complete"
    ),
    Exit.MISFIT: Meaning(
        "no whole plan or receipt of a known format", "the saved plan or receipt does not fit"
    ),
    Exit.HELD: Meaning("", "another apply of the domain is at work: who, and which run"),
    Exit.SIGINT: _INTERRUPTED,
    Exit.SIGTERM: _INTERRUPTED,
    Exit.SIGPIPE: Meaning(
        "the reader of stdout went away, as with `\\| head`", "the same, before any write"
    ),
}
if unsaid := [one.name for one in Exit if one not in MEANINGS]:
    raise TypeError(f"nothing says what the status {', '.join(unsaid)} means")

_DONE = {Exit.OK: "done", Exit.ERROR: "error"}
_NO_WHOLE_PLAN = "the file is no whole, unedited plan of a known format"
# What a command can end with, in the words of its --help. Besides, a signal or a reader of stdout
# that goes away may end any of them.
ENDINGS: Mapping[str, Mapping[Exit, str]] = {
    "init": _DONE,
    "validate": {Exit.OK: "all good", Exit.ERROR: "problems"},
    "fmt": {Exit.OK: "done", Exit.ERROR: "with --check a file would change, or no good YAML"},
    "plan": {
        Exit.OK: "done",
        Exit.ERROR: "error",
        Exit.CHANGES: "there are changes (--detailed-exitcode)",
        Exit.BLOCKED: "a guard blocks this plan, which is shown and saved",
        Exit.INCOMPLETE: "some cases could not be read, and are listed",
    },
    "apply": {
        Exit.OK: "all of the plan is now true",
        Exit.ERROR: "error before any write",
        Exit.BLOCKED: "a guard or window refused",
        Exit.INCOMPLETE: "some cases are not done, and are listed",
        Exit.MISFIT: "the saved plan does not fit",
        Exit.HELD: "another apply is at work",
        Exit.SIGINT: "interrupted",
        Exit.SIGTERM: "interrupted",
    },
    "rollback": {
        Exit.OK: "all of it is, or can be, undone",
        Exit.ERROR: "error",
        Exit.BLOCKED: "a guard or window refused",
        Exit.INCOMPLETE: "some is left alone or unreadable",
        Exit.MISFIT: "the receipt does not fit",
        Exit.HELD: "another apply is at work",
    },
    "runs list": _DONE,
    "runs show": _DONE,
    "show": {Exit.OK: "shown", Exit.ERROR: "error", Exit.MISFIT: _NO_WHOLE_PLAN},
    "drift": {
        Exit.OK: "nothing drifted",
        Exit.ERROR: "error",
        Exit.CHANGES: "live values drifted, conflict, or are new to specs",
        Exit.BLOCKED: "no spec was found",
        Exit.INCOMPLETE: "some cases could not be read",
    },
    "targets": _DONE,
    "history": _DONE,
    "accept": {
        Exit.OK: "accepted, or nothing to accept",
        Exit.ERROR: "error, nothing written",
        Exit.INCOMPLETE: "some could not be accepted, and are listed; the others are",
    },
    "ignore": {
        Exit.OK: "written, or there already",
        Exit.ERROR: "error, nothing written",
        Exit.MISFIT: _NO_WHOLE_PLAN,
    },
    "export": {
        Exit.OK: "done",
        Exit.ERROR: "error",
        Exit.INCOMPLETE: "some cases could not be read",
    },
    "import": {Exit.OK: "done", Exit.ERROR: "problems, each as FILE:LINE:COLUMN"},
    "catalog": _DONE,
    "completion": _DONE,
    "sandbox serve": _DONE,
    "sandbox seed": _DONE,
    "sandbox edit": _DONE,
    "sandbox reset": _DONE,
}


def status_words(command: str) -> str:
    """What a command can end with, as a sentence; statuses that mean the same stand together."""
    groups = groupby(ENDINGS[command].items(), key=lambda one: one[1])
    said = (f"{', '.join(str(int(one)) for one, _ in alike)} {words}" for words, alike in groups)
    return f"Exit status: {'; '.join(said)}."


def readme_rows() -> tuple[str, ...]:
    """The rows of README's table."""
    groups = groupby(MEANINGS.items(), key=lambda one: one[1])
    return tuple(
        f"| {', '.join(str(int(one)) for one, _ in alike)} | {meaning.reads} | "
        f"{meaning.writes} |".replace("|  |", "| |")
        for meaning, alike in groups
    )
