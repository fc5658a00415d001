"""Say what became of values that were to be accepted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reconciler.cli.console import Console
from reconciler.errors import Exit
from reconciler.model.diagnostic import Problem
from reconciler.model.plural import plural
from reconciler.report.escaping import visible

if TYPE_CHECKING:  # `--help` must not wait for what reads and rewrites specs
    from collections.abc import Iterable

    from reconciler import Accepted
    from reconciler.edit.accepting import Declined
    from reconciler.files.rewriting import Rewriting
    from reconciler.model.plan import UnreadableCase


def shown(file: Rewriting) -> str:
    """What changes in a file, whose path counts from here."""
    from reconciler.files.rewriting import named

    return replace(file, name=named(file.path)).diff()


def say(console: Console, found: Accepted, *, drifted: bool, dry_run: bool) -> int:
    """Say what came of it, and the exit status that means the same."""
    from reconciler.project.accepting import pasteable

    problems = (*map(_declined, found.declined), *map(_unreadable, found.unreadable))
    if problems:
        console.problems(problems)
    for text in filter(None, map(pasteable, found.declined)):
        console.note("to paste into a spec of kind Cases:", *text.split("\n"))
    for line in _unknown(found):
        console.note(line)
    left = problems or found.unclassified
    if found.count:
        verb = "would accept" if dry_run else "accepted"
        rest = "nothing was written" if dry_run else "review and commit, as every spec"
        console.note(
            f"{verb} {plural(found.count, 'value')} in {plural(len(found.files), 'file')}; {rest}"
        )
    elif not left:
        verb = "has drifted" if drifted else "differs from the specs"
        console.note(f"nothing to accept: nothing that was chosen {verb}")
    return Exit.INCOMPLETE if left else Exit.OK


def _declined(one: Declined) -> Problem:
    name, case_id, reason = map(visible, (one.change.name, one.case_id, one.reason))
    message = f"{name} of case {case_id}: {reason}"
    return Problem(one.change.source, "not-accepted", message, one.advice)


def _unreadable(one: UnreadableCase) -> Problem:
    message = f"case {visible(one.case)} could not be read: {visible(one.detail or one.reason)}"
    return Problem(one.source, "not-read", message)


def _unknown(found: Accepted) -> Iterable[str]:
    """What may be unexpected, or may have to be accepted too."""
    for file, target in found.also:
        yield f"{file} is about the target {target} too, whose live values were not looked at"
    if found.unclassified:
        yield (
            f"of {found.unclassified:,} differing values no history was read, so that nobody knows "
            "whether they drifted; none of them was taken: name them with --case or --field"
        )
