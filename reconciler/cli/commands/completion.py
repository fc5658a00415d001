"""`reconcile completion`: print the completion script of a shell."""

import click
from click.shell_completion import get_completion_class

from reconciler.cli.console import Console
from reconciler.cli.typed import Options as Typed
from reconciler.cli.typed import argument, subcommand
from reconciler.errors import Exit


class Options(Typed):
    """What `completion` is told."""

    shell: str = argument(type=click.Choice(["bash", "zsh", "fish"]))


@subcommand("completion", Options)
def command(console: Console, options: Options) -> int:
    """Print the script that lets a shell complete commands, options, targets and formats.

    Names of targets come from the reconcile.yaml of the folder you are in.

    \b
    Examples
      reconcile completion fish > ~/.config/fish/completions/reconcile.fish
      eval "$(reconcile completion bash)"    # in ~/.bashrc
      eval "$(reconcile completion zsh)"     # in ~/.zshrc, below compinit
    """
    from reconciler.cli.main import cli

    made = get_completion_class(options.shell)
    assert made is not None
    # Not `source()`: for bash that starts one, to look at its version.
    complete = made(cli, {}, "reconcile", "_RECONCILE_COMPLETE")
    console.data(f"{complete.source_template % complete.source_vars()}\n")
    return Exit.OK
