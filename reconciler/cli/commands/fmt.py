"""`reconcile fmt`: lay out spec and config files in the one canonical way."""

import sys
from pathlib import Path

import click

from reconciler.cli.console import Console
from reconciler.cli.edge import Steps
from reconciler.cli.groups import HOW
from reconciler.cli.options import Configured
from reconciler.cli.typed import argument, option, subcommand
from reconciler.errors import AuthorErrors, Exit
from reconciler.model.diagnostic import Problem
from reconciler.project.inputs import load_config
from reconciler.report.escaping import one_line

STDIN = (Path("-"),)


class Options(Configured):
    """What `fmt` is told."""

    paths: tuple[Path, ...] = argument(
        nargs=-1, type=click.Path(path_type=Path, exists=True, allow_dash=True)
    )
    check: bool = option(
        "--check",
        group=HOW,
        is_flag=True,
        help="Write nothing; exit with 1 if a file would change.",
    )
    diff: bool = option(
        "--diff", group=HOW, is_flag=True, help="Write nothing; show what would change."
    )


@subcommand("fmt", Options)
def command(console: Console, options: Options) -> int:
    """Lay out spec and config files in one way, in place. Offline.

    PATHS are files or folders; by default every spec and the config. With - alone, the text comes
    from stdin and goes to stdout.

    Order of keys, quotes, indentation and blank lines change; the meaning, comments and the order
    of cases and fields do not, which is checked before a file is written. A file that is no good
    YAML is left alone and told with its place. JSON files are passed over.

    \b
    Examples
      reconcile fmt
      reconcile fmt specs/vip.yaml --diff
      reconcile fmt --check
    """
    from reconciler.edit.formatting import reformatted

    paths, check, diff = options.paths, options.check, options.diff
    if paths == STDIN:
        return _piped(console, check=check, diff=diff)
    if STDIN[0] in paths:
        raise click.UsageError("- is the text on stdin; it stands alone, without other PATHS")
    problems: list[Problem] = []
    changed = 0
    config = None if paths else load_config(options.config_path)
    steps = Steps(console)
    for file in reformatted(paths, config, problems):
        changed += 1
        with steps.each():
            if diff:
                console.data(file.diff())
            else:
                console.result(one_line(file.name))
            if not (check or diff):
                file.write()
    if problems:
        raise AuthorErrors(problems)
    return steps.status or (Exit.ERROR if check and changed else Exit.OK)


def _piped(console: Console, *, check: bool, diff: bool) -> int:
    from reconciler.files.rewriting import Rewriting
    from reconciler.yaml.layout import laid_out

    data = sys.stdin.buffer.read()
    made, problems = laid_out(data, "stdin")
    if problems:
        raise AuthorErrors(problems)
    if diff and made != data:
        console.result(Rewriting(STDIN[0], "stdin", data, made).diff())
    elif not (check or diff):
        console.data(made)
    return Exit.ERROR if check and made != data else Exit.OK
