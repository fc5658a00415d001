"""Reports beside the result on stdout: `--report`, and the files that GitHub reads after a step."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import completing
from reconciler.cli.console import Console, in_flags
from reconciler.cli.files import OUT
from reconciler.cli.groups import OUTPUT
from reconciler.cli.typed import Options, option
from reconciler.errors import AuthorErrors, Unwritable
from reconciler.model.diagnostic import Problem
from reconciler.report.formats import FORMATS, report

if TYPE_CHECKING:  # `validate` must not load plans and events when no report is asked for
    from reconciler.config.model import Config
    from reconciler.report.subject import Subject

SUMMARY_MOST = 1_000_000  # bytes; GitHub refuses a step's summary above 1 MiB


def _parsed(
    ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, Path], ...]:
    found: dict[Path, str] = {}
    for one in values:
        name, equals, file = one.partition("=")
        if not equals or not file or name not in FORMATS:
            known = ", ".join(FORMATS)
            raise click.BadParameter(f'"{one}" is not FORMAT=FILE, with FORMAT one of {known}')
        if file == "-":
            raise click.BadParameter(_no_stdout(ctx, one, name))
        path: Path = OUT.convert(file, parameter, ctx)
        if path in found:
            raise click.BadParameter(f"{file} is named twice")
        found[path] = name
    return tuple((name, path) for path, name in found.items())


class Reporting(Options):
    """`--report FORMAT=FILE`."""

    reports: tuple[tuple[str, Path], ...] = option(
        "--report", group=OUTPUT, multiple=True, metavar="FORMAT=FILE", callback=_parsed,
        shell_complete=completing.reports,
        help=f"Also write a report; repeatable. {', '.join(FORMATS)}.",
    )  # fmt: skip


def _no_stdout(ctx: click.Context, report: str, name: str) -> str:
    """Why a report cannot go to stdout, and how its format can."""
    shown = [one.type for one in ctx.command.params if one.name == "output"]
    can = any(isinstance(one, click.Choice) and name in one.choices for one in shown)
    instead = f"for this format there: --format {name}" if can else "name a file"
    return f'"{report}": stdout is for the result of the command; {instead}'


def publish(
    console: Console,
    subject: "Subject",
    config: "Config | None",
    reports: Sequence[tuple[str, Path]],
    plan_path: Path | None = None,
) -> None:
    """Write every report asked for, and tell GitHub what it reads after each step."""
    from reconciler.report.subject import Links
    from reconciler.state.ci_facts import ci_facts

    sha = subject.plan.git.commit if subject.plan else ""
    facts = ci_facts(sha)
    if not (reports or facts.listens):
        return
    links = Links(files=facts.files, commit=facts.commit, run=facts.run, prefix=_prefix(config))
    subject = replace(subject, links=links)
    made = cache(lambda name: report(name, subject))  # one may be asked for here and by GitHub
    messages = [message for one in reports if (message := _asked_for(console, *one, made))]
    if facts.annotates:
        click.echo(made("annotations"), err=True, nl=False)
    if facts.summary:
        _summarize(console, made("markdown"), facts.summary)
    if facts.outputs:
        from reconciler.report.github.outputs import outputs

        lines = outputs(subject, str(plan_path or "")).items()
        _add(console, facts.outputs, "".join(f"{name}={value}\n" for name, value in lines))
    if messages:
        raise Unwritable(*messages)


@contextmanager
def reporting_problems(
    console: Console, command: str, config: "Config | None", reports: Sequence[tuple[str, Path]]
) -> Iterator[None]:
    """Put problems in specs into the reports too, before they end the command."""
    try:
        yield
    except AuthorErrors as error:
        try:
            publish_problems(console, command, in_flags(error), config, reports)
        except Unwritable as unwritable:
            console.error(unwritable)
        raise


def publish_problems(
    console: Console,
    command: str,
    problems: tuple[Problem, ...],
    config: "Config | None",
    reports: Sequence[tuple[str, Path]],
) -> None:
    """The reports of a run that found problems in specs, or none, and made no plan."""
    from reconciler.state.ci_facts import ci_facts

    if not (reports or ci_facts("").listens):
        return
    from reconciler.report.subject import Subject

    # Without a plan these are the targets that it would most likely have been about: a comment
    # about problems shall take the place of the one about the plan, and the other way round.
    limits = {name: config.targets[name].limits for name in _targets(config)} if config else {}
    subject = Subject(command=command, problems=problems, limits=limits)
    publish(console, subject, config, reports)


def _targets(config: "Config") -> Sequence[str]:
    context = click.get_current_context(silent=True)
    named = context.params.get("targets") if context else None
    default = [config.default_target] if config.default_target else []
    return [name for name in named or default or config.targets if name in config.targets]


def _prefix(config: "Config | None") -> str:
    from reconciler.git.repository import find_repository

    return find_repository(config.root if config else Path.cwd()).prefix


def _asked_for(console: Console, name: str, path: Path, made: Callable[[str], str]) -> str:
    """Write one report; what is against it, so that the others are written all the same."""
    from reconciler.files.whole_file import replace_file

    try:
        replace_file(path, _bytes(made(name)))
    except Unwritable as error:
        return str(error)
    console.note(f"wrote {path} ({name})")
    return ""


def _summarize(console: Console, text: str, path: Path) -> None:
    """Add the Markdown, where GitHub would still take it after what the step wrote before."""
    try:
        size = path.stat().st_size
    except OSError:  # not there yet; or adding to it says what is wrong
        size = 0
    if size + len(_bytes(text)) <= SUMMARY_MOST:
        _add(console, path, text)
    else:
        console.note("the summary of this step is full, as far as GitHub goes; nothing was added")


def _add(console: Console, path: Path, text: str) -> None:
    """Tell the CI system; nobody asked for that, so nothing has failed when it cannot be told."""
    from reconciler.files.whole_file import append_file

    try:
        append_file(path, _bytes(text))
    except Unwritable as error:
        console.note(f"the CI system is not told: {error}")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
