"""A program that somebody else may write; `mypy --strict` finds nothing in it."""

import sys

from reconciler import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    Limits,
    NotAttempted,
    Outcome,
    Plan,
    Project,
    ReconcilerError,
    Unknown,
    Unverified,
)


def say(*values: object) -> None:
    sys.stdout.write(" ".join(map(str, values)) + "\n")


def words(outcome: Outcome) -> str:
    if isinstance(outcome, Failed):
        return f"{outcome.code}: {outcome.message}"
    if isinstance(outcome, Conflict | Unverified):
        return ", ".join(f"{one.name}: {one.live}" for one in outcome.differences)
    if isinstance(outcome, NotAttempted):
        return outcome.reason
    if isinstance(outcome, Unknown):
        return outcome.message
    assert isinstance(outcome, Applied | AlreadyDone)
    return "done"


def main(path: str) -> int:
    with Project.load(path, state=".reconcile", commit="1a2b3c4") as project:
        plan: Plan = project.plan(targets=["prod"], cases=None, mode="balanced")
        for target in plan.targets:
            error: ReconcilerError | None = target.error
            say(target.name, error)
            for change in target.changes:
                first = change.fields[0]
                say(change.case_id, first.before, first.after, first.change_class, first.source)
        say(plan.render("markdown"))
        plan.save("plan.json")
        with project.apply(Plan.load("plan.json"), limits=Limits(cases=250)) as run:
            for outcome in run:
                say(outcome.target, outcome.case_id, [one.id for one in outcome.fields])
                say(words(outcome))
        say(run.complete, run.counts["Failed"])
        if run.receipt is not None:
            project.apply(project.rollback(run.receipt)).close()
        return project.drift().changed_cases + len(project.history("c1").events)
