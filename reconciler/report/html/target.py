"""One target of a plan on the page of the HTML report."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.model.diagnostic import Source
from reconciler.model.plan import TargetPlan
from reconciler.model.plural import plural
from reconciler.report.conflicts import CAUSE, fate, said
from reconciler.report.escaping import visible
from reconciler.report.guards import guard_counts
from reconciler.report.html.changes import Card, Cards
from reconciler.report.html.parts import Note, place
from reconciler.report.sentences import BY_FIELD, cost_words
from reconciler.report.subject import Links, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """One target."""

    name: str
    facts: tuple[str, ...]
    read_by: str
    cost: tuple[str, ...]
    limits: tuple[str, ...]
    cards: tuple[Card, ...]
    unreadable: tuple[Note, ...]
    error: str
    conflicts: str
    ignored: tuple[Note, ...]


def target_view(target: TargetPlan, cards: Cards, subject: Subject, *, writes: bool) -> TargetView:
    """One target; what applying takes is told only where something may still be written."""
    limits = subject.limits.get(target.name) if writes and target.changes else None
    counts = guard_counts(target, limits) if limits is not None else ()
    links = subject.links
    return TargetView(
        name=visible(target.name),
        facts=tuple(visible(text) for text in _standing(target)),
        read_by="\n".join(visible(way) for way in target.read_by.split("; ")),
        cost=tuple(_cost(target)) if writes else (),
        limits=tuple(visible(f"{name} {count} of {most}") for name, count, most in counts),
        cards=tuple(cards.of(target)),
        error=visible(target.error or ""),
        conflicts=_conflicts(target, subject) if writes else "",
        unreadable=tuple(
            _note(links, one.source, one.case, one.reason, one.detail) for one in target.unreadable
        ),
        ignored=tuple(
            _note(links, one.source, one.case_id, one.name, one.reason, one.until, one.rule)
            for one in target.ignored
        ),
    )


def _conflicts(target: TargetPlan, subject: Subject) -> str:
    """What becomes of the values in conflict, and the ways out."""
    found = fate(subject, target)
    if not found.count:
        return ""
    return f"{found.heading}, {CAUSE}. {found.sentence} For each: {said(found.ways())}."


def _standing(target: TargetPlan) -> Iterator[str]:
    yield target.domain_name
    yield target.domain_id
    yield target.account or "?"
    yield target.region or "?"
    yield target.read_at
    yield f"{target.cases_in_sync:,} of {target.cases_managed:,}"


def _note(links: Links, at: Source, *texts: str) -> Note:
    return Note(tuple(visible(text) for text in texts), place(at, links))


def _cost(target: TargetPlan) -> Iterator[str]:
    if target.changes:
        yield f"{cost_words(target.estimate)} at this pace"
    if target.bulk_estimate is not None:
        yield f"{cost_words(target.bulk_estimate)} with --mode bulk"
    if target.by_field_estimate is not None:
        yield f"{cost_words(target.by_field_estimate)} with {BY_FIELD}"
    if target.unconfirmed:
        count = plural(target.unconfirmed, "change")
        yield f"{count} found through the search index alone; apply reads each case again"
