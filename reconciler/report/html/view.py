"""What stands on the page of the HTML report, before the template says how it looks."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.model.classes import ChangeClass
from reconciler.model.outcomes import KINDS, kind_of
from reconciler.model.plan import Plan
from reconciler.model.plural import plural
from reconciler.plan.file.data import changes_digest, summary
from reconciler.plan.guard import flag_of
from reconciler.report.escaping import visible
from reconciler.report.html.changes import Cards, action
from reconciler.report.html.outcomes import Idle, NotAsPlanned, idle, not_as_planned
from reconciler.report.html.parts import (
    TONES,
    Facet,
    Note,
    Number,
    Place,
    link,
    number,
)
from reconciler.report.html.target import TargetView, target_view
from reconciler.report.sentences import mode_words
from reconciler.report.subject import Links, Subject
from reconciler.report.view import as_told
from reconciler.state.tally import counted, is_complete, written_unclassified


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the head: what it is, the words, and some quieter words."""

    label: str
    place: Place
    more: str = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard's refusal."""

    scope: str
    message: str
    override: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The whole page."""

    command: str
    headline: str
    tone: str
    tags: tuple[tuple[str, str], ...] = ()
    facts: tuple[Fact, ...] = ()
    numbers: tuple[Number, ...] = ()
    guards: tuple[Guard, ...] = ()
    targets: tuple[TargetView, ...] = ()
    not_as_planned: tuple[NotAsPlanned, ...] = ()
    idle: tuple[Idle, ...] = ()
    problems: tuple[Note, ...] = ()
    facets: tuple[Facet, ...] = ()
    total: int = 0
    noun: str = "cases"


def page(subject: Subject) -> Page:
    """The problems, else the plan with what became of it."""
    plan = subject.plan
    if subject.problems or plan is None:
        return _problems(subject)
    facets = {facet.key: facet for facet in _facets(subject, plan)}
    outcomes = {(one.target, str(one.case_id)): kind_of(one) for one in subject.outcomes}
    cards = Cards(links=subject.links, facets=facets, outcomes=outcomes, full=subject.full)
    applied = subject.command == "apply" and bool(subject.outcomes or not plan.changed_cases)
    drift = subject.command == "drift"
    writes = not applied and not drift  # only what may still be written is guarded and costs
    head = _applied(subject) if applied else _drifted(plan) if drift else _planned(plan)
    return Page(
        command=subject.command,
        headline=head[0],
        tone=head[1],
        tags=tuple(_tags(plan, blocked=plan.blocked and writes)),
        facts=tuple(_facts(plan, subject.links)),
        numbers=tuple(_endings(subject) if applied else _numbers(plan, drift=drift)),
        guards=tuple(_guards(plan)) if writes else (),
        targets=tuple(
            target_view(target, cards, subject, writes=writes) for target in plan.targets
        ),
        not_as_planned=tuple(not_as_planned(subject)),
        idle=tuple(idle(subject)),
        facets=tuple(facets.values()),
        total=plan.changed_cases,
    )


def _problems(subject: Subject) -> Page:
    found = subject.problems
    files = Facet("file", "Spec file", tuple(sorted({visible(one.at.file) for one in found})))
    codes = Facet("code", "Kind", tuple(sorted({visible(one.code) for one in found})))
    notes = tuple(
        Note(
            (visible(one.code), visible(one.message), visible(one.hint)),
            link(str(one.at), subject.links.at(one.at)),
            f"{files.position(visible(one.at.file))}.{codes.position(visible(one.code))}",
        )
        for one in sorted(found)
    )
    count = f"{plural(len(found), 'problem')} in {plural(len(files.options), 'file')}"
    return Page(
        command=subject.command,
        headline=count if found else "No problems",
        tone="bad" if found else "good",
        facts=tuple(_run(subject.links)),
        problems=notes,
        facets=(files, codes) if found else (),
        total=len(found),
        noun="problems",
    )


def _planned(plan: Plan) -> tuple[str, str]:
    if not plan.changed_cases:
        return "No changes", "warn" if plan.unreadable_cases else "good"
    count = f"{plural(plan.changed_fields, 'field')} on {plural(plan.changed_cases, 'case')}"
    return f"{count} to change", "bad" if plan.blocked else "plain"


def _drifted(plan: Plan) -> tuple[str, str]:
    """What only waits to be applied has not drifted."""
    away = as_told("drift", plan)
    fields, cases = plural(away.changed_fields, "field"), plural(away.changed_cases, "case")
    if not away.changed_fields:
        return "No drift", "warn" if plan.unreadable_cases else "good"
    return f"Drift: {fields} on {cases}", "plain"


def _applied(subject: Subject) -> tuple[str, str]:
    done = sum(kind_of(one).done for one in subject.outcomes)
    if is_complete(subject.plan, subject.outcomes):
        return f"Apply complete: {plural(done, 'case')} as planned", "good"
    return (
        f"Apply incomplete: {done:,} of {plural(len(subject.outcomes), 'case')} as planned",
        "bad",
    )


def _tags(plan: Plan, *, blocked: bool) -> Iterator[tuple[str, str]]:
    if blocked:
        yield "blocked", "bad"
    if plan.failed:
        yield f"{plural(len(plan.failed), 'target')} not planned", "bad"
    if plan.unreadable_cases:
        yield f"{plan.unreadable_cases:,} unreadable", "warn"
    if plan.git.dirty:
        yield "uncommitted edits", "warn"


def _facts(plan: Plan, links: Links) -> Iterator[Fact]:
    commit = visible(plan.git.commit)
    yield Fact("Commit", link(plan.git.commit[:12] or "none", links.commit if commit else ""),
               visible(plan.git.branch))  # fmt: skip
    yield Fact("Mode", Place(mode_words(plan)))
    yield Fact(
        "Created", Place(visible(plan.created_at)), f"reconcile {visible(plan.tool_version)}"
    )
    yield Fact("Expires", Place(visible(plan.expires_at)))
    yield Fact("Changes digest", Place(changes_digest(plan)))
    yield from _run(links)
    if plan.rollback_of:
        yield Fact("Rollback of", Place(visible(plan.rollback_of)))
    yield Fact("Specs", Place(plural(len(plan.spec_files), "file")))


def _run(links: Links) -> Iterator[Fact]:
    if links.run:
        yield Fact("CI run", link(links.run.rstrip("/").rsplit("/", 1)[-1], links.run))


def _numbers(plan: Plan, *, drift: bool) -> Iterator[Number]:
    totals = summary(plan)
    yield number(plan.changed_cases, "cases", "plain")
    yield number(plan.changed_fields, "fields", "plain")
    if not drift:
        yield number(totals["clears"], "clears", "warn")
    classes = totals["classes"]
    # Without any history nothing is known of drift, and zero would be a lie.
    untold = sum(classes[kind] for kind in ChangeClass if not kind.facts.known)
    told = plan.changed_fields == 0 or untold < plan.changed_fields
    for kind in ChangeClass:
        title, tone = kind.facts.title, kind.facts.tone if kind.facts.touched else "plain"
        if drift or kind.facts.notable:
            yield number(classes[kind], title, tone) if told else Number("–", title, "quiet")
    yield number(plan.unreadable_cases, "unreadable", "warn")
    if not drift:
        yield number(sum(len(one.blocked_by) for one in plan.targets), "blocking guards", "bad")
    yield Number(f"{totals['cases_in_sync']:,}", f"of {totals['cases_managed']:,} in sync", "good")


def _endings(subject: Subject) -> Iterator[Number]:
    counts = dict(counted(subject.outcomes))
    for name, kind in KINDS.items():
        yield number(counts[name], kind.word, TONES[kind.severity])
    unclassified = written_unclassified(subject.plan, subject.outcomes)
    yield number(unclassified, "written unclassified", "plain")


def _facets(subject: Subject, plan: Plan) -> Iterator[Facet]:
    entries = [
        entry for target in plan.targets for change in target.changes for entry in change.fields
    ]
    yield Facet("field", "Field", tuple(sorted({visible(one.name) for one in entries})))
    yield Facet("action", "Action", tuple(sorted({action(one) for one in entries})))
    yield Facet("file", "Spec file", tuple(sorted({visible(one.source.file) for one in entries})))
    kinds = {one.change_class for one in entries}
    told = tuple(str(one) for one in ChangeClass if one.facts.known and one in kinds)
    yield Facet("class", "Class", told)
    yield Facet("target", "Target", tuple(visible(target.name) for target in plan.targets))
    if subject.command == "apply":
        found = {kind_of(one).word for one in subject.outcomes}
        words = tuple(kind.word for kind in KINDS.values() if kind.word in found)
        yield Facet("outcome", "Outcome", words)


def _guards(plan: Plan) -> Iterator[Guard]:
    for target in plan.targets:
        for one in target.blocked_by:
            yield Guard(visible(one.scope), visible(one.message), visible(flag_of(one)))
