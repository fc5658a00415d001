"""A subject as Markdown, for comments on pull requests and for summaries of CI runs.

It always fits: GitHub takes 65,536 characters of a comment, and what asks for more is cut with
its counts stated, the details first.
"""

from collections.abc import Iterable, Iterator

from reconciler.model.classes import TOUCHED
from reconciler.model.diagnostic import Problem
from reconciler.model.outcomes import kind_of
from reconciler.model.plan import Plan, TargetPlan
from reconciler.model.plural import plural
from reconciler.plan.file.data import changes_digest
from reconciler.report.markdown.alerts import conflicts, failed
from reconciler.report.markdown.diff import diff
from reconciler.report.markdown.escaping import (
    code,
    link,
    marker,
    moment,
    rest,
    size,
    span,
    table,
    words,
)
from reconciler.report.markdown.outcomes import advice, outcomes
from reconciler.report.markdown.overview import overview
from reconciler.report.markdown.target import (
    blocked,
    changes,
    costs,
    counts,
    domain,
    facts,
    heading,
    ignored,
    place,
    unreadable,
)
from reconciler.report.sentences import unclassified_words
from reconciler.report.subject import Links, Subject
from reconciler.report.view import as_told
from reconciler.state.tally import is_complete

MOST = 60_000  # of the 65,536 that GitHub takes, so that a workflow can add lines of its own
_ROWS = (100, 30, 10, 3)  # rows a table may have, from what is tried first to what is tried last
_READ_AGAIN = (
    "Each case is read again right before its write; a value that somebody has changed by then is "
    "reported as a conflict, and not overwritten."
)
_WAYS_OUT = (
    "For each value that left the specs: restore it with `reconcile apply`, accept what is live "
    "with `reconcile accept --case ID --field NAME`, or stop managing it with an ignore rule."
)
_TARGETS = 50  # targets named where not even three rows of each fit


def report(subject: Subject) -> str:
    """The whole comment; its first line is hidden, and the same for the same targets."""
    for most in _ROWS:
        text = _text(_lines(subject, most))
        if size(text) <= MOST:
            return text
    return _text(_shortest(subject))


def _lines(subject: Subject, most: int) -> Iterator[str]:
    plan = subject.plan
    if subject.problems or plan is None:
        yield from _problems(subject, most)
    elif subject.command == "apply":
        yield from _applied(subject, plan, most)
    else:
        yield from _planned(subject, as_told(subject.command, plan), most)


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"


def _problems(subject: Subject, most: int) -> Iterator[str]:
    yield marker(subject.limits)
    found = subject.problems
    if not found:
        yield f"## reconcile {subject.command}: no problems"
        yield ""
        yield "Every spec is well formed."
        return
    files = len({one.at.file for one in found})
    where = f"{plural(len(found), 'problem')} in {plural(files, 'file')}"
    yield f"## reconcile {subject.command}: {where}"
    yield ""
    if subject.command != "validate":
        yield "Nothing was planned, and nothing was written."
        yield ""
    cells = (_problem(one, subject.links) for one in found[:most])
    yield from table(["where", "what was found", "what to do"], cells)
    yield from rest(len(found), most, "problem")


def _problem(one: Problem, links: Links) -> list[str]:
    found = f"{words(one.message)}<br>{code(one.code, 60)}"
    return [place(one.at, links), found, words(one.hint) if one.hint else ""]


def _planned(subject: Subject, plan: Plan, most: int) -> Iterator[str]:
    yield from _title(subject, plan)
    yield from overview(subject, plan)
    sections = [list(_target(subject, target, most)) for target in plan.targets]
    pending = subject.plan.changed_fields - plan.changed_fields if subject.plan else 0
    closing = ["**Next:** " + _next(subject, plan)]
    if pending:
        waiting = (
            f"{plural(pending, 'field')} pending; `reconcile plan` shows what is to be applied."
        )
        closing = [waiting, "", *closing]
    # The diff gets what room is left; tables are what a reviewer needs first.
    taken = sum(size(line) + 1 for part in (*sections, closing) for line in part)
    room = (MOST - 2_000 - taken) // max(1, len(sections))
    for target, lines in zip(plan.targets, sections, strict=True):
        yield from lines
        yield from diff(target, room, full=subject.full)
    yield from closing
    if plan.failed:
        names = ", ".join(code(target.name, 60) for target in plan.failed)
        yield ""
        word = "applied" if subject.command == "apply" else "planned"
        yield f"**Not {word}:** {names}"


def _title(subject: Subject, plan: Plan) -> Iterator[str]:
    yield marker(target.name for target in plan.targets)
    only = f" {code(plan.targets[0].name, 60)}" if len(plan.targets) == 1 else ""
    yield f"## reconcile {subject.command}{only}: {_headline(subject, plan)}"
    yield ""
    yield _origin(subject, plan)
    yield ""


