"""`reconcile history`: who changed which field of a case, when, and which commit asked for it."""

from pathlib import Path
from typing import Any

import click

from reconciler.cli.command import subcommand
from reconciler.cli.console import Console
from reconciler.cli.options import config_option, single_target_option, with_console
from reconciler.cli.stopping import stoppable
from reconciler.errors import Exit
from reconciler.project.connections import Connections
from reconciler.project.inputs import load_config, target_of


@subcommand("history")
@click.argument("case")
@config_option
@single_target_option()
@click.option("--field", metavar="NAME", help="Only this field, by name or id.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is shown.",
)
@click.option("--full", is_flag=True, help="Shorten neither names nor long texts.")
@with_console
def command(console: Console, case: str, config_path: Path | None, **given: Any) -> int:
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
    from reconciler.git.facts import git_warnings
    from reconciler.git.repository import find_repository
    from reconciler.history.story import case_history
    from reconciler.report.as_json import json_text
    from reconciler.report.text.history import history_data, history_text
    from reconciler.report.text.terminal import rendered

    config = load_config(config_path)
    target = target_of(config, given["target"])
    for line in git_warnings(find_repository(config.root), with_history=True):
        console.note(line)
    with stoppable() as stop, Connections(config, stop.event, console.note) as connections:
        access = connections.plan_access(target)
        history = case_history(access, config.default_target, case, given["field"])
    if given["output"] == "json":
        console.data(json_text(history_data(history)))
    else:
        lines = history_text(history, full=given["full"])
        console.result(rendered(lines, colour=console.colour, width=console.width))
    return Exit.OK
