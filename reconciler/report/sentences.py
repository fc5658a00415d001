"""What changed, who changed it and how it ended, as sentences for formats with a text field."""

from collections.abc import Iterable, Iterator

from reconciler.model.diagnostic import Source
from reconciler.model.event import Conflict, FieldConflict, Outcome
from reconciler.model.outcomes import KINDS, Detail, OutcomeKind, Severity, detail, kind_of
from reconciler.model.plan import Estimate, FieldChange, LastChange, Plan
from reconciler.model.plural import plural
from reconciler.model.value import FieldType
from reconciler.report.conflicts import ways_of
from reconciler.report.escaping import visible
from reconciler.report.subject import Links
from reconciler.report.values import bare, both, name_of
from reconciler.report.view import duration
from reconciler.state.tally import written_unclassified

BY_FIELD = "--mode bulk --by-field"  # what plan and apply call it


def mode_words(plan: Plan) -> str:
    """The mode that a plan is applied in."""
    return f"{plan.mode} by field" if plan.by_field else str(plan.mode)


def change_words(entry: FieldChange) -> str:
    """`Priority: p3 → p1`, and which rule asks for it."""
    words = f"{visible(entry.name)}: {' → '.join(both(entry.before, entry.after, entry.type))}"
    words += f", policy {visible(entry.policy)}" if entry.policy else ""
    return words + (f", overrides {visible(entry.overrides)}" if entry.overrides else "")


def history_words(last: LastChange, field_type: FieldType) -> str:
    """Who changed a value last, when, and from what to what."""
    who = " as ".join(visible(name) for name in (last.by, last.principal) if name)
    commit = f" at commit {visible(last.commit)}" if last.commit else ""
    before, after = both(last.before, last.after, field_type)
    return f"last changed {visible(last.at)} by {who or '?'}{commit}: {before} → {after}"


def place_words(at: Source, links: Links) -> str:
    """`specs/vip.yaml:9:7`, from the root of the repository."""
    return f"{visible(links.path(at))}:{at.line}:{at.column}"


def outcome_words(outcome: Outcome) -> tuple[str, ...]:
    """How one case ended, then a line for each field that stood in the way."""
    kind, told = kind_of(outcome), detail(outcome)
    if kind.usual and not told.message:
        return ()
    ways = (ways_of(outcome),) if isinstance(outcome, Conflict) else ()
    return (
        f"{marked(kind)}{kind.word}{', ' if kind.note else ''}{note_words(kind, told)}"
        f"{_message(told)}",
        *map(conflict_words, told.fields),
        *ways,
    )


def marked(kind: OutcomeKind) -> str:
    """The sign before a sentence about a case that waits for a decision."""
    return f"{kind.mark} " if kind.severity is Severity.TO_DECIDE else ""


def note_words(kind: OutcomeKind, told: Detail) -> str:
    """What a kind of outcome means for the case, what was written, why, who updated it last."""
    cause = f": {told.cause}" if told.cause else ""
    return f"{kind.note}{cause}{written_words(told)}{updated_words(told)}"


def written_words(told: Detail) -> str:
    """The fields of a partly written case that were written; empty for any other."""
    names = ", ".join(visible(name_of(one)) for one in told.written)
    return f" (written: {names})" if names else ""


def _message(told: Detail) -> str:
    code = f": {visible(told.code)}" if told.code else ""
    message = f": {visible(told.message)}" if told.message else ""
    sent = f" (request {visible(told.request_id)})" if told.code and told.request_id else ""
    return f"{code}{message}{sent}"


def unclassified_words(plan: Plan | None, outcomes: Iterable[Outcome]) -> str:
    """How many values were written unclassified; empty where there are none."""
    count = written_unclassified(plan, outcomes)
    return f"{plural(count, 'value was', 'values were')} written unclassified" if count else ""


def unreadable_words(plan: Plan) -> Iterator[str]:
    """Each target that could not be planned, and why; and how many cases could not be read."""
    for target in plan.failed:
        why = target.error or ""
        known = why.startswith(f"target {target.name}")
        yield visible(why if known else f"target {target.name}: {why}")
    if plan.unreadable_cases:
        yield f"{plural(plan.unreadable_cases, 'case')} that could not be read"


def ending_words(outcome: Outcome) -> str:
    """How one case ended, without the values that stood in the way."""
    words = outcome_words(outcome)
    return f"{words[0]}; {words[-1]}" if isinstance(outcome, Conflict) else words[0]


def updated_words(one: Detail) -> str:
    """When the case was updated last, and by whom, as the end of a sentence; empty if unknown."""
    by = f" by {visible(one.changed_by)}" if one.changed_by else ""
    return f", last updated {visible(one.changed_at)}{by}" if one.changed_at else ""


def counts_words(counts: Iterable[tuple[str, int]]) -> str:
    """`2 applied, 1 failed`: how many cases ended in each way, those without any left out."""
    said = [f"{count:,} {KINDS[name].quantity}" for name, count in counts if count]
    return ", ".join(said) or "nothing to do"


def cost_words(cost: Estimate) -> str:
    """The calls of an apply, and how long they take."""
    calls = " + ".join(f"{count:,} {visible(api)}" for api, count in cost.calls.items())
    return f"{calls or 'no calls'}, {duration(cost.seconds)}"


def conflict_words(conflict: FieldConflict) -> str:
    """What stood in the way of one field; the plan of a conflict of the specs saw what is there."""
    wanted = f"planned from {bare(conflict.before)} to {bare(conflict.after)}"
    if conflict.before == conflict.live:
        wanted = f"the spec says {bare(conflict.after)}"
    return f"{visible(conflict.name)}: {wanted}, found {bare(conflict.live)}"
