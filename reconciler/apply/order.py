"""Whether a target ended clean, so that those behind it may begin."""

from collections.abc import Iterable

from reconciler.model.event import Outcome
from reconciler.model.outcomes import KINDS, kind_of
from reconciler.model.plan import TargetPlan
from reconciler.model.plural import plural
from reconciler.state.tally import counted


def why_undone(target: TargetPlan, found: Iterable[Outcome]) -> str:
    """Why a target is not as its plan says; empty where it is."""
    if target.error is not None:
        return "it could not be planned"
    if target.unreadable:
        return f"{plural(len(target.unreadable), 'case')} could not be read"
    counts = counted(one for one in found if not kind_of(one).done)
    return ", ".join(f"{count:,} {KINDS[name].quantity}" for name, count in counts if count)


def held_back(name: str, why: str) -> str:
    """Why a target is not begun after another one that did not end clean."""
    return f"it comes after {name}, which is not done: {why}"
