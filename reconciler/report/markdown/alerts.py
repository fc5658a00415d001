"""What stands before everything else about a target, in Markdown: its error, its conflicts."""

from collections.abc import Iterator

from reconciler.model.plan import TargetPlan
from reconciler.report.conflicts import CAUSE, fate, said
from reconciler.report.markdown.escaping import code, span, words
from reconciler.report.subject import Subject


def failed(target: TargetPlan) -> Iterator[str]:
    """Why a target could not be planned."""
    yield "> [!CAUTION]"
    name, why = code(target.name, 60), words(target.error or "")
    yield f"> **Target {name} could not be planned:** {why}"
    yield ""


def conflicts(target: TargetPlan, subject: Subject) -> Iterator[str]:
    """What becomes of the values in conflict, and the ways out."""
    found = fate(subject, target)
    if not found.count:
        return
    yield "> [!CAUTION]"
    yield f"> **{found.heading}:** {CAUSE}. {found.sentence} For each: {said(found.ways(), span)}."
    yield ""
