"""Carry out a plan in front of the user: progress, outcomes, the receipt, and what to do next."""

import shlex
import signal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from reconciler.cli.console import Console
from reconciler.cli.edge import Steps
from reconciler.cli.planning import show, subject_of
from reconciler.cli.progress import progress_of
from reconciler.cli.reporting import publish
from reconciler.cli.stopping import Stop
from reconciler.config.model import Config
from reconciler.errors import Exit, ReconcilerError
from reconciler.model.event import Outcome, StageEvent
from reconciler.model.plan import Plan
from reconciler.model.plural import plural
from reconciler.model.progress import Progress
from reconciler.project.applying import Apply, StageObserver
from reconciler.project.connections import Connections
from reconciler.report.text.outcomes import next_steps, stage_text
from reconciler.state.receipts import Left
from reconciler.state.tally import verdict


def carry_out(
    console: Console,
    apply: Apply,
    config: Config,
    connections: Connections,
    stop: Stop,
    given: Mapping[str, Any],
) -> int:
    """The exit status of an apply, which is told on the way and at its end."""
    plan = apply.plan
    outcomes: list[Outcome] = []
    running = apply.run(stop.event, _observer(console))
    steps = Steps(console)
    with progress_of(console, connections, bars=not apply.request.asks) as progress:
        stop.begin()
        try:
            outcomes.extend(_noted(console, running, plan.changed_cases, progress))
        except Exception as error:  # whatever it is, the rest is told
            if not apply.begun:
                raise
            with steps.each():
                raise error
    known = apply.conflicts.as_known().with_failed(apply.failed)
    subject = replace(subject_of("apply", known, config, given), outcomes=tuple(outcomes))
    if apply.resumed:
        console.note(f"{apply.resumed:,} cases were done by an earlier run of this plan")
    with steps.each():
        show(console, subject, "text")
    _say_what_is_kept(console, apply, steps)
    with steps.each():
        publish(console, subject, config, given["reports"])
    planning = "reconcile rollback, again" if plan.rollback_of else "reconcile plan"
    for line in next_steps(outcomes, retry_command(apply.receipt, config), planning):
        console.note(line)
    if stop.event.is_set():
        return stop.status
    if steps.status and not apply.begun:
        return steps.status
    return Exit.INCOMPLETE if steps.status or apply.troubles else verdict(known, outcomes)


def _say_what_is_kept(console: Console, apply: Apply, steps: Steps) -> None:
    """Where journal and receipt are, or what has become of them."""
    if not apply.plan.changed_cases:
        return
    if apply.crash is not None:
        with steps.each():
            raise apply.crash
    for trouble in apply.troubles:
        console.error(ReconcilerError(trouble))
    console.note(f"journal {apply.journal}")
    if apply.receipt is not None and apply.receipt.path is not None:
        console.note(f"receipt {apply.receipt.path}")
    elif apply.receipt is not None:
        console.error(
            ReconcilerError("no folder takes the receipt, so it follows on stdout; save it")
        )
        with steps.each():
            console.data(apply.receipt.content)


def agreed(console: Console, plan: Plan, given: Mapping[str, Any]) -> bool:
    """Whether the user wants this; nobody is asked with --yes, or about nothing."""
    count = plan.changed_cases
    if not count or given["yes"]:
        return True
    if click.confirm(f"Write {plural(count, 'case')}?", err=True):
        return True
    console.note("nothing was written")
    return False


def retry_command(receipt: Left | None, config: Config) -> str:
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


def _observer(console: Console) -> StageObserver:
    def tell(event: StageEvent) -> None:
        console.note(stage_text(event))

    def goes_on(stage: int, stages: int, cases: int) -> bool:
        # Nothing is in flight: Ctrl-C and the end of input say no, instead of waiting for a key.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            said = f"Go on with stage {stage} of {stages} ({cases:,} cases)?"
            return click.confirm(said, err=True)
        except (click.Abort, OSError):
            return False
        finally:
            signal.signal(signal.SIGINT, before)

    return StageObserver(tell=tell, note=console.note, goes_on=goes_on)


def _noted(
    console: Console, outcomes: Iterator[Outcome], total: int, progress: Progress
) -> Iterator[Outcome]:
    for number, outcome in enumerate(outcomes, 1):
        progress("applying", number, total)
        console.detail(f"{number:,}/{total:,} {type(outcome).__name__} {outcome.case_id}")
        yield outcome
