"""A subject as JSON for programs: the plan file itself, or the problems, or the outcomes."""

import json

from reconciler.engine.event_data import event_data
from reconciler.engine.plan_data import to_data
from reconciler.report.subject import Subject


def report(subject: Subject) -> str:
    """The plan, else the problems, or the plan with its outcomes."""
    data: object
    if subject.problems or subject.plan is None:
        data = [problem.data() for problem in subject.problems]
    elif subject.command == "apply":
        data = {
            "plan": to_data(subject.plan),
            "outcomes": [event_data(outcome) for outcome in subject.outcomes],
        }
    else:
        data = to_data(subject.plan)
    return json_text(data)


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
