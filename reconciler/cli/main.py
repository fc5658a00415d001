"""The program: its commands, and what the user sees when one of them fails."""

import gc
import importlib
import sys
import threading
from keyword import iskeyword
from typing import Any

import click

from reconciler import __version__
from reconciler.cli import start, streams
from reconciler.cli.console import Console
from reconciler.cli.edge import failed
from reconciler.errors import Exit
from reconciler.report.escaping import one_line

# Command modules are imported when they are asked for: `--version` and `validate` are called all
# day by editors and CI, and must not wait for boto3.
COMMANDS = {
    "init": "Write a config, an example spec and CI files; never overwrite.",
    "validate": "Check specs and config offline: no credentials, no network.",
    "fmt": "Lay out spec and config files in one way; nothing else changes.",
    "plan": "Show what apply would change, and save it. It cannot write.",
    "apply": "Carry out a saved plan, or plan, show, ask and carry out.",
    "rollback": "Roll back what an apply wrote, where nobody else wrote since.",
    "runs": "List what was applied, by whom, and how it ended.",
    "show": "Show a saved plan, or how it differs from another.",
    "drift": "Report where live cases have left their specs; cannot write.",
    "targets": "List the targets by lane, with their order; a CI matrix.",
    "history": "Tell who changed which field of a case, and by which commit.",
    "accept": "Write live values into the specs that differ from them.",
    "ignore": "Leave chosen differences of a saved plan alone for a while.",
    "export": "Write live cases as specs that a person would have written.",
    "import": "Make a spec of a CSV or JSON Lines table.",
    "catalog": "List the fields, types, options and templates of a target.",
    "completion": "Print the completion script of a shell.",
    "sandbox": "Run the local stand-in for Amazon Connect Cases.",
}


class Commands(click.Group):
    """Commands by name, each in a module of its own."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command's module."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"reconciler.cli.commands.{name}{'_' * iskeyword(name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in --help, without importing every command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """As click does, with a suggestion for a word it does not know."""
        if args and args[0] not in COMMANDS:
            from reconciler.model.diagnostic import nearest

            hint = nearest(args[0], COMMANDS)
            ctx.fail(f'there is no command "{args[0]}"' + (f"; {hint}" if hint else ""))
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="reconcile")
def cli() -> None:
    """Keep the field values of Amazon Connect cases equal to YAML specs in git.

    \b
    reconcile plan     on a pull request: shows what would change, writes nothing
    reconcile apply    after the merge: sends the UpdateCase calls that are needed

    Fields only: no case is ever created, deleted, merged or retagged.
    """


def main() -> None:
    """Run the program; exit statuses are those of the README's table, and 1 for wrong usage."""
    if not start.signals_are_heard():
        start.main()  # and from there once more
        return
    # Specs and plans are many small objects without cycles; looking for cycles among them at the
    # default pace takes a third of the time of a large plan.
    gc.set_threshold(50_000, 50, 1_000)
    streams.prepare()
    # What fails while things are given back has failed before, and was told then.
    sys.unraisablehook = lambda _: None
    threading.excepthook = _in_a_thread
    sys.exit(streams.finish(run(sys.argv[1:])))


def _in_a_thread(args: threading.ExceptHookArgs) -> None:
    if isinstance(args.exc_value, Exception):
        failed(Console(colour=False), args.exc_value)


def run(arguments: list[str]) -> int:
    """The exit status of one invocation."""
    stdout = sys.stdout
    try:
        status = cli.main(arguments, prog_name="reconcile", standalone_mode=False)
    except click.ClickException as error:
        return _misused(error)
    except click.Abort:
        click.echo("aborted; nothing was written", err=True)
        return int(Exit.ERROR)
    except KeyboardInterrupt:
        return int(Exit.SIGINT)
    except SystemExit:
        # click meets a closed pipe first: it replaces stdout and ends with 1, an error here.
        if sys.stdout is not stdout:
            sys.stdout = stdout
            return int(Exit.SIGPIPE)
        raise
    except Exception as error:  # noqa: BLE001 - the edge
        return failed(Console(colour=False), error)
    return status if isinstance(status, int) else int(Exit.OK)


def _misused(error: click.ClickException) -> int:
    """Say what is wrong with what was typed, as click does, but on one line."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        click.echo(context.get_usage(), err=True)
        click.echo(f"Try '{context.command_path} --help' for help.\n", err=True)
    message = error.format_message()
    if not isinstance(error, click.MissingParameter):  # which lists choices, and repeats nothing
        message = one_line(message)
    click.echo(f"Error: {message}", err=True)
    return int(Exit.ERROR)


if __name__ == "__main__":
    main()
