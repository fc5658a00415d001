"""Tell a plan file from spec files among the paths of a command line."""

from collections.abc import Sequence
from pathlib import Path

from reconciler.errors import ReconcilerError


def plan_among(paths: Sequence[Path]) -> Path | None:
    """The one path given, when it is a plan file (whole or not) and no spec."""
    plans = [path for path in paths if looks_like_a_plan(path)]
    if plans and len(paths) > 1:
        raise ReconcilerError(f"{plans[0]} is a plan file; apply it alone")
    return plans[0] if plans else None


def looks_like_a_plan(path: Path) -> bool:
    """Whether a file is JSON and no spec: a plan, or what somebody takes for one."""
    if path.suffix != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(65_536)
    return b'"apiVersion"' not in head


def ends(until: str) -> bool:
    """Whether a text is a day, or a time with an offset."""
    from reconciler.model.ignore import end_of

    return end_of(until) is not None


def check_expectation(expected: str) -> None:
    """What is expected must be a plan file, or look like a digest; found out before any call."""
    from reconciler.plan.file.saved import check_expectation as check

    check(expected)
