"""`reconcile accept`: write live values into the specs that differ from them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.command import subcommand
from reconciler.cli.console import Console
from reconciler.cli.options import EXISTING, config_option, selectors, target_option, with_console
from reconciler.cli.planning import HISTORIES_OF_DRIFT
from reconciler.cli.progress import progress_of
from reconciler.cli.stopping import stoppable
from reconciler.config.model import Config
from reconciler.errors import Exit
from reconciler.files.whole_file import check_place
from reconciler.model.diagnostic import Problem
from reconciler.model.plan import UnreadableCase
from reconciler.model.plural import plural
from reconciler.project.inputs import load_config
from reconciler.report.escaping import visible

if TYPE_CHECKING:
    from reconciler.edit.accepting import Declined
    from reconciler.project.accepting import Accepted


@subcommand("accept")
@click.argument("paths", nargs=-1, type=EXISTING)
@config_option
@target_option
@click.option(
    "--case", "cases", multiple=True, metavar="ID", help="What differs in this case; repeatable."
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME",
    help="What differs in this field, by id or name; repeatable.",
)
@click.option(
    "--all-drift",
    "drifted",
    is_flag=True,
    help="What somebody changed since it was applied (drift and conflicts).",
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@with_console
def command(
    console: Console, paths: tuple[Path, ...], config_path: Path | None, **given: Any
) -> int:
    """Write live values into the specs that differ from them, in place of what they want.

    Where `drift` shows that an agent was right, this makes the spec say so: the value changes,
    and nothing else in the file does. A value that comes from `defaults` is added to the case
    itself. What cannot be written (a policy's value, a sensitive one) is listed with what to do
    instead. Nothing live is touched; review and commit the files.

    --case, --field and --all-drift narrow each other. At least one is needed.

    \b
    Exit status
      0  accepted, or nothing to accept
      1  error, nothing written
      4  some could not be accepted, and are listed; the others are

    \b
    Examples
      reconcile accept --case 5f0c9d0e-6f1b-4a3c-9a39-2f2f6f0d1c11 --field status
      reconcile accept -t prod --all-drift --dry-run
    """
    if not (given["cases"] or given["fields"] or given["drifted"]):
        raise click.UsageError(
            "say what is accepted: --case ID, --field NAME or --all-drift; they narrow each other"
        )
    config = load_config(config_path)
    found = _found(console, config, paths, given)
    for file in found.files:
        console.data(file.diff())
    if not given["dry_run"]:
        for file in found.files:  # all of them or none
            check_place(file.path)
        for file in found.files:
            file.write()
    return _said(console, found, drifted=given["drifted"], dry_run=given["dry_run"])


def _found(
    console: Console, config: Config, paths: tuple[Path, ...], given: Mapping[str, Any]
) -> "Accepted":
    """What there is to accept."""
    from reconciler.edit.accepting import Choice
    from reconciler.project.accepting import accept
    from reconciler.project.connections import Connections
    from reconciler.project.planning import PlanRequest

    request = PlanRequest(
        paths=paths,
        targets=given["targets"],
        only=selectors(given),
        for_drift=True,
        attribution=HISTORIES_OF_DRIFT if given["drifted"] else 0,
    )
    choice = Choice(
        cases=frozenset(given["cases"]),
        fields=frozenset(given["fields"]),
        drifted_only=given["drifted"],
    )
    with (
        stoppable() as stop,
        Connections(config, stop.event, console.note) as connections,
        progress_of(console, connections) as progress,
    ):
        return accept(config, request, choice, connections, progress)


def _said(console: Console, found: "Accepted", *, drifted: bool, dry_run: bool) -> int:
    """Say what came of it, and the exit status that means the same."""
    from reconciler.project.accepting import pasteable

    problems = (*map(_declined, found.declined), *map(_unread, found.unread))
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


def _declined(one: "Declined") -> Problem:
    name, case_id, reason = map(visible, (one.change.name, one.case_id, one.reason))
    message = f"{name} of case {case_id}: {reason}"
    return Problem(one.change.source, "not-accepted", message, one.advice)


def _unread(one: UnreadableCase) -> Problem:
    message = f"case {visible(one.case)} could not be read: {visible(one.detail or one.reason)}"
    return Problem(one.source, "not-read", message)


def _unknown(found: "Accepted") -> Iterable[str]:
    """What may be unexpected, or may have to be accepted too."""
    for file, target in found.also:
        yield f"{file} is about the target {target} too, whose live values were not looked at"
    if found.unclassified:
        yield (
            f"of {found.unclassified:,} differing values no history was read, so that nobody knows "
            "whether they drifted; none of them was taken: name them with --case or --field"
        )
