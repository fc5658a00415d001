"""Say things to the user: the result on stdout, everything else on stderr."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click

from reconciler.errors import AuthorErrors, Blocked, ReconcilerError, Unwritable
from reconciler.model.argument import as_flags
from reconciler.model.diagnostic import Problem
from reconciler.model.plural import plural as plural
from reconciler.report.escaping import json_line, one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """How to talk: colour, amount, and the shape of log lines; `width` is a terminal's, if any."""

    colour: bool
    width: int | None = None
    quiet: bool = False
    verbose: bool = False
    json_log: bool = False

    def result(self, text: str) -> None:
        """The product of the command, for people."""
        lines = text.removesuffix("\n").split("\n")
        # Colours are made of what is escaped here; they are for terminals, which run no commands.
        shown = text.removesuffix("\n") if self.colour else "\n".join(map(one_line, lines))
        self._out(f"{shown}\n")

    def data(self, text: str | bytes) -> None:
        """The product of the command, for programs: UTF-8, whatever the terminal has."""
        self._out(text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text)

    def _out(self, text: str | bytes) -> None:
        try:
            click.echo(text, nl=False, color=self.colour)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise Unwritable(f"stdout: cannot be written: {error.strerror}") from error

    def note(self, *lines: str) -> None:
        """Something useful that is not the result."""
        if not self.quiet:
            self._log("info", lines)

    def detail(self, *lines: str) -> None:
        """Something for whoever asked to see more."""
        if self.verbose:
            self._log("debug", lines)

    def error(self, error: ReconcilerError) -> None:
        """Why the command failed."""
        if isinstance(error, AuthorErrors):
            self.problems(in_flags(error))
        else:
            self._log("error", _with_overrides(error))

    def problems(self, problems: tuple[Problem, ...], *, result: bool = False) -> None:
        """What authors have to mend, a line each, and how many."""
        for problem in problems:
            if self.json_log and not result:
                self._log("error", [problem.message], problem.data())
            elif result:
                self.result(self._problem(problem))
            else:
                click.echo(self._problem(problem), err=True, color=self.colour)
        self._log("error", [plural(len(problems), "problem")])

    def _problem(self, problem: Problem) -> str:
        if not self.colour:
            return one_line(str(problem))
        hint = click.style(f" ({one_line(problem.hint)})", dim=True) if problem.hint else ""
        code = click.style(problem.code, fg="red", bold=True)
        at = click.style(one_line(str(problem.at)), bold=True)
        return f"{at}: {code}: {one_line(problem.message)}{hint}"

    def _log(
        self, level: str, lines: Sequence[str], more: Mapping[str, object] | None = None
    ) -> None:
        if self.json_log:
            import json  # only for whoever asked for it

            data = {"level": level, **(more or {}), "message": "\n".join(lines)}
            click.echo(json_line(json.dumps(data, ensure_ascii=False)), err=True)
            return
        prefix = click.style("error: ", fg="red") if level == "error" else ""
        shown = "\n".join(one_line(as_flags(line)) for line in lines)
        click.echo(prefix + shown, err=True, color=self.colour)


def _with_overrides(error: ReconcilerError) -> Sequence[str]:
    """What is said of an error, and for each guard that refuses the flag that lifts it."""
    blockers = error.refusals if isinstance(error, Blocked) else ()
    if not blockers:
        return tuple(map(as_flags, error.marked))
    from reconciler.plan.guard import flag_of  # only where a plan is loaded already

    said = (f"  {one.message}; to allow it: {flag_of(one)}" for one in blockers)
    return (as_flags(error.marked[0]), *said)


def in_flags(error: AuthorErrors) -> tuple[Problem, ...]:
    """The problems in the words of whoever types commands."""
    return tuple(one.worded(as_flags) for one in error.marked_problems)


def wants_colour(no_colour: bool) -> bool:
    """Colour on a terminal only, and never when the user or NO_COLOR says no."""
    if no_colour or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()


def terminal_width() -> int | None:
    """How many columns the result has; None where it goes into a file or a program."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return None
