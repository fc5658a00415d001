"""Keep Amazon Connect case fields equal to the values written in YAML specs.

What `__all__` names is public; all else is private, and may change with any release. Nothing here
writes to stdout, listens to signals, ends the process, or reads the working directory or the
environment after `Project.load`. Everything is synchronous; one `Project` belongs to one thread,
and any number of them may be at work at once.

    from reconciler import Limits, Project

    with Project.load("reconcile.yaml") as project:
        plan = project.plan()
        print(plan.render("text"))
        with project.apply(plan, limits=Limits(cases=250)) as run:
            for outcome in run:
                print(outcome.case_id, type(outcome).__name__)
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from reconciler.errors import AuthorErrors as AuthorErrors
    from reconciler.errors import Blocked as Blocked
    from reconciler.errors import CallError as CallError
    from reconciler.errors import PlanMisfit as PlanMisfit
    from reconciler.errors import ReconcilerError as ReconcilerError
    from reconciler.errors import Unwritable as Unwritable
    from reconciler.errors import WrongArgument as WrongArgument
    from reconciler.project.accepting import Accepted as Accepted
    from reconciler.project.catalogs import Catalog as Catalog
    from reconciler.project.exporting import Export as Export
    from reconciler.project.ignoring import NewRules as NewRules
    from reconciler.project.importing import Imported as Imported
    from reconciler.project.limits import Limits as Limits
    from reconciler.project.outcomes import AlreadyDone as AlreadyDone
    from reconciler.project.outcomes import Applied as Applied
    from reconciler.project.outcomes import Conflict as Conflict
    from reconciler.project.outcomes import Failed as Failed
    from reconciler.project.outcomes import NotAttempted as NotAttempted
    from reconciler.project.outcomes import Outcome as Outcome
    from reconciler.project.outcomes import Unknown as Unknown
    from reconciler.project.outcomes import Unverified as Unverified
    from reconciler.project.plans import Plan as Plan
    from reconciler.project.plans import TargetPlan as TargetPlan
    from reconciler.project.project import Project as Project
    from reconciler.project.running import Receipt as Receipt
    from reconciler.project.running import Run as Run

# Where each public name is. They are loaded when they are asked for: whoever needs the command's
# version, or an editor's `validate`, waits for none of them.
_HOMES = {
    "Accepted": "project.accepting",
    "Catalog": "project.catalogs",
    "Export": "project.exporting",
    "Imported": "project.importing",
    "NewRules": "project.ignoring",
    "AlreadyDone": "project.outcomes",
    "Applied": "project.outcomes",
    "AuthorErrors": "errors",
    "Blocked": "errors",
    "CallError": "errors",
    "Conflict": "project.outcomes",
    "Failed": "project.outcomes",
    "Limits": "project.limits",
    "NotAttempted": "project.outcomes",
    "Outcome": "project.outcomes",
    "Plan": "project.plans",
    "PlanMisfit": "errors",
    "Project": "project.project",
    "Receipt": "project.running",
    "ReconcilerError": "errors",
    "Run": "project.running",
    "TargetPlan": "project.plans",
    "Unknown": "project.outcomes",
    "Unverified": "project.outcomes",
    "Unwritable": "errors",
    "WrongArgument": "errors",
}

__all__ = (
    "__version__",
    *_HOMES,
)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
