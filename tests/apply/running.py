"""Apply a plan to a FakeWorld in one line."""

from reconciler.apply.applying import apply_plan
from reconciler.apply.run import ApplyOrder
from reconciler.errors import OutcomeUnknown, Refused, Transient
from tests.builders import a_plan, case_change, live, target_plan
from tests.fakes import FakeWorld

LOST = OutcomeUnknown("no reply", code="connection")
DENIED = Refused("UpdateCase: denied", code="AccessDeniedException", request_id="r-9")
BUSY = Transient("busy", code="InternalServerException")


def run(world, *changes, sealer=None, **more):
    """The outcomes of applying these changes."""
    order = ApplyOrder(
        performed_by="reconcile:abc:def",
        **{"plan": a_plan(target_plan(*changes)), "vault": {}, **more},
    )
    accesses = {"prod": world.apply_access(sealer)}
    return list(apply_plan(order, accesses, world.record, world.stop, world.clock))


def one(world, *fields, **more):
    """The outcome of a plan for case c1: `note: old -> new` unless fields are given."""
    [outcome] = run(world, case_change("c1", *fields), **more)
    return outcome


def a_world(**values):
    return FakeWorld.holding(live("c1", **(values or {"note": "old"})))


LONG_AGO = "2026-11-30T09:00:00Z"


def a_dated_world(*ids, updated_at=LONG_AGO, **values):
    """Cases that were updated long before they are read: `note: old` unless values are given."""
    held = {"note": "old", **values, "last_updated_datetime": updated_at}
    return FakeWorld.holding(*(live(one, **held) for one in ids or ["c1"]), dated=True)


ABOUT = {"target": "prod", "case_id": "c1"}
