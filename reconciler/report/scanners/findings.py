"""What code scanners show beside a line: problems, changes, guards, unreadable cases."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from reconciler.model.classes import ChangeClass
from reconciler.model.diagnostic import Problem, Source
from reconciler.model.event import Outcome
from reconciler.model.outcomes import KINDS, Severity
from reconciler.model.plan import Blocker, CaseChange, FieldChange, Plan, TargetPlan, UnreadableCase
from reconciler.model.plural import plural
from reconciler.plan.guard import flag_of
from reconciler.report.conflicts import Fate, fate, said, ways_out
from reconciler.report.escaping import visible
from reconciler.report.sentences import change_words, history_words, outcome_words
from reconciler.report.subject import Subject
from reconciler.report.view import first_places

MOST_TOLD = 5  # messages of one rule shown for one line of a spec
_CONFIG = Source("reconcile.yaml")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a finding is about: `level` in SARIF's words, `severity` in Code Quality's."""

    id: str
    level: str
    severity: str
    about: str
    help: str


PROBLEM = Kind(
    "problem",
    "error",
    "critical",
    "A problem in a spec",
    "Correct the spec at this place; `reconcile validate` checks it without a network.",
)
GUARD = Kind(
    "guard",
    "error",
    "blocker",
    "A guard refuses this plan",
    "Let the specs change less, or apply with the flag that the message names.",
)
UNREADABLE = Kind(
    "unreadable",
    "error",
    "critical",
    "A case could not be read",
    "The case is left alone. Correct its id or reference, or plan again when the service answers.",
)
FAILED = Kind(
    "target",
    "error",
    "critical",
    "A target could not be planned",
    "The other targets are planned. Correct what the message says, and plan again.",
)
_ALONE = f"Apply leaves it alone, unless as many are allowed; {said(ways_out())}."
TOUCHED = {
    kind: Kind(
        str(kind),
        "warning",
        "major",
        kind.facts.meaning.removesuffix("."),
        kind.facts.advice if kind.facts.written else _ALONE,
    )
    for kind in ChangeClass
    if kind.facts.touched
}
_APPLY = "Nothing is written yet: review the values, then apply the plan."
CLEAR = Kind("clear", "warning", "minor", "Apply would clear a field", _APPLY)
SET = Kind("set", "note", "info", "Apply would set a field", _APPLY)
_WORRY = {
    Severity.WAITING: ("note", "minor"),
    Severity.TO_DECIDE: ("warning", "major"),
    Severity.WRONG: ("error", "critical"),
}
_AGAIN = "Plan again: what came true is not written twice, and what did not is planned anew."
_ENDED = {
    kind.type: Kind(f"apply-{kind.key}", *_WORRY[kind.severity], kind.title, _AGAIN)
    for kind in KINDS.values()
    if not kind.done
}
# What waits until somebody decides comes first.
_FIRST = (
    *(kind for one, kind in TOUCHED.items() if not one.facts.written),
    *(_ENDED[kind.type] for kind in KINDS.values() if kind.severity is Severity.TO_DECIDE),
)
_LEVELS = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding on one line.

    `fingerprint` stays the same when lines move or words change, and no two share it: it is made of
    what it is about, the file, and how many alike came before.
    """

    rule: str
    kind: Kind
    at: Source
    message: str
    fingerprint: str


@dataclass(slots=True)
class _Message:
    """One thing to say of a line; `case` is the one it is about while it is about one only."""

    kind: Kind
    at: Source
    message: str
    identity: tuple[str, ...]
    rule: str = ""
    case: str = ""
    count: int = 1


def findings(subject: Subject) -> tuple[Finding, ...]:
    """Every finding, the gravest first, then by source.

    Messages of one rule on one line are one finding, since readers take two for the same.
    Problems have columns of their own, and stay apart.
    """
    lines: dict[tuple[object, ...], list[_Message]] = {}
    for one in _messages(subject):
        place = one.at if one.kind is PROBLEM else one.at[:2]
        key = (one.kind not in _FIRST, _LEVELS[one.kind.level], *place, one.kind.id, one.rule)
        lines.setdefault(key, []).append(one)
    seen: dict[tuple[str, ...], int] = {}
    return tuple(_finding(lines[key], subject, seen) for key in sorted(lines))


def _finding(said: list[_Message], subject: Subject, seen: dict[tuple[str, ...], int]) -> Finding:
    said.sort(key=lambda one: (-one.count, one.message))
    first = said[0]
    message = "; ".join(one.message for one in said[:MOST_TOLD])
    if len(said) > MOST_TOLD:
        message += f"; and {sum(one.count for one in said[MOST_TOLD:]):,} more"
    about = {text for one in said for text in one.identity}
    alone = first.case if len(said) == first.count == 1 else ""
    path = subject.links.path(first.at)
    identity = (first.kind.id, first.rule, path, alone, *sorted(about))
    seen[identity] = seen.get(identity, 0) + 1
    return Finding(
        rule=visible(first.rule or first.kind.id),
        kind=first.kind,
        at=min(one.at for one in said),
        message=message,
        fingerprint=_digest((*identity, str(seen[identity]))),
    )


def _digest(parts: Iterable[str]) -> str:
    # Lengths are hashed too, so that no text can pass for the border between two.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _messages(subject: Subject) -> Iterator[_Message]:
    yield from map(_problem, subject.problems)
    plan = subject.plan
    if plan is None:
        return
    if subject.outcomes:
        yield from _outcomes(plan, subject.outcomes)
    for target in plan.targets:
        if target.error is not None:
            message = f"{visible(target.name)} could not be planned: {visible(target.error)}"
            yield _Message(FAILED, _CONFIG, message, (target.name,))
        if not subject.outcomes:
            yield from _changes(target, fate(subject, target))
            yield from (_guard(one, target) for one in target.blocked_by)
        yield from (_unreadable(case, target) for case in target.unreadable)


def _problem(problem: Problem) -> _Message:
    hint = f" ({visible(problem.hint)})" if problem.hint else ""
    message = f"{visible(problem.message)}{hint}"
    return _Message(PROBLEM, problem.at, message, (), problem.code)


def _guard(blocker: Blocker, target: TargetPlan) -> _Message:
    message = f"{visible(target.name)}: {visible(blocker.message)}"
    message += f"; to allow it: {visible(flag_of(blocker))}"
    identity = (target.name, blocker.scope)
    return _Message(GUARD, _first(target), message, identity, f"guard-{blocker.guard}")


def _first(target: TargetPlan) -> Source:
    """Scanners drop findings without a line; a guard's is that of the first change."""
    places = (entry.source for change in target.changes for entry in change.fields)
    return min(places, default=_CONFIG)


