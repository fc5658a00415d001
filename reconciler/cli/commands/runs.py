"""`reconcile runs`: what was applied, by whom, how it ended, and what is left."""

import click

from reconciler.cli.command import Commands, Count
from reconciler.cli.console import Console
from reconciler.cli.groups import OUTPUT, WHAT
from reconciler.cli.opening import opened
from reconciler.cli.options import Configured
from reconciler.cli.typed import argument, option, subcommand
from reconciler.errors import Exit


class Shown(Configured):
    """What both commands are told."""

    output: str = option(
        "--format", group=OUTPUT, type=click.Choice(["text", "json"]), default="text",
        show_default=True, help="How it is shown.",
    )  # fmt: skip


class Listing(Shown):
    """What `runs list` is told."""

    limit: int = option(
        "--limit", group=WHAT, type=Count(1), metavar="N", default=20, show_default=True,
        help="The N newest runs.",
    )  # fmt: skip


class Showing(Shown):
    """What `runs show` is told."""

    run: str = argument()


@click.group("runs", cls=Commands)
def command() -> None:
    """List what was applied, by whom, and how it ended; from the state, so of all its machines.

    \b
    Examples
      reconcile runs list
      reconcile runs show last
      reconcile apply --retry last
    """


@subcommand("list", Listing)
def listed(console: Console, options: Listing) -> int:
    """List the runs that the state holds, the newest first. It cannot write.

    The state is the folder or the bucket that the config names, so that runs of other machines are
    there too where it is a bucket.

    \b
    Examples
      reconcile runs list
      reconcile runs list --limit 100 --format json
    """
    from reconciler.report.as_json import json_text
    from reconciler.report.text.runs import run_data, runs_text
    from reconciler.report.text.terminal import rendered

    with opened(console, options.config_path) as work:
        found = work.project.runs(options.limit)
        folder, bucket, root = work.config.state, work.config.state_bucket, work.config.root
    if options.output == "json":
        state = str(bucket or folder)
        console.data(json_text({"state": state, "runs": [run_data(one) for one in found]}))
    else:
        below = folder.relative_to(root) if folder.is_relative_to(root) else folder
        lines = runs_text(found, str(bucket or below))
        console.result(rendered(lines, colour=console.colour, width=console.width))
    return Exit.OK


@subcommand("show", Showing)
def shown(console: Console, options: Showing) -> int:
    """Show one run: who, when, what became of each case, and what is left. It cannot write.

    RUN is the name of a run, as much of its beginning as no other has, or `last`.

    \b
    Examples
      reconcile runs show last
      reconcile runs show 20261201T090000 --format json
    """
    from reconciler.report.as_json import json_text
    from reconciler.report.text.runs import run_text, story_data
    from reconciler.report.text.terminal import rendered

    with opened(console, options.config_path) as work:
        story = work.project.run(options.run)
    parts = (story.run, story.outcomes, story.open)
    if options.output == "json":
        console.data(json_text(story_data(*parts)))
    else:
        lines = run_text(*parts)
        console.result(rendered(lines, colour=console.colour, width=console.width))
    return Exit.OK


command.add_command(listed)
command.add_command(shown)
