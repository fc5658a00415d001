"""A subject as JSON for programs: the plan file itself, or the problems, or the outcomes."""

import json
from typing import Any

from reconciler.model.event import Conflict
from reconciler.model.outcomes import by_urgency
from reconciler.plan.file.data import to_data
from reconciler.report.conflicts import conflicts_data, ways_of
from reconciler.report.subject import Subject
from reconciler.state.event_data import event_data
from reconciler.state.tally import written_unclassified


def report(subject: Subject) -> str:
    """The plan, else the problems, or the plan with its outcomes."""
    data: Any
    if subject.problems or subject.plan is None:
        data = [problem.data() for problem in subject.problems]
    elif subject.command == "apply":
        ended = by_urgency(subject.outcomes)
        data = {
            "plan": to_data(subject.plan),
            "outcomes": [event_data(outcome) for outcome in ended],
            "unclassified_written": written_unclassified(subject.plan, ended),
        }
        if left := [_left_alone(one) for one in ended if isinstance(one, Conflict)]:
            data["conflicts"] = left
    else:
        data = to_data(subject.plan)
        if found := conflicts_data(subject, subject.plan):
            data["conflicts"] = found
    return json_text(data)


def _left_alone(one: Conflict) -> dict[str, str]:
    """What somebody has to decide; its values stand among the outcomes."""
    return {
        "target": one.target,
        "case_id": one.case_id,
        "by": one.changed_by,
        "at": one.changed_at,
        "ways_out": ways_of(one),
    }


def json_text(data: object) -> str:
    """Sorted keys and an indent of one, so that two of them can be compared line by line."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)
    return "".join(f"{_harmless(line)}\n" for line in text.split("\n"))


def _harmless(line: str) -> str:
    """What would act on a terminal, or not be seen, as JSON's own escape: the data is the same."""
    if line.isprintable():
        return line
    return "".join(one if one.isprintable() else _escape(one) for one in line)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else json.dumps(character)[1:-1]
