"""`reconcile targets`: the targets by lane, for people and for the matrix of a CI system."""

import json

from reconciler.cli.console import Console
from reconciler.cli.groups import OUTPUT, WHAT
from reconciler.cli.opening import opened
from reconciler.cli.options import Configured
from reconciler.cli.typed import option, subcommand
from reconciler.errors import Exit


class Options(Configured):
    """What `targets` is told."""

    changed_since: str | None = option(
        "--changed-since", group=WHAT, metavar="REF",
        help="Only those that a change since this commit is about.",
    )  # fmt: skip
    as_json: bool = option(
        "--json", group=OUTPUT, is_flag=True, help="As the matrix of a CI system, one job a lane."
    )


@subcommand("targets", Options)
def command(console: Console, options: Options) -> int:
    """List the targets by lane (account and Region), with their order. Offline.

    Targets of one lane share its quotas and one job; so do lanes that `after` joins. REF is
    compared with the working tree: config, specs, files that are new, moved or gone. What cannot be
    told apart is about all targets.

    \b
    Examples
      reconcile targets
      reconcile targets --json --changed-since origin/main
    """
    from reconciler.report.text.targets import targets_text

    with opened(console, options.config_path) as work:
        found = work.project.targets(changed_since=options.changed_since)
        config = work.config
    if options.as_json:
        include = [{"lane": one.lane, "targets": list(one.targets)} for one in found]
        console.result(json.dumps({"any": bool(include), "include": include}))
        return Exit.OK
    if not found:
        console.note(f"nothing since {options.changed_since} is about any target")
    for line in targets_text(found, config):
        console.result(line)
    return Exit.OK
