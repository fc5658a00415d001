"""Carry out a plan in front of the user: progress, outcomes, the receipt, and what to do next."""

import shlex
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.console import Console
from reconciler.cli.edge import Steps
from reconciler.cli.opening import Work
from reconciler.cli.planning import show
from reconciler.cli.reporting import publish
from reconciler.errors import Exit, ReconcilerError
from reconciler.model.plural import plural
from reconciler.report.subject import about_plan

if TYPE_CHECKING:  # nor may `--help` wait for what tells of outcomes
    from reconciler import Receipt, Run
    from reconciler.config.model import Config
    from reconciler.model.event import StageEvent

Reports = tuple[tuple[str, Path], ...]


def carry_out(
    work: Work, run: "Run", reports: Reports, *, asks: bool, allowed_conflicts: int | None = None
) -> int:
    """The exit status of an apply, which is told on the way and at its end."""
    from reconciler.report.text.outcomes import next_steps
    from reconciler.state.tally import verdict

    console, stop, config = work.console, work.stop, work.config
    steps = Steps(console)
    with work.progress(bars=not asks):
        stop.begin()
        try:
            _iterate(work, run)
        except Exception as error:  # whatever it is, the rest is told
            if not run.begun:
                raise
            with steps.each():
                raise error
    outcomes, known = run.events, run.known
    subject = about_plan("apply", known, config, allowed_conflicts=allowed_conflicts)
    subject = replace(subject, outcomes=outcomes)
    if run.resumed:
        console.note(f"{run.resumed:,} cases were done by an earlier run of this plan")
    with steps.each():
        show(console, subject, "text")
    _say_what_is_kept(console, run, steps)
    with steps.each():
        publish(console, subject, config, reports)
    planning = "reconcile rollback, again" if known.rollback_of else "reconcile plan"
    for line in next_steps(outcomes, retry_command(run.receipt, config), planning):
        console.note(line)
    if stop.event.is_set():
        return stop.status
    if steps.status and not run.begun:
        return steps.status
    return Exit.INCOMPLETE if steps.status or run.record_errors else verdict(known, outcomes)


def _iterate(work: Work, run: "Run") -> None:
    total = run.plan.changed_cases
    for number, outcome in enumerate(run, 1):
        work.relay("applying", number, total)
        work.console.detail(f"{number:,}/{total:,} {type(outcome).__name__} {outcome.case_id}")


def _say_what_is_kept(console: Console, run: "Run", steps: Steps) -> None:
    """Where journal and receipt are, or what has become of them."""
    if not run.plan.changed_cases:
        return
    if run.error is not None:
        with steps.each():
            raise run.error
    for message in run.record_errors:
        console.error(ReconcilerError(message))
    console.note(f"journal {run.journal}")
    receipt = run.receipt
    if receipt is not None and receipt.path is not None:
        console.note(f"receipt {receipt.path}")
    elif receipt is not None:
        console.error(
            ReconcilerError("no folder takes the receipt, so it follows on stdout; save it")
        )
        with steps.each():
            console.data(receipt.content)


def agreed(console: Console, count: int, *, yes: bool) -> bool:
    """Whether the user wants this; nobody is asked with --yes, or about nothing."""
    if not count or yes:
        return True
    if click.confirm(f"Write {plural(count, 'case')}?", err=True):
        return True
    console.note("nothing was written")
    return False


def retry_command(receipt: "Receipt | None", config: "Config") -> str:
    """The exact command that tries the rest of a receipt again, from this folder."""
    path = receipt.path if receipt is not None else None
    words = ["reconcile", "apply", "--retry", str(path or "RECEIPT")]
    if _named_config() or not _here().is_relative_to(config.root):
        words += ["--config", str(config.path)]
    return shlex.join(words)


def _named_config() -> bool:
    context = click.get_current_context(silent=True)
    source = context.get_parameter_source("config_path") if context else None
    return source is click.core.ParameterSource.COMMANDLINE


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # it is gone
        return Path("/")


def telling(console: Console) -> "Callable[[StageEvent], None]":
    """Says of each stage that it begins, and how it ended."""

    def tell(event: "StageEvent") -> None:
        from reconciler.report.text.outcomes import stage_text

        console.note(stage_text(event))

    return tell


def goes_on(stage: int, stages: int, cases: int) -> bool:
    """Whether the user wants the next stage too."""
    # Nothing is in flight: Ctrl-C and the end of input say no, instead of waiting for a key.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        said = f"Go on with stage {stage} of {stages} ({cases:,} cases)?"
        return click.confirm(said, err=True)
    except (click.Abort, OSError):
        return False
    finally:
        signal.signal(signal.SIGINT, before)
