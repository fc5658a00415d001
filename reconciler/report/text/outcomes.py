"""What became of a plan, as text for people at a terminal or in a log."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.text import Text

from reconciler.apply.retry_plan import conflicts, to_try_again
from reconciler.model.event import Conflict, FieldConflict, Outcome, StageEvent, StageStarted
from reconciler.model.outcomes import OutcomeKind, Severity, by_urgency, detail, kind_of
from reconciler.model.plan import Plan
from reconciler.model.plural import plural
from reconciler.model.value import CaseId
from reconciler.report.conflicts import said, ways_out
from reconciler.report.escaping import visible
from reconciler.report.sentences import counts_words, note_words, unclassified_words
from reconciler.report.values import bare
from reconciler.state.tally import counted, is_complete

MOST_LISTED = 20  # not-attempted cases named at the end of an apply
MOST_REASONS = 2  # of one target


def outcome_text(
    found: Sequence[Outcome], titles: Mapping[CaseId, str], plan: Plan | None = None
) -> list[Text]:
    """How an apply ended: what went wrong, case by case, then the counts."""
    lines: list[Text] = []
    for outcome in by_urgency(found):
        lines.extend(_outcome(outcome, titles.get(outcome.case_id, "")))
    skipped = [one for one in found if kind_of(one).severity is Severity.WAITING]
    for outcome in skipped[:MOST_LISTED]:
        reason = visible(f"{outcome.case_id}  {detail(outcome).message}")
        lines.append(Text.assemble(_mark(kind_of(outcome)), reason))
    if len(skipped) > MOST_LISTED:
        lines.append(Text(f"  and {len(skipped) - MOST_LISTED:,} more, all in the journal", "dim"))
    if plan is not None and plan.unreadable_cases:
        said = f"{plural(plan.unreadable_cases, 'case')} could not be read, and was not looked at"
        lines.append(Text(f"? unreadable     {said}", "bold red"))
    if said := unclassified_words(plan, found):
        lines.append(Text(f"{said}: no history told whether somebody else had changed them"))
    lines.extend(_by_target(plan, found))
    lines.append(_closing(plan, found))
    for target in plan.failed if plan is not None else ():
        which = f"target {target.name}: "
        reason = visible(which + str(target.error).removeprefix(which))
        lines.append(Text(f"Not applied: {reason}", "bold red"))
    return lines


def _by_target(plan: Plan | None, found: Sequence[Outcome]) -> Iterator[Text]:
    """Of several targets, how each ended, and why the rest of it was not attempted."""
    if plan is None or len(plan.targets) < 2:
        return
    for target in plan.targets:
        mine = [one for one in found if one.target == target.name]
        if not mine and target.error is not None:
            continue  # which is told last
        waiting = (one for one in mine if kind_of(one).severity is Severity.WAITING)
        reasons = list(dict.fromkeys(detail(one).message for one in waiting))[:MOST_REASONS]
        why = f" ({'; '.join(reasons)})" if reasons else ""
        yield Text(visible(f"target {target.name}: {counts_words(counted(mine))}{why}"))


def _outcome(outcome: Outcome, title: str) -> Iterator[Text]:
    kind, told = kind_of(outcome), detail(outcome)
    if kind.severity <= Severity.WAITING:
        return
    name = visible(outcome.case_id) + (f"  {visible(title)[:60]}" if title else "")
    yield Text.assemble(_mark(kind), f"{name}: {note_words(kind, told)}")
    if told.message:
        yield Text(f"    {visible(told.message)}", "red")
    yield from _field_conflicts(told.fields)


def _mark(kind: OutcomeKind) -> tuple[str, str]:
    style = "yellow" if kind.severity is Severity.WAITING else "bold red"
    return f"{kind.mark} {kind.word:<14} ", style


def _field_conflicts(conflicts: Iterable[FieldConflict]) -> Iterator[Text]:
    for conflict in conflicts:
        wanted = f"planned from {bare(conflict.before)} to {bare(conflict.after)}"
        if conflict.before == conflict.live:
            wanted = f"the spec says {bare(conflict.after)}"
        yield Text.assemble(
            "    ",
            (visible(conflict.name), "cyan"),
            f"  {wanted}, found ",
            (bare(conflict.live), "bold"),
        )


def _closing(plan: Plan | None, found: Sequence[Outcome]) -> Text:
    counts = counted(found)
    done = is_complete(plan, found)
    return Text.assemble(
        (
            "Apply complete: " if done else "Apply incomplete: ",
            "bold green" if done else "bold red",
        ),
        counts_words(counts),
        ".",
    )


def stage_text(event: StageEvent) -> str:
    """One line as a stage begins, and one as it ends."""
    of = f"target {visible(event.target)}: " if event.target else ""
    name = f"{of}stage {event.stage} of {event.stages}"
    if isinstance(event, StageStarted):
        return f"{name}: {plural(event.cases, 'case')}"
    stop = f"; no further stage: {visible(event.stop)}" if event.stop else ""
    return f"{name}: {counts_words(event.counts)}{stop}"


def next_steps(found: Sequence[Outcome], retry: str, planning: str = "reconcile plan") -> list[str]:
    """What to do about an incomplete apply; the last line is the command to try again.

    `planning` is the command that makes such a plan anew.
    """
    lines = []
    by_specs = [one for one in found if isinstance(one, Conflict) and one.planned]
    if by_specs:
        cases = "1 case" if len(by_specs) == 1 else f"{len(by_specs):,} cases"
        values = sum(len(one.fields) for one in by_specs)
        lines.append(
            f"conflicts: {cases} that both the specs and somebody else changed, left as found; "
            f"{said(ways_out(values))}"
        )
    if count := conflicts(found) - len(by_specs):
        cases = "a case that somebody" if count == 1 else f"{count:,} cases that somebody"
        lines.append(
            f"conflicts: {cases} changed since the plan, left as found; "
            f"to see the new values and decide: {planning}"
        )
    if count := len(to_try_again(found)):
        lines.append(f"to try again what is not done ({count:,}): {retry}")
    return lines
