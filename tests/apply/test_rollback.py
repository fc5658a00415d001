"""The way back from an apply is planned from what cases hold and what their histories tell."""

from datetime import timedelta

import pytest

from reconciler.apply.rollback import RollbackAccess, RollbackOrder, plan_rollback
from reconciler.config.model import Limits
from reconciler.errors import NotFound, Refused, Unauthenticated
from reconciler.model.event import Applied, Conflict, NotAttempted
from reconciler.model.progress import no_progress
from reconciler.model.receipt import Receipt, RunFacts
from reconciler.plan.file.data import identity
from reconciler.plan.guard import Allowances
from reconciler.secrets.sealing import Sealer
from reconciler.service.quotas import DEFAULT_QUOTAS
from tests.apply.running import a_dated_world
from tests.builders import a_catalog, a_plan, a_target, case_change, field_change, target_plan

OPEN = Sealer(b"", frozenset())
IDS = ("c1", "c2", "c3")


def applied(case_id):
    return Applied(target="prod", case_id=case_id, request_id="r")


def an_order(*outcomes, plan=None, allowed=None):
    facts = RunFacts(
        run_id="r",
        started_at="",
        finished_at="",
        complete=True,
        actor="me",
        tool_version="0",
    )
    plan = plan or a_plan(target_plan(*map(case_change, IDS), managed=5))
    outcomes = outcomes or tuple(map(applied, IDS))
    return RollbackOrder(
        receipt=Receipt(run=facts, plan=plan, outcomes=outcomes),
        digest=identity(plan),
        tool_version="9.9",
        life=timedelta(hours=1),
        allowed=allowed or Allowances(),
        progress=no_progress,
    )


def written(order, *ids):
    """Cases to which that apply has brought `note: old -> new`."""
    world = a_dated_world(*IDS)
    for one in ids or IDS:
        world.edit(one, by=order.stamp, note="new")
    return world


def planned(world, order, sealer=OPEN, **target):
    access = RollbackAccess(
        target=a_target(**target),
        reader=world,
        audit=world,
        catalog=a_catalog(),
        sealer=sealer,
        quotas=DEFAULT_QUOTAS,
    )
    return plan_rollback(order, {"prod": access}, world.clock)


def back(target):
    return {
        one.case_id: [(entry.before, entry.after) for entry in one.fields] for one in target.changes
    }


def test_what_was_written_is_put_back_from_what_each_case_holds_now():
    order = an_order()
    plan = planned(written(order), order).plan
    [target] = plan.targets
    assert back(target) == {key: [("new", "old")] for key in IDS}
    assert (plan.rollback_of, plan.tool_version) == (order.digest, "9.9")
    assert (plan.created_at, plan.expires_at) == ("2026-12-01T09:00:00Z", "2026-12-01T10:00:00Z")
    assert target.changes[0].observed_at == "2026-12-01T09:00:00Z"
    assert target.estimate.calls["UpdateCase"] == 3


def test_a_case_that_was_never_written_is_not_even_read():
    skipped = NotAttempted(target="prod", case_id="c2", reason="limit")
    order = an_order(applied("c1"), skipped, applied("c3"))
    world = written(order, "c1", "c3")
    [target] = planned(world, order).plan.targets
    assert list(back(target)) == ["c1", "c3"]
    assert ("GetCase", "c2") not in world.calls()


def test_an_apply_that_wrote_nothing_has_no_way_back():
    skipped = NotAttempted(target="prod", case_id="c1", reason="limit")
    order = an_order(skipped, plan=a_plan(case_change("c1")))
    assert planned(written(order), order).plan.targets == ()


def test_what_somebody_wrote_since_is_left_alone_and_told():
    order = an_order()
    world = written(order)
    world.edit("c2", by="arn:jane", note="by hand")
    [target] = planned(world, order).plan.targets
    assert list(back(target)) == ["c1", "c3"]
    [left] = target.ignored
    assert (left.case_id, left.id) == ("c2", "note")
    assert "arn:jane" in left.reason
    assert target.cases_in_sync == 2  # of five: two to put back, one that is somebody else's


def test_what_was_left_as_a_conflict_then_is_not_told_a_second_time():
    conflict = Conflict(target="prod", case_id="c2", fields=(), changed_by="", changed_at="")
    order = an_order(applied("c1"), conflict, applied("c3"))
    world = written(order, "c1", "c3")
    world.edit("c2", by="arn:jane", note="by hand")
    [target] = planned(world, order).plan.targets
    assert target.ignored == ()
    assert list(back(target)) == ["c1", "c3"]


@pytest.mark.parametrize(
    ("api", "error", "reason"),
    [
        ("GetCase", NotFound("gone", code="ResourceNotFoundException"), "not-found"),
        (
            "GetCaseAuditEvents",
            Refused("no", code="AccessDeniedException"),
            "AccessDeniedException",
        ),
    ],
)
def test_a_case_that_cannot_be_read_is_told_and_the_others_are_put_back(api, error, reason):
    order = an_order()
    world = written(order)
    world.fail(api, error, on="c2")
    [target] = planned(world, order).plan.targets
    assert [(one.case, one.reason) for one in target.unreadable] == [("c2", reason)]
    assert list(back(target)) == ["c1", "c3"]
    assert target.cases_in_sync == 2  # of five: two to put back, one unknown


@pytest.mark.parametrize("api", ["GetCase", "GetCaseAuditEvents"])
def test_credentials_that_are_refused_end_it(api):
    order = an_order()
    world = written(order)
    world.fail(api, Unauthenticated("no", code="ExpiredToken", reason="expired"), on="c2")
    with pytest.raises(Unauthenticated):
        planned(world, order)


def test_a_field_that_the_domain_has_no_more_is_told_by_name():
    change = case_change("c1", field_change(), field_change("gone", None, "x", name="Gone"))
    order = an_order(applied("c1"), plan=a_plan(change))
    [target] = planned(written(order), order).plan.targets
    [lost] = target.unreadable
    assert (lost.reason, lost.detail) == (
        "unknown-field",
        "the domain has no field Gone any more",
    )
    assert target.changes == ()


def test_the_case_is_read_before_its_history_so_that_no_edit_falls_between():
    order = an_order(applied("c1"), plan=a_plan(case_change("c1")))
    world = written(order)
    world.before("GetCaseAuditEvents", lambda: world.edit("c1", by="arn:jane", note="by hand"))
    [target] = planned(world, order).plan.targets
    assert target.changes == ()
    assert [one.id for one in target.ignored] == ["note"]


def test_guards_hold_for_the_way_back_too_but_never_for_classes_that_it_has_none_of():
    order = an_order()
    limits = Limits(cases=2, unclassified=0)
    [target] = planned(written(order), order, limits=limits).plan.targets
    assert [one.guard for one in target.blocked_by] == ["cases"]
    order = an_order(allowed=Allowances(cases=3))
    [target] = planned(written(order), order, limits=limits).plan.targets
    assert target.blocked_by == ()


def test_sensitive_values_are_put_back_from_the_vault_and_stand_nowhere_else():
    sealer = Sealer(b"key", frozenset({"note"}))
    sealed = field_change("note", sealer.show("note", "old"), sealer.show("note", "new"))
    order = an_order(applied("c1"), plan=a_plan(case_change("c1", sealed)))
    found = planned(written(order, "c1"), order, sealer)
    [[entry]] = [change.fields for change in found.plan.targets[0].changes]
    assert found.vault[entry.after.digest] == "old"
    assert "'old'" not in repr(found.plan)
    assert "'new'" not in repr(found.plan)
