"""The runs that a state holds, as text and as data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.text import Text

from reconciler.model.event import Outcome
from reconciler.model.plural import plural
from reconciler.report.escaping import visible
from reconciler.report.sentences import counts_words
from reconciler.report.text.outcomes import outcome_text
from reconciler.state.event_data import event_data
from reconciler.state.runs import Ending, PastRun

MOST_OPEN = 20  # cases named of a run that was cut short
_ENDINGS = {
    Ending.INTERRUPTED: "interrupted; its receipt says what was done",
    Ending.CUT_SHORT: "cut short, or still at work",
}


def runs_text(runs: Sequence[PastRun], where: str) -> Iterator[Text]:
    """A line or two for each run, the newest first."""
    for run in runs:
        yield Text.assemble((visible(run.run_id), "bold"), "  ", _who(run))
        yield Text.assemble("    ", _ended(run))
    yield Text(f"{plural(len(runs), 'run')} in {visible(where)}.", "dim")


def run_text(
    run: PastRun, outcomes: Sequence[Outcome], open_cases: Sequence[tuple[str, str]]
) -> Iterator[Text]:
    """One run: who, what, how it ended, and what is left, case by case."""
    yield Text.assemble(("run ", "dim"), (visible(run.run_id), "bold"), "  ", _who(run))
    for word, said in _about(run):
        yield Text.assemble((f"{word} ", "dim"), visible(said))
    yield Text.assemble(("ended ", "dim"), _ended(run))
    yield Text()
    yield from outcome_text(outcomes, {})[:-1]
    for target, case in open_cases[:MOST_OPEN]:
        yield Text(
            f"? sent           {visible(target)} {visible(case)}: nothing tells what came of it"
        )
    if len(open_cases) > MOST_OPEN:
        yield Text(f"  and {len(open_cases) - MOST_OPEN:,} more such cases", "dim")
    yield Text(f"{_counted(outcomes)} of {_planned(run)}.", "bold")


def run_data(run: PastRun) -> dict[str, Any]:
    """One run as data."""
    started = run.started
    return {
        "run_id": run.run_id,
        "began_at": started.at if started else None,
        "actor": started.actor if started else None,
        "commit": started.commit if started else None,
        "mode": started.mode if started else None,
        "tool_version": started.tool_version if started else None,
        "cases": started.cases if started else None,
        "retry_of": started.retry_of if started else None,
        "rollback": run.is_rollback,
        "ending": str(run.ending),
        "counts": dict(run.counts),
        "left": run.left,
        "receipt": run.receipt is not None,
    }


def story_data(
    run: PastRun, outcomes: Iterable[Outcome], open_cases: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """One run with what became of each case, as data."""
    sent: list[Mapping[str, str]] = [
        {"target": target, "case_id": case} for target, case in open_cases
    ]
    return {**run_data(run), "outcomes": [event_data(one) for one in outcomes], "open": sent}


def _who(run: PastRun) -> Text:
    if run.started is None:
        return Text("its first line is missing", "yellow")
    started = run.started
    what = "rollback of " if run.is_rollback else ""
    rest = f"commit {started.commit[:7]}" if started.commit else "no commit"
    said = f"{started.at[:19]}Z by {started.actor}: {what}{plural(started.cases, 'case')}, {rest}"
    return Text(visible(said))


def _about(run: PastRun) -> Iterator[tuple[str, str]]:
    if run.started is None:
        return
    yield "plan", f"{run.started.plan_digest[:12]}, mode {run.started.mode}"
    if run.started.retry_of:
        yield "rest of", run.started.retry_of
    if run.started.rollback_of:
        yield "undoes plan", run.started.rollback_of[:12]


def _ended(run: PastRun) -> Text:
    if run.finished is None:
        return Text(_ENDINGS[run.ending], "yellow")
    left = f"; {run.left:,} left" if run.left else ""
    return Text(counts_words(run.finished.counts) + left, "yellow" if run.left else "")


def _counted(outcomes: Sequence[Outcome]) -> str:
    from reconciler.state.tally import counted

    return counts_words(counted(outcomes)) if outcomes else "nothing told"


def _planned(run: PastRun) -> str:
    return plural(run.started.cases, "planned case") if run.started else "an unknown plan"
