"""A subject as JUnit XML, which CI systems show as tests."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reconciler.model.classes import ChangeClass
from reconciler.model.diagnostic import Problem
from reconciler.model.event import Outcome
from reconciler.model.outcomes import Severity, by_urgency, kind_of
from reconciler.model.plan import Blocker, CaseChange, FieldChange, Plan, TargetPlan
from reconciler.model.plural import plural
from reconciler.plan.conflicts import in_conflict
from reconciler.plan.guard import flag_of
from reconciler.report.conflicts import CAUSE, Fate, fate, said
from reconciler.report.escaping import visible
from reconciler.report.sentences import (
    change_words,
    history_words,
    outcome_words,
    place_words,
)
from reconciler.report.subject import Links, Subject
from reconciler.state.tally import written_unclassified

_RESULTS = {"failure": "failures", "error": "errors", "skipped": "skipped"}


@dataclass(frozen=True, slots=True)
class _Test:
    """`result` is the element that says it did not pass, or empty; the last two are of it."""

    name: str
    text: tuple[str, ...] = ()
    result: str = ""
    type: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Suite:
    name: str
    tests: tuple[_Test, ...]
    facts: tuple[tuple[str, object], ...]
    note: tuple[str, ...] = ()


def report(subject: Subject) -> str:
    """A suite for each target and a test for each case that is not as its spec wants it.

    Only what Jenkins' schema knows is written, which GitLab and the reporters for GitHub read
    too: it has no room for a file and a line, so these stand in the text. A test that does not
    pass has no system-out: there GitLab would take a value for the path of an attachment.
    """
    suites = tuple(_suites(subject))
    root = ET.Element("testsuites", name=f"reconcile {subject.command}", time="0")
    _count(root, [test for suite in suites for test in suite.tests], ("failures", "errors"))
    at = visible(subject.plan.created_at) if subject.plan else ""
    for suite in suites:
        _write(root, suite, at)
    ET.indent(root, " ")
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suites(subject: Subject) -> Iterator[_Suite]:
    plan = subject.plan
    if subject.problems or plan is None:
        yield _specs(subject)
    elif subject.outcomes:
        yield from _applied(plan, subject)
    else:
        yield from (
            _target(target, subject) if target.error is None else _failed(target)
            for target in plan.targets
        )


def _specs(subject: Subject) -> _Suite:
    files: dict[str, list[Problem]] = {}
    for problem in subject.problems:
        files.setdefault(subject.links.path(problem.at), []).append(problem)
    tests = [_file(path, problems, subject.links) for path, problems in files.items()]
    facts = (("problems", len(subject.problems)), ("files_with_problems", len(files)))
    return _Suite("specs", tuple(tests) or (_Test("all specs"),), facts)


def _file(path: str, problems: Sequence[Problem], links: Links) -> _Test:
    lines = (
        f"{place_words(one.at, links)}: {visible(one.code)}: {visible(one.message)}"
        + (f" ({visible(one.hint)})" if one.hint else "")
        for one in problems
    )
    text = (plural(len(problems), "problem"), *lines)
    return _Test(visible(path), text, "failure", "problems")


def _target(target: TargetPlan, subject: Subject) -> _Suite:
    found, cases = fate(subject, target), target.changes
    tests = (
        *(_case(change, subject, found) for change in cases if in_conflict(change)),
        *_guards(target.blocked_by),
        *(_case(change, subject, found) for change in cases if not in_conflict(change)),
        *_unreadable(target, subject.links),
    )
    return _Suite(visible(target.name), tests, _facts(target), _note(target, subject.links))


def _failed(target: TargetPlan) -> _Suite:
    text = (f"the target could not be planned: {visible(target.error or '')}",)
    test = _Test("target", text, "error", "target")
    return _Suite(visible(target.name), (test,), _facts(target))


def _guards(blockers: Sequence[Blocker]) -> Iterator[_Test]:
    if not blockers:
        yield _Test("guards")
    for one in blockers:
        scope = f" ({visible(one.scope)})" if one.scope else ""
        text = (visible(one.message), f"to allow it: {visible(flag_of(one))}")
        yield _Test(f"guards: {visible(one.guard)}{scope}", text, "failure", "guard")


def _case(change: CaseChange, subject: Subject, found: Fate) -> _Test:
    name = _name(change.case_id, change.title)
    lines = tuple(_field(entry, subject.links) for entry in change.fields)
    # `drift` without a history to read has found a difference, and that is its matter.
    drift = subject.command == "drift"
    for kind in (
        one for one in ChangeClass if one.facts.touched or (drift and not one.facts.known)
    ):
        names = [visible(one.name) for one in change.fields if one.change_class is kind]
        if names:
            type_ = str(kind) if kind.facts.known else "difference"
            message = f"{type_}: {', '.join(names)}"
            if not kind.facts.written:
                message = f"{kind.facts.sign} {message}: {found.word}"
                lines = (*lines, f"{CAUSE}; {said(found.ways(change.case_id))}")
            return _Test(name, lines, "failure", type_, message)
    return _Test(name, lines)


def _name(case_id: str, title: str) -> str:
    return visible(f"{case_id} {title}" if title else case_id)


def _field(entry: FieldChange, links: Links) -> str:
    last = entry.last_change
    kind = f" [{entry.change_class}]" if entry.change_class.facts.known else ""
    history = f"; {history_words(last, entry.type)}" if last else ""
    return f"{change_words(entry)}{kind} ({place_words(entry.source, links)}){history}"


def _unreadable(target: TargetPlan, links: Links) -> Iterator[_Test]:
    for one in target.unreadable:
        text = f"{visible(one.reason)}: {visible(one.detail)} ({place_words(one.source, links)})"
        yield _Test(visible(one.case), ("the case could not be read", text), "error", "unreadable")


def _facts(target: TargetPlan) -> tuple[tuple[str, object], ...]:
    return (
        ("domain", target.domain_name),
        ("account", target.account),
        ("region", target.region),
        ("read_at", target.read_at),
        ("cases_managed", target.cases_managed),
        ("cases_in_sync", target.cases_in_sync),
        ("cases_to_change", len(target.changes)),
        ("cases_unreadable", len(target.unreadable)),
        ("fields_ignored", len(target.ignored)),
    )


def _note(target: TargetPlan, links: Links) -> tuple[str, ...]:
    count = plural(target.cases_in_sync, "case")
    said = f"{count} in sync, counted among the properties and not listed as tests"
    ignored = (
        f"ignored: {visible(one.name)} of case {visible(one.case_id)}: {visible(one.reason)}"
        + (f", until {visible(one.until)}" if one.until else "")
        + f" ({place_words(one.source, links)})"
        for one in target.ignored
    )
    return (said, *ignored)


def _applied(plan: Plan, subject: Subject) -> Iterator[_Suite]:
    targets = {target.name: target for target in plan.targets}
    ended: dict[str, list[Outcome]] = {name: [] for name in targets}
    for outcome in by_urgency(subject.outcomes):
        ended.setdefault(outcome.target, []).append(outcome)
    for name, outcomes in ended.items():
        target = targets.get(name)
        cases = target.changes if target else ()
        titles = {change.case_id: change.title for change in cases}
        tests = [_ended(outcome, titles.get(outcome.case_id, "")) for outcome in outcomes]
        facts: tuple[tuple[str, object], ...] = (("outcomes", len(outcomes)),)
        if target:
            tests.extend(_unreadable(target, subject.links))
            facts = (*_facts(target), *facts)
            unclassified = written_unclassified(replace(plan, targets=(target,)), outcomes)
            facts = (*facts, ("values_written_unclassified", unclassified))
        note = _note(target, subject.links) if target else ()
        yield _Suite(visible(name), tuple(tests), facts, note)


def _ended(outcome: Outcome, title: str) -> _Test:
    name, text, kind = _name(outcome.case_id, title), outcome_words(outcome), kind_of(outcome)
    if kind.done:
        return _Test(name, text)
    if kind.severity is Severity.WAITING:
        return _Test(name, text, "skipped")
    return _Test(name, text, "failure", kind.key)


def _write(root: ET.Element, suite: _Suite, at: str) -> None:
    element = ET.SubElement(root, "testsuite", name=suite.name, time="0")
    _count(element, suite.tests, tuple(_RESULTS.values()))
    if at:
        element.set("timestamp", at)
    properties = ET.SubElement(element, "properties")
    for key, value in suite.facts:
        ET.SubElement(properties, "property", name=key, value=visible(str(value)))
    seen: dict[str, int] = {}
    for test in suite.tests:
        # GitLab drops a test whose name it has seen.
        seen[test.name] = seen.get(test.name, 0) + 1
        again = f" ({seen[test.name]})" if seen[test.name] > 1 else ""
        _write_test(element, suite.name, test.name + again, test)
    if suite.note:
        ET.SubElement(element, "system-out").text = "\n".join(suite.note)


def _write_test(suite: ET.Element, classname: str, name: str, test: _Test) -> None:
    element = ET.SubElement(suite, "testcase", classname=classname, name=name, time="0")
    if not (test.text or test.result):
        return
    told = ET.SubElement(element, test.result or "system-out")
    told.text = "\n".join(test.text)
    if test.type:
        told.set("type", test.type)
        told.set("message", test.message or test.text[0])


def _count(element: ET.Element, tests: Iterable[_Test], names: tuple[str, ...]) -> None:
    results = [test.result for test in tests]
    element.set("tests", str(len(results)))
    for result, name in _RESULTS.items():
        if name in names:
            element.set(name, str(results.count(result)))
