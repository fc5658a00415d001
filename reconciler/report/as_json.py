"""A subject as JSON for programs: the plan file itself, or the problems, or the outcomes."""

import json

from reconciler.engine.event_data import event_data
from reconciler.engine.plan_data import to_data
from reconciler.report.subject import Subject


def report(subject: Subject) -> str:
    """Sorted keys and an indent of one, so that two of them can be compared line by line."""
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
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