def _headline(subject: Subject, plan: Plan) -> str:
    if subject.command == "apply":
        total = len(subject.outcomes)
        done = sum(kind_of(one).done for one in subject.outcomes)
        ending = "complete" if is_complete(plan, subject.outcomes) else "incomplete"
        failed = f", {plural(len(plan.failed), 'target')} not applied" if plan.failed else ""
        return f"{ending}, {done:,} of {plural(total, 'case')} done{failed}"
    nothing = "no drift" if subject.command == "drift" else "no changes"
    said = [nothing] * (not plan.changed_cases) + list(counts(plan.targets))
    if plan.failed:
        said.append(f"{plural(len(plan.failed), 'target')} not planned")
    return ", ".join(said).replace("**", "")


def _origin(subject: Subject, plan: Plan) -> str:
    """Which commit, how many specs, and the digest that `apply --expect` takes."""
    links = subject.links
    git = plan.git
    commit = link(code(git.commit[:7]), links.commit) if git.commit else "no commit"
    branch = f" on {code(git.branch, 60)}" if git.branch else ""
    dirty = ", with uncommitted edits" if git.dirty else ""
    said = [
        f"{commit}{branch}{dirty}",
        plural(len(plan.spec_files), "spec file"),
        f"planned {moment(plan.created_at)}",
    ]
    if subject.command != "drift":
        said.append(f"changes {span(changes_digest(plan)[:12])}")
    if plan.rollback_of:
        said.append(f"rolls back plan {code(plan.rollback_of[:12])}")
    if links.run:
        said.append(link("run", links.run))
    return " · ".join(said)


def _target(subject: Subject, target: TargetPlan, most: int) -> Iterator[str]:
    if subject.plan and len(subject.plan.targets) > 1:
        yield heading(target)
        yield ""
    if target.error is not None:
        yield from failed(target)
        return
    yield facts(target)
    yield ""
    yield from conflicts(target, subject)
    yield from blocked(target, most)
    yield from changes(target, subject.links, most)
    yield from unreadable(target, subject.links, most)
    yield from ignored(target, subject.links, most)
    if subject.command != "drift":
        yield from costs(target, subject.limits.get(target.name))


def _next(subject: Subject, plan: Plan) -> str:
    if subject.command == "drift":
        return f"nothing was written. {_WAYS_OUT}" if plan.changed_cases else "nothing."
    if not plan.changed_cases:
        return "nothing; `reconcile apply` would not write."
    if plan.blocked:
        return (
            "`reconcile apply` refuses until every guard above is lifted by its own flag, its "
            "limit is raised in the config, or the specs change less."
        )
    if plan.rollback_of:
        return (
            "`reconcile apply PLANFILE`, or `reconcile rollback RECEIPT --yes`, rolls back "
            f"these values, and no others. {_READ_AGAIN}"
        )
    command = f"`reconcile apply --expect {changes_digest(plan)[:12]}`"
    ways = f" {_WAYS_OUT}" if any(plan.classes[kind] for kind in TOUCHED) else ""
    return f"{command} writes these changes and no others. {_READ_AGAIN}{ways}"


def _applied(subject: Subject, plan: Plan, most: int) -> Iterator[str]:
    yield from _title(subject, plan)
    yield from overview(subject, plan)
    titles = {change.case_id: change.title for one in plan.targets for change in one.changes}
    domains = {target.name: domain(target) for target in plan.targets}
    names = dict.fromkeys([*domains, *(one.target for one in subject.outcomes)])
    for name in names:
        if len(names) > 1:
            yield f"### {code(name, 60)}"
            yield ""
        yield domains.get(name, "")
        yield ""
        found = [one for one in subject.outcomes if one.target == name]
        yield from outcomes(found, titles, most)
    if unclassified := unclassified_words(plan, subject.outcomes):
        yield f"{unclassified}: no history told whether somebody else had changed them."
        yield ""
    yield from advice(subject.plan, subject.outcomes)


def _shortest(subject: Subject) -> Iterator[str]:
    """A line for each target, where there is room for no more."""
    plan = subject.plan
    if plan is None:
        yield from _problems(subject, 1)
        return
    yield from _title(subject, plan)
    yield from (f"- {heading(target).lstrip('# ')}" for target in plan.targets[:_TARGETS])
    if len(plan.targets) > _TARGETS:
        yield f"- and {plural(len(plan.targets) - _TARGETS, 'target')} more"
    yield ""
    yield "The rest does not fit into a comment; `reconcile show` prints a saved plan whole."
