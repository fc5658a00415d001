"""One line a target, before everything else about any of them."""

from collections.abc import Iterator

from reconciler.model.plan import Plan, TargetPlan
from reconciler.report.escaping import cut
from reconciler.report.markdown.escaping import code, table, words
from reconciler.report.markdown.target import counts
from reconciler.report.sentences import counts_words
from reconciler.report.subject import Subject
from reconciler.state.tally import counted

_NAME = 60
_WHY = 200  # characters of an error; the rest stands below


def overview(subject: Subject, plan: Plan) -> Iterator[str]:
    """A table of the targets, where there are several."""
    if len(plan.targets) < 2:
        return
    applied = subject.command == "apply"
    result = _applied if applied else _planned
    rows = ([code(one.name, _NAME), _place(one), result(subject, one)] for one in plan.targets)
    yield from table(["target", "account and Region", "result" if applied else "changes"], rows)
    yield ""


def _place(target: TargetPlan) -> str:
    known = [one for one in (target.account, target.region) if one]
    return " · ".join(code(one, _NAME) for one in known) or "*not known*"


def _planned(_: Subject, target: TargetPlan) -> str:
    if target.error is not None:
        return _failed("planned", target)
    said = ["no changes"] * (not target.changes) + list(counts((target,)))
    return ", ".join(said)


def _applied(subject: Subject, target: TargetPlan) -> str:
    found = counts_words(counted(one for one in subject.outcomes if one.target == target.name))
    if target.error is None:
        return found
    said = _failed("applied", target)
    return f"{found}; {said}" if target.changes else said


def _failed(word: str, target: TargetPlan) -> str:
    why = str(target.error).removeprefix(f"target {target.name}: ")
    return f"**not {word}**: {words(cut(why, _WHY))}"
