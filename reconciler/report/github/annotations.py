"""A subject as workflow commands of GitHub Actions, which shows them beside the lines of specs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.model.classes import TOUCHED, ChangeClass
from reconciler.model.diagnostic import Problem, Source
from reconciler.model.outcomes import Severity, by_urgency, detail, kind_of
from reconciler.model.plan import FieldChange, Plan
from reconciler.model.plural import plural
from reconciler.plan.guard import flag_of
from reconciler.report.conflicts import Fate, fates, said
from reconciler.report.escaping import cut, visible
from reconciler.report.sentences import ending_words
from reconciler.report.subject import Subject
from reconciler.report.values import shown
from reconciler.report.view import as_told, first_places

MOST = 10  # of a kind; GitHub drops what a step says beyond that
_LONGEST = 1_000  # characters of a message
_KINDS = ("error", "warning", "notice")


@dataclass(frozen=True, slots=True)
class _Note:
    """One annotation; `at` is None where no line is to blame.

    `seen`: its text is visible already.
    """

    kind: str
    title: str
    text: str
    at: Source | None = None
    seen: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a spec, and the changes of one target that it causes."""

    target: str
    at: Source
    entries: list[FieldChange]


def report(subject: Subject) -> str:
    """At most ten of each kind, the most serious first; the last of ten may stand for the rest."""
    found = list(_notes(subject))
    return "".join(
        _command(note, subject)
        for kind in _KINDS
        for note in _fitting(kind, [note for note in found if note.kind == kind])
    )


def _fitting(kind: str, found: Sequence[_Note]) -> Iterable[_Note]:
    if len(found) <= MOST:
        return found
    # GitHub drops silently what is more; so the last one says how many.
    rest = len(found) - MOST + 1
    text = f"and {plural(rest, f'more {kind}')}; the report says which"
    return *found[: MOST - 1], _Note(kind, "reconcile", text)


def _notes(subject: Subject) -> Iterator[_Note]:
    if subject.problems or subject.plan is None:
        yield from map(_problem, subject.problems)
    elif subject.command == "apply":
        yield from _failures(subject, subject.plan)
    else:
        yield from _planned(subject, as_told(subject.command, subject.plan))


def _problem(problem: Problem) -> _Note:
    hint = f" ({problem.hint})" if problem.hint else ""
    return _Note("error", problem.code, f"{problem.message}{hint}", problem.at)


def _planned(subject: Subject, plan: Plan) -> Iterator[_Note]:
    caused, found = _by_line(plan), fates(subject, plan)
    yield from _touched(caused, found, written=False)
    for target in plan.targets:
        if target.error is not None:
            yield _Note("error", "target could not be planned", target.error)
        for one in target.blocked_by:
            text = f"{target.name}: {one.message}; to allow it: {flag_of(one)}"
            yield _Note("error", "blocked by a guard", text)
    yield from _touched(caused, found, written=True)
    for target in plan.targets:
        for case in target.unreadable:
            text = f"{case.case}: {case.reason}: {case.detail}"
            yield _Note("warning", "case could not be read", text, case.source)
    yield from map(_changed, caused)


def _by_line(plan: Plan) -> list[_Line]:
    """What each line of a spec causes, the line that changes most cases first."""
    found: dict[tuple[str, Source], list[FieldChange]] = {}
    for target in plan.targets:
        for case in target.changes:
            for entry in case.fields:
                found.setdefault((target.name, entry.source), []).append(entry)
    lines = [_Line(target, at, entries) for (target, at), entries in found.items()]
    order = {target.name: at for at, target in enumerate(plan.targets)}
    return sorted(lines, key=lambda line: (-len(line.entries), order[line.target], line.at))


def _touched(
    caused: Sequence[_Line], found: Mapping[str, Fate], *, written: bool
) -> Iterator[_Note]:
    """What somebody changed, class by class: what apply does not write, or the rest."""
    kinds = (kind for kind in TOUCHED if kind.facts.written is written)
    notes = (_of_class(kind, line, found) for kind in kinds for line in caused)
    yield from (note for note in notes if note)


def _of_class(kind: ChangeClass, line: _Line, found: Mapping[str, Fate]) -> _Note | None:
    """How many cases somebody changed what this line wants, and who was last."""
    entries = [entry for entry in line.entries if entry.change_class is kind]
    if not entries:
        return None
    last = max(((one.at, one.by) for entry in entries if (one := entry.last_change)), default=None)
    who = f", last at {last[0]} by {last[1] or 'somebody'}" if last else ""
    cases = plural(len(entries), "case")
    text = f"{line.target}: somebody changed {entries[0].name} on {cases}{who}"
    if not kind.facts.written:
        fate = found[line.target]
        text = (
            f"{kind.facts.sign} {text}; the spec changed it too: {fate.word}; {said(fate.ways())}"
        )
    return _Note("warning", str(kind), text, line.at)


def _changed(line: _Line) -> _Note:
    entry = line.entries[0]
    afters = {(type(one.after), one.after) for one in line.entries}
    to = shown(entry.after, entry.type) if len(afters) == 1 else f"{len(afters):,} values"
    cases = plural(len(line.entries), "case")
    return _Note("notice", f"{line.target}: {cases}", f"{entry.name} → {to} on {cases}", line.at)


def _failures(subject: Subject, plan: Plan) -> Iterator[_Note]:
    """Each case that needs somebody, at the line that wanted it; the unattempted in one note."""
    places = first_places(plan)
    for one in by_urgency(subject.outcomes):
        if kind_of(one).severity > Severity.WAITING:
            at = places.get((one.target, one.case_id))
            yield _Note("error", f"case {one.case_id}", ending_words(one), at, seen=True)
    skipped = [one for one in subject.outcomes if kind_of(one).severity is Severity.WAITING]
    if skipped:
        cases = plural(len(skipped), "case")
        text = f"{cases} {kind_of(skipped[0]).word}: {detail(skipped[0]).message}"
        yield _Note("warning", "apply ended early", text)


def _command(note: _Note, subject: Subject) -> str:
    properties = {"title": note.title}
    if note.at:
        properties = {
            "file": subject.links.path(note.at),
            "line": str(note.at.line),
            "col": str(note.at.column),
        } | properties
    said = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{note.kind} {said}::{_data(note.text, seen=note.seen)}\n"


def _data(text: str, *, seen: bool = False) -> str:
    """Visible text has no line breaks; only the percent sign is left to escape."""
    return cut(text if seen else visible(text), _LONGEST).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
