"""What an apply could not do, case by case, for the HTML report."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.model.event import FieldConflict
from reconciler.model.outcomes import Severity, by_urgency, detail, kind_of
from reconciler.report.escaping import visible
from reconciler.report.html.parts import Badge, badge
from reconciler.report.sentences import ending_words
from reconciler.report.subject import Subject
from reconciler.report.values import bare


@dataclass(frozen=True, slots=True)
class FieldConflictView:
    """One field that did not hold what the plan expected."""

    name: str
    before: str
    after: str
    live: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAsPlanned:
    """A case that is not as planned, and why."""

    ending: Badge
    target: str
    case_id: str
    title: str
    message: str
    fields: tuple[FieldConflictView, ...] = ()


@dataclass(frozen=True, slots=True)
class Idle:
    """Cases that were not attempted, for one reason."""

    ending: Badge
    reason: str
    cases: tuple[tuple[str, str], ...]


def not_as_planned(subject: Subject) -> Iterator[NotAsPlanned]:
    """The cases that went wrong: conflicts first, the others in the order they did."""
    titles = _titles(subject)
    for one in by_urgency(subject.outcomes):
        if (kind := kind_of(one)).severity > Severity.WAITING:
            yield NotAsPlanned(
                ending=badge(kind),
                target=visible(one.target),
                case_id=visible(one.case_id),
                title=visible(titles.get((one.target, one.case_id), "")),
                message=ending_words(one),
                fields=tuple(map(_field_conflict, detail(one).fields)),
            )


def idle(subject: Subject) -> Iterator[Idle]:
    """The cases whose turn did not come, by reason."""
    titles = _titles(subject)
    reasons: dict[tuple[Badge, str], list[tuple[str, str]]] = {}
    for one in subject.outcomes:
        if (kind := kind_of(one)).severity is Severity.WAITING:
            title = titles.get((one.target, one.case_id), "")
            found = reasons.setdefault((badge(kind), detail(one).message), [])
            found.append((visible(one.case_id), visible(title)))
    for (ending, reason), cases in reasons.items():
        yield Idle(ending, visible(reason), tuple(cases))


def _titles(subject: Subject) -> dict[tuple[str, str], str]:
    targets = subject.plan.targets if subject.plan else ()
    return {(one.name, case.case_id): case.title for one in targets for case in one.changes}


def _field_conflict(conflict: FieldConflict) -> FieldConflictView:
    values = (bare(value) for value in (conflict.before, conflict.after, conflict.live))
    return FieldConflictView(visible(conflict.name), *values)