def _unreadable(case: UnreadableCase, target: TargetPlan) -> _Message:
    message = f"{visible(case.case)} of {visible(target.name)} could not be read: "
    message += f"{visible(case.reason)}: {visible(case.detail)}"
    return _Message(UNREADABLE, case.source, message, (target.name, case.case, case.reason))


def _changes(target: TargetPlan, conflicts: Fate) -> Iterator[_Message]:
    alike: dict[tuple[object, ...], list[tuple[CaseChange, FieldChange]]] = {}
    for case in target.changes:
        for entry in case.fields:
            at = entry.source
            key = (entry.change_class, at.file, at.line, entry.id, change_words(entry))
            alike.setdefault(key, []).append((case, entry))
    for found in alike.values():
        yield _change(found, target, conflicts)


def _change(
    found: list[tuple[CaseChange, FieldChange]], target: TargetPlan, conflicts: Fate
) -> _Message:
    case, entry = found[0]
    cases = plural(len(found), "case") if found[1:] else f"case {visible(case.case_id)}"
    message = f"{change_words(entry)}, on {cases} of {visible(target.name)}"
    histories = [one.last_change for _, one in found if one.last_change]
    if histories:
        last = max(histories, key=lambda one: one.at)
        message += f", {history_words(last, entry.type)}"
    facts = entry.change_class.facts
    if not facts.written:
        fate_words = f"{facts.counted}, {conflicts.word}"
        message = f"{facts.sign} {fate_words}: {message}; {said(conflicts.ways())}"
    kind = TOUCHED.get(entry.change_class, CLEAR if entry.clears else SET)
    identity = (target.name, entry.id, entry.policy)
    at = min(one.source for _, one in found)
    return _Message(kind, at, message, identity, case=case.case_id, count=len(found))


def _outcomes(plan: Plan, outcomes: tuple[Outcome, ...]) -> Iterator[_Message]:
    places = first_places(plan)
    for outcome in outcomes:
        kind = _ENDED.get(type(outcome))
        if kind is None:
            continue
        at = places.get((outcome.target, outcome.case_id), _CONFIG)
        named = f"case {visible(outcome.case_id)} of {visible(outcome.target)}"
        message = f"{named}: {'; '.join(outcome_words(outcome))}"
        yield _Message(kind, at, message, (outcome.target,), case=outcome.case_id)
