"""`reconcile completion`: print the completion script of a shell."""

import click
from click.shell_completion import get_completion_class

from reconciler.cli.command import subcommand
from reconciler.cli.console import Console
from reconciler.cli.options import with_console
from reconciler.errors import Exit


@subcommand("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@with_console
def command(console: Console, shell: str) -> int:
    """Print the script that lets a shell complete commands, options, targets and formats.

    Names of targets come from the reconcile.yaml of the folder you are in.

    \b
    Examples
      reconcile completion fish > ~/.config/fish/completions/reconcile.fish
      eval "$(reconcile completion bash)"    # in ~/.bashrc
      eval "$(reconcile completion zsh)"     # in ~/.zshrc, below compinit
    """
    from reconciler.cli.main import cli

    made = get_completion_class(shell)
    assert made is not None
    # Not `source()`: for bash that starts one, to look at its version.
    complete = made(cli, {}, "reconcile", "_RECONCILE_COMPLETE")
    console.data(f"{complete.source_template % complete.source_vars()}\n")
    return Exit.OK
