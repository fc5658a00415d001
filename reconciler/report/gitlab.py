"""A plan's counts as GitLab's `artifacts:reports:terraform`, for the widget of a merge request."""

import json

from reconciler.model.plan import Plan
from reconciler.plan.conflicts import in_conflict
from reconciler.report.conflicts import fate
from reconciler.report.subject import Subject


def report(subject: Subject) -> str:
    """The widget reads `0 to add, 30 to change, 0 to delete`: what changes is cases.

    A case is what Terraform would call a resource, and none is ever created or deleted: a field
    that is cleared is a case that changes. A case in conflict that apply leaves alone does not.
    GitLab keeps one report a job, so all targets are counted together. Without a plan there is
    nothing to count, and zeros would say that nothing
    changes: with no keys the widget says that a report could not be generated, which is so.
    """
    counts = {}
    if subject.plan is not None:
        counts = {"create": 0, "update": _written(subject, subject.plan), "delete": 0}
    return json.dumps(counts) + "\n"


def _written(subject: Subject, plan: Plan) -> int:
    """How many cases apply would write."""
    count = 0
    for target in plan.targets:
        written = fate(subject, target).written
        count += sum(written or not in_conflict(change) for change in target.changes)
    return count
