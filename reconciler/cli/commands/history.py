"""`reconcile history`: who changed which field of a case, when, and which commit asked for it."""

import click

from reconciler.cli.console import Console
from reconciler.cli.groups import OUTPUT, WHAT
from reconciler.cli.opening import opened
from reconciler.cli.options import Configured, OneTarget
from reconciler.cli.typed import argument, option, subcommand
from reconciler.errors import Exit


class Options(OneTarget, Configured):
    """What `history` is told."""

    case: str = argument()
    field: str | None = option(
        "--field", group=WHAT, metavar="NAME", help="Only this field, by name or id."
    )
    output: str = option(
        "--format", group=OUTPUT, type=click.Choice(["text", "json"]), default="text",
        show_default=True, help="How it is shown.",
    )  # fmt: skip
    full: bool = option(
        "--full", group=OUTPUT, is_flag=True, help="Shorten neither names nor long texts."
    )


@subcommand("history", Options)
def command(console: Console, options: Options) -> int:
    """Tell the whole story of a case, newest first: `git blame` for live data. It cannot write.

    CASE is the id of a case, or its reference number. Each event of its audit history says who
    changed which field, from what to what. For what reconcile wrote, the commit, its author and
    the line of the spec are found in the git repository around the config.

    \b
    Examples
      reconcile history 5f0c9d0e-6f1b-4a3c-9a39-2f2f6f0d1c11
      reconcile history 10023417 --field severity -t prod
      reconcile history 10023417 --format json | jq '.events[0]'
    """
    from reconciler.report.as_json import json_text
    from reconciler.report.text.history import history_data, history_text
    from reconciler.report.text.terminal import rendered

    with opened(console, options.config_path) as work:
        history = work.project.history(options.case, target=options.target, field=options.field)
    if options.output == "json":
        console.data(json_text(history_data(history)))
    else:
        lines = history_text(history, full=options.full)
        console.result(rendered(lines, colour=console.colour, width=console.width))
    return Exit.OK
