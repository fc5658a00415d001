"""Reach the targets of an apply: all that can be, and why the others cannot."""

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.apply.run import ApplyAccess
from reconciler.errors import Blocked, Interrupted, ReconcilerError, Stopped
from reconciler.model.plan import Plan, TargetPlan
from reconciler.parallel import Lanes


@dataclass(frozen=True, slots=True)
class Reached:
    """The targets that can be written, and for the others why not."""

    accesses: dict[str, ApplyAccess]
    failed: dict[str, str]


def reach(
    plan: Plan,
    access: Callable[[TargetPlan], ApplyAccess],
    lanes: Lanes,
    lane: Callable[[TargetPlan], str],
) -> Reached:
    """Every target of a plan, the lanes at once; one that cannot be reached fails alone.

    Raises when none can be reached, and when a guard refuses: that is one decision for all.
    """

    def tried(target: TargetPlan) -> ApplyAccess | ReconcilerError:
        try:
            return access(target)
        except (Interrupted, Stopped):
            raise
        except ReconcilerError as error:
            if isinstance(error, Blocked) and error.refusals:
                raise
            return _named(target.name, error)

    planned = [target for target in plan.targets if target.error is None]
    names = [target.name for target in planned]
    found = dict(zip(names, lanes.each(tried, planned, lane), strict=True))
    failed = {one: error for one, error in found.items() if isinstance(error, ReconcilerError)}
    if failed and len(failed) == len(found):
        raise _together([*failed.values()], alone=len(plan.targets) == 1)
    return Reached(
        {one: got for one, got in found.items() if isinstance(got, ApplyAccess)},
        {one: str(error).replace("\n", "; ") for one, error in failed.items()},
    )


def _together(failed: list[ReconcilerError], *, alone: bool) -> ReconcilerError:
    """What to raise when no target is left."""
    if alone:
        return failed[0]
    return ReconcilerError(*(line for one in failed for line in str(one).splitlines()))


def _named(name: str, error: ReconcilerError) -> ReconcilerError:
    """The same error, whose words name the target."""
    said = f"target {name}"
    if not str(error).startswith(said):
        error.args = (f"{said}: {error.args[0]}", *error.args[1:])
    return error
