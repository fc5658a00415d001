"""Carry out a plan in front of the user: progress, outcomes, the receipt, and what to do next."""

import shlex
import signal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from reconciler.cli.console import Console
from reconciler.cli.planning import show, subject_of
from reconciler.cli.progress import progress_of
from reconciler.cli.reporting import publish
from reconciler.cli.stopping import Stop
from reconciler.engine.tally import verdict
from reconciler.errors import Exit
from reconciler.model.config import Config
from reconciler.model.event import Outcome, StageEvent
from reconciler.model.plan import Plan
from reconciler.model.plural import plural
from reconciler.ports import Progress
from reconciler.report.outcomes import next_steps, stage_text
from reconciler.wiring.applying import Apply, Attendant
from reconciler.wiring.connections import Connections


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
    running = apply.run(stop.event, _attendant(console))
    with progress_of(console, connections, bars=not apply.request.asks) as progress:
        outcomes = tuple(_noted(console, running, plan.changed_cases, progress))
    subject = replace(subject_of("apply", plan, config), outcomes=outcomes)
    if apply.resumed:
        console.note(f"{apply.resumed:,} cases were done by an earlier run of this plan")
    show(console, subject, "text")
    if plan.changed_cases:
        console.note(f"journal {apply.journal}")
        console.note(f"receipt {apply.receipt}")
    publish(console, subject, config, given["reports"])
    planning = "reconcile rollback, again" if plan.rollback_of else "reconcile plan"
    for line in next_steps(outcomes, retry_command(apply.receipt, config), planning):
        console.note(line)
    if stop.event.is_set():
        return stop.status
    return max(verdict(outcomes), Exit.INCOMPLETE if plan.unreadable_cases else Exit.OK)


def agreed(console: Console, plan: Plan, given: Mapping[str, Any]) -> bool:
    """Whether the user wants this; nobody is asked with --yes, or about nothing."""
    count = plan.changed_cases
    if not count or given["yes"]:
        return True
    if click.confirm(f"Write {plural(count, 'case')}?", err=True):
        return True
    console.note("nothing was written")
    return False


def retry_command(receipt: Path, config: Config) -> str:
    """The exact command that tries the rest of a receipt again, from this folder."""
    words = ["reconcile", "apply", "--retry", str(receipt)]
    if not Path.cwd().is_relative_to(config.root) or _named_config():
        words += ["--config", str(config.path)]
    return shlex.join(words)


def _named_config() -> bool:
    context = click.get_current_context(silent=True)
    source = context.get_parameter_source("config_path") if context else None
    return source is click.core.ParameterSource.COMMANDLINE


def _attendant(console: Console) -> Attendant:
    def tell(event: StageEvent) -> None:
        console.note(stage_text(event))

    def goes_on(stage: int, stages: int, cases: int) -> bool:
        # Nothing is in flight: Ctrl-C and the end of input say no, instead of waiting for a key.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            said = f"Go on with stage {stage} of {stages} ({cases:,} cases)?"
            return click.confirm(said, err=True)
        except click.Abort:
            return False
        finally:
            signal.signal(signal.SIGINT, before)

    return Attendant(tell=tell, note=console.note, goes_on=goes_on)


def _noted(
    console: Console, outcomes: Iterator[Outcome], total: int, progress: Progress
) -> Iterator[Outcome]:
    for number, outcome in enumerate(outcomes, 1):
        progress("applying", number, total)
        console.detail(f"{number:,}/{total:,} {type(outcome).__name__} {outcome.case_id}")
        yield outcome
