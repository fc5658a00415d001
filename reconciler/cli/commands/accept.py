"""`reconcile accept`: write live values into the specs that differ from them."""

from pathlib import Path

import click

from reconciler.cli.accepted import say, shown
from reconciler.cli.console import Console
from reconciler.cli.files import EXISTING
from reconciler.cli.groups import HOW, WHAT
from reconciler.cli.opening import opened
from reconciler.cli.options import Configured, Targeted
from reconciler.cli.typed import argument, option, subcommand


class Options(Targeted, Configured):
    """What `accept` is told."""

    paths: tuple[Path, ...] = argument(nargs=-1, type=EXISTING)
    cases: tuple[str, ...] = option(
        "--case", group=WHAT, multiple=True, metavar="ID",
        help="What differs in this case; repeatable.",
    )  # fmt: skip
    fields: tuple[str, ...] = option(
        "--field", group=WHAT, multiple=True, metavar="NAME",
        help="What differs in this field, by id or name; repeatable.",
    )  # fmt: skip
    drifted: bool = option(
        "--all-drift", group=WHAT, is_flag=True,
        help="What somebody changed since it was applied (drift and conflicts).",
    )  # fmt: skip
    dry_run: bool = option(
        "--dry-run", group=HOW, is_flag=True, help="Show what would change, and write nothing."
    )


@subcommand("accept", Options)
def command(console: Console, options: Options) -> int:
    """Write live values into the specs that differ from them, in place of what they want.

    Where `drift` shows that an agent was right, this makes the spec say so: the value changes,
    and nothing else in the file does. A value that comes from `defaults` is added to the case
    itself. What cannot be written (a policy's value, a sensitive one) is listed with what to do
    instead. Nothing live is touched; review and commit the files.

    --case, --field and --all-drift narrow each other. At least one is needed.

    \b
    Examples
      reconcile accept --case 5f0c9d0e-6f1b-4a3c-9a39-2f2f6f0d1c11 --field status
      reconcile accept -t prod --all-drift --dry-run
    """
    if not (options.cases or options.fields or options.drifted):
        raise click.UsageError(
            "say what is accepted: --case ID, --field NAME or --all-drift; they narrow each other"
        )
    with opened(console, options.config_path) as work:
        with work.progress():
            found = work.project.accept(
                targets=options.targets or None,
                cases=options.cases or None,
                fields=options.fields or None,
                paths=options.paths or None,
                drifted=options.drifted,
                dry_run=True,
            )
        for file in found.files:
            console.data(shown(file))
        if not options.dry_run:
            found.write()
    return say(console, found, drifted=options.drifted, dry_run=options.dry_run)
