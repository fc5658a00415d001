"""A subject as text for a terminal, a log or a file."""

from reconciler.report.escaping import visible
from reconciler.report.subject import Subject
from reconciler.report.text.outcomes import outcome_text
from reconciler.report.text.plan import TextOptions, plan_text
from reconciler.report.text.terminal import rendered


def report(subject: Subject) -> str:
    """The outcomes of an apply, else the plan, else the problems, a line each."""
    if subject.problems:
        return "".join(f"{visible(str(problem))}\n" for problem in subject.problems)
    plan = subject.plan
    if plan is None:
        return "no problems\n"
    if subject.command == "apply":
        titles = {change.case_id: change.title for one in plan.targets for change in one.changes}
        lines = outcome_text(subject.outcomes, titles, plan)
    else:
        drift = subject.command == "drift"
        options = TextOptions(
            full=subject.full,
            brief=subject.brief,
            limits=subject.limits,
            drift=drift,
            allowed_conflicts=subject.allowed_conflicts,
        )
        lines = plan_text(plan, options)
    return rendered(lines, colour=subject.colour, width=subject.width)
