"""What a step of GitHub Actions hands to later steps: one line a value."""

from collections.abc import Mapping

from reconciler.model.classes import ChangeClass
from reconciler.model.outcomes import KINDS
from reconciler.model.plan import Plan
from reconciler.model.plural import plural
from reconciler.plan.file.data import changes_digest
from reconciler.report.sentences import counts_words
from reconciler.report.subject import Subject
from reconciler.state.tally import counted, is_complete, written_unclassified


def outputs(subject: Subject, plan_path: str) -> Mapping[str, str]:
    """Names and values of `steps.ID.outputs`; every command sets every name but apply's counts.

    No value comes from a case or a spec, so none of them can be more than a word or a number.
    """
    plan = subject.plan
    classes = plan.classes if plan else {}
    found = {
        "changes": _flag(bool(plan and plan.changed_cases)),
        "blocked": _flag(bool(plan and plan.blocked)),
        "cases": str(plan.changed_cases if plan else 0),
        "fields": str(plan.changed_fields if plan else 0),
        **{
            kind.facts.title: str(classes.get(kind, 0))
            for kind in ChangeClass
            if kind.facts.notable
        },
        "failed-targets": str(len(plan.failed) if plan else 0),
        "unreadable": str(plan.unreadable_cases if plan else 0),
        "problems": str(len(subject.problems)),
        "digest": changes_digest(plan) if plan else "",
        "plan-path": _one_line(plan_path),
        "summary": _summary(subject),
    }
    if subject.command == "apply" and plan:
        found |= {KINDS[name].key: str(count) for name, count in counted(subject.outcomes)}
        found["unclassified-written"] = str(written_unclassified(plan, subject.outcomes))
        found["complete"] = _flag(is_complete(plan, subject.outcomes))
    return found


def _flag(truth: bool) -> str:
    return "true" if truth else "false"


def _one_line(path: str) -> str:
    """A path with a line break in it could set other outputs, and is not told."""
    return path if path.splitlines() in ([path], []) else ""


def _summary(subject: Subject) -> str:
    plan = subject.plan
    if subject.problems:
        return f"{plural(len(subject.problems), 'problem')} in specs"
    if plan is None:
        return "no problems in specs"
    return counts_words(counted(subject.outcomes)) if subject.command == "apply" else _plan(plan)


def _plan(plan: Plan) -> str:
    classes = plan.classes
    said = ["no changes"]
    if plan.changed_cases:
        said = [
            f"{plural(plan.changed_fields, 'field')} on {plural(plan.changed_cases, 'case')} "
            "to change"
        ]
    said.extend(
        f"{classes[kind]:,} {kind.facts.counted}"
        for kind in ChangeClass
        if kind.facts.notable and classes[kind]
    )
    if plan.unreadable_cases:
        said.append(f"{plan.unreadable_cases:,} unreadable")
    if plan.blocked:
        said.append("blocked by a guard")
    if plan.failed:
        said.append(f"{plural(len(plan.failed), 'target')} not planned")
    return ", ".join(said)
