"""Several targets: lanes at once, one pace a lane, one target's trouble, and the order."""

import threading
from dataclasses import replace

import pytest

from reconciler import Applied, Blocked, NotAttempted, PlanMisfit, Project, ReconcilerError
from reconciler.errors import Refused, Unauthenticated
from tests.builders import DOMAIN, live
from tests.fakes import FakeClock, FakeWorld

CASES = [f"c{number:03}" for number in range(20)]
MANY = [f"c{number:03}" for number in range(60)]  # far more than a lane has under way at once
DENIED = Refused("ListFields: denied", code="AccessDeniedException")
EXPIRED = Unauthenticated("GetCase: expired", code="ExpiredTokenException", reason="it expired")


class Worlds:
    """Targets by name, each a domain in memory, all on one clock."""

    def __init__(self, folder):
        self.folder, self.clock = folder, FakeClock()
        self.targets, self.worlds = {}, {}
        self.cases = CASES

    def add(self, name, account="111122223333", region="us-west-2", **keys):
        """One more target, in the account that its config pins unless `pinned` is none."""
        pins = {"account": account} if keys.pop("pinned", True) else {}
        held = {"note": "old", "last_updated_datetime": "2026-11-30T09:00:00Z"}
        world = FakeWorld.holding(*(live(one, **held) for one in self.cases), dated=True)
        domain = replace(DOMAIN, id=f"domain-{name}", account=account, region=region)
        world.domains, world.clock = (domain,), self.clock
        self.worlds[name] = world
        keys = {"limits": {"cases": 1000}, **keys}
        self.targets[name] = {"region": region, **pins, "domain": "support", **keys}
        return world

    def project(self, **more):
        config = {"apiVersion": "reconcile/v1", "kind": "Config", "targets": self.targets}
        spec = {
            "apiVersion": "reconcile/v1", "kind": "Cases", "metadata": {"name": "all"},
            "target": list(self.targets),
            "cases": [{"id": name, "fields": {"note": "new"}} for name in self.cases],
        }  # fmt: skip
        given = {"clients": self.worlds, "clock": self.clock, "state": self.folder / "state"}
        return Project(config=config, specs=[spec], **{**given, "commit": "1a2b3c4", **more})

    def written(self):
        return {name: len(world.writes) for name, world in self.worlds.items()}


@pytest.fixture
def worlds(tmp_path):
    return Worlds(tmp_path)


def applied(project, **how):
    """The run of everything, iterated to its end."""
    with project.apply(project.plan(), **how) as run:
        list(run)
    return run


def reasons(run, target):
    return {
        one.reason for one in run.outcomes if isinstance(one, NotAttempted) and one.target == target
    }


def seconds_of(worlds, **how):
    began = worlds.clock.seconds
    with worlds.project() as project:
        project.plan(mode="strict", histories=0, **how)
    return worlds.clock.seconds - began


@pytest.mark.parametrize(
    "places",
    [
        pytest.param([{}] * 4, id="pinned"),
        pytest.param([{"pinned": False}] * 4, id="unpinned"),
        pytest.param([{}, {"pinned": False}], id="pinned-and-not-but-the-same"),
        pytest.param(
            [{"pinned": False}, {"pinned": False, "account": "222233334444"}],
            id="unpinned-whatever-they-are",
        ),
    ],
)
def test_targets_that_may_share_an_account_share_one_pace(worlds, places):
    for number, place in enumerate(places):
        worlds.add(f"t{number}", **place)
    calls = len(places) * len(CASES)
    assert seconds_of(worlds, parallel=1) >= (calls - 0.8 * 10) / (0.8 * 4) - 1e-6


def test_the_smallest_share_of_a_lane_is_its_pace(worlds):
    worlds.add("a", share=1.0)
    worlds.add("b", share=0.1)
    assert seconds_of(worlds) >= (2 * len(CASES) - 1) / 0.4 - 1e-6


def test_targets_of_different_accounts_are_read_at_the_same_time(worlds):
    meeting = threading.Barrier(3, timeout=20)
    for number in range(3):
        world = worlds.add(f"t{number}", account=f"{number}" * 12)
        world.before("ListFields", meeting.wait)
        world.before("GetCase", meeting.wait, on=CASES[0])
    with worlds.project() as project:
        plan = project.plan(mode="strict")
    assert [one.name for one in plan.targets] == ["t0", "t1", "t2"]
    assert plan.changed_cases == 3 * len(CASES)


def test_targets_of_different_accounts_are_written_at_the_same_time_in_the_configs_order(worlds):
    meeting = threading.Barrier(3, timeout=20)
    for number in range(3):
        world = worlds.add(f"t{number}", account=f"{number}" * 12)
        world.before("UpdateCase", meeting.wait, on=CASES[0])
    with worlds.project() as project:
        run = applied(project)
        assert (run.complete, run.counts["Applied"]) == (True, 3 * len(CASES))
        told = [one.target for one in run.receipt.outcomes]
        assert told == sorted(told)
        lanes = project.calls.lanes
        assert set(lanes) == {f"{'012'[one] * 12}/us-west-2" for one in range(3)}
        for api, count in project.calls.calls.items():
            assert count == sum(one.calls[api] for one in lanes.values()), api


def test_leaving_early_finishes_what_is_in_flight_in_every_lane(worlds):
    worlds.cases = MANY
    for number in range(3):
        worlds.add(f"t{number}", account=f"{number}" * 12)
    with worlds.project() as project:
        with project.apply(project.plan()) as run:
            next(run)
        assert {type(one) for one in run.outcomes} == {Applied, NotAttempted}
        assert len(run.outcomes) == 3 * len(MANY)
        assert run.counts["Applied"] == sum(worlds.written().values()) < 3 * len(MANY)
        assert {one.target for one in run.receipt.outcomes} == {"t0", "t1", "t2"}
        assert applied(project).complete
        assert set(worlds.written().values()) == {len(MANY)}


@pytest.mark.parametrize("api", ["ListFields", "GetDomain", "ListDomains"])
def test_a_target_without_a_permission_fails_alone_and_is_named(worlds, api):
    worlds.add("a", account="1" * 12)
    worlds.add("b", account="2" * 12).fail(api, *[DENIED] * 9)
    worlds.add("c", account="3" * 12)
    with worlds.project() as project:
        plan = project.plan()
        if api == "GetDomain":  # it is found by its name, so that nobody asks
            assert [one.error for one in plan.targets] == [None] * 3
            return
        assert [one.error is None for one in plan.targets] == [True, False, True]
        assert str(plan.targets[1].error).startswith("target b: ")
        with project.apply(plan) as run:
            assert {one.target for one in run} == {"a", "c"}
        assert not run.complete


def test_credentials_that_expire_end_their_own_target_alone(worlds):
    worlds.add("a", account="1" * 12)
    world = worlds.add("b", account="2" * 12)
    with worlds.project() as project:
        plan = project.plan()
        world.fail("GetCase", EXPIRED)
        with project.apply(plan) as run:
            list(run)
        assert worlds.written() == {"a": len(CASES), "b": 0}
        assert reasons(run, "b") == {"it expired"}
        assert not run.complete


def test_a_saved_plan_of_which_one_target_moved_is_applied_without_it(worlds):
    worlds.add("a", account="1" * 12)
    world = worlds.add("b", account="2" * 12)
    with worlds.project() as project:
        project.plan().save(worlds.folder / "plan.json")
    world.domains = (replace(world.domains[0], id="another"),)
    from reconciler import Plan

    with worlds.project() as project:
        with project.apply(Plan.load(worlds.folder / "plan.json")) as run:
            list(run)
        assert worlds.written() == {"a": len(CASES), "b": 0}
        assert not run.complete
    with worlds.project() as project:
        run = project.apply(Plan.load(worlds.folder / "plan.json"), targets="b")
        with pytest.raises(ReconcilerError, match="target b: ") as caught, run:
            list(run)
        assert isinstance(caught.value, PlanMisfit)


def test_where_all_of_several_fail_every_one_is_named(worlds):
    found = [worlds.add(name, account=name * 12) for name in "12"]
    with worlds.project() as project:
        project.plan().save(worlds.folder / "plan.json")
    for world in found:
        world.domains = (replace(world.domains[0], id="another"),)
    from reconciler import Plan

    with worlds.project() as project:
        run = project.apply(Plan.load(worlds.folder / "plan.json"))
        with pytest.raises(ReconcilerError) as caught, run:
            list(run)
        assert not isinstance(caught.value, PlanMisfit)
        assert "target 1: " in str(caught.value) and "target 2: " in str(caught.value)


def test_a_guard_of_one_target_blocks_the_whole_apply(worlds):
    worlds.add("a", account="1" * 12)
    worlds.add("b", account="2" * 12, limits={"cases": 5})
    with worlds.project() as project, pytest.raises(Blocked):
        project.apply(project.plan())
    assert worlds.written() == {"a": 0, "b": 0}


# -- the order -----------------------------------------------------------------------------


def chain(worlds, **after):
    for number, (name, before) in enumerate(after.items()):
        worlds.add(name, account=f"{number}" * 12, after=before)


def test_a_target_begins_only_when_those_before_it_are_done(worlds):
    chain(worlds, prod=["staging"], staging=[])
    seen = []
    worlds.worlds["prod"].before("UpdateCase", lambda: seen.append(worlds.written()["staging"]))
    with worlds.project() as project:
        assert applied(project).complete
    assert seen == [len(CASES)]


@pytest.mark.parametrize("parallel", [None, 1])
def test_a_target_that_did_not_end_clean_holds_back_those_behind_it_alone(worlds, parallel):
    chain(worlds, staging=[], prod=["staging"], last=["prod"], other=[])
    worlds.worlds["staging"].fail("UpdateCase", DENIED)
    with worlds.project() as project:
        run = applied(project, parallel=parallel)
    found = {"staging": len(CASES) - 1, "prod": 0, "last": 0, "other": len(CASES)}
    assert worlds.written() == found
    assert reasons(run, "prod") == {"it comes after staging, which is not done: 1 failed"}
    assert reasons(run, "last") == {"it comes after prod, which is not done: 20 not attempted"}


def test_an_edit_by_somebody_else_holds_back_too(worlds):
    chain(worlds, staging=[], prod=["staging"])
    with worlds.project() as project:
        plan = project.plan()
        worlds.worlds["staging"].edit(CASES[3], note="by hand")
        with project.apply(plan) as run:
            list(run)
    assert reasons(run, "prod") == {"it comes after staging, which is not done: 1 in conflict"}


def test_a_target_that_cannot_be_reached_holds_back_those_behind_it(worlds):
    chain(worlds, staging=[], prod=["staging"], other=[])
    worlds.worlds["staging"].fail("ListFields", *[DENIED] * 9)
    with worlds.project() as project:
        run = applied(project)
    assert worlds.written() == {"staging": 0, "prod": 0, "other": len(CASES)}
    assert "comes after staging" in reasons(run, "prod").pop()


def test_a_limit_counts_within_each_target_and_holds_nobody_back(worlds):
    chain(worlds, staging=[], prod=["staging"], other=[])
    with worlds.project() as project:
        applied(project, first=3)
    assert worlds.written() == {"staging": 3, "prod": 3, "other": 3}


def test_a_failed_canary_stops_its_target_and_those_behind_it_alone(worlds):
    chain(worlds, staging=[], prod=["staging"], other=[])
    worlds.worlds["staging"].fail("UpdateCase", DENIED)
    with worlds.project() as project:
        told = []
        run = applied(project, stages=[2, "100%"], on_stage=told.append)
    assert worlds.written() == {"staging": 1, "prod": 0, "other": len(CASES)}
    assert reasons(run, "staging") == {"stage 1 of 2 had 1 failure"}
    assert {one.target for one in told} == {"staging", "other"}


def test_before_each_stage_one_is_asked_where_the_run_is_iterated(worlds):
    chain(worlds, a=[], b=[])
    asked = []

    def go(*given):
        asked.append((threading.current_thread(), *given))
        return False

    with worlds.project() as project:
        applied(project, stages=[2, "100%"], before_stage=go)
    assert asked == [(threading.main_thread(), 2, 2, len(CASES) - 2)] * 2
    assert worlds.written() == {"a": 2, "b": 2}


def test_skipping_the_order_is_recorded(worlds):
    chain(worlds, staging=[], prod=["staging"])
    worlds.worlds["staging"].fail("UpdateCase", DENIED)
    with worlds.project() as project:
        run = applied(project, skip_after=True)
    assert worlds.written()["prod"] == len(CASES)
    assert run.receipt.data.run.skipped_after == ("prod",)
    with worlds.project() as project:
        plan = project.plan(targets="staging")
        with pytest.raises(ReconcilerError, match="skip_after has no effect here"):
            project.apply(plan, skip_after=True)


def test_what_is_no_part_of_a_run_is_judged_by_its_newest_receipt_of_the_same_commit(worlds):
    chain(worlds, staging=[], prod=["staging"])
    with worlds.project() as project:
        plan = project.plan()
        with project.apply(plan, targets="prod") as run:
            list(run)
        assert "no apply of 1a2b3c4 is on record here" in reasons(run, "prod").pop()
        with project.apply(plan, targets="staging") as run:
            list(run)
        assert worlds.written() == {"staging": len(CASES), "prod": 0}
    with worlds.project(commit="another") as project:
        with project.apply(project.plan(targets="prod")) as run:
            list(run)
        assert worlds.written()["prod"] == 0
    with worlds.project() as project:
        with project.apply(project.plan(targets="prod")) as run:
            list(run)
        assert run.complete and worlds.written()["prod"] == len(CASES)


def test_what_was_rolled_back_since_holds_back(worlds):
    chain(worlds, staging=[], prod=["staging"])
    with worlds.project() as project:
        with project.apply(project.plan(targets="staging")) as run:
            list(run)
        back = applied_plan(project, project.rollback(run.receipt))
        assert back.complete
        with project.apply(project.plan(targets="prod")) as run:
            list(run)
        assert "rolled back" in reasons(run, "prod").pop()


def applied_plan(project, plan, **how):
    with project.apply(plan, **how) as run:
        list(run)
    return run


def test_a_rollback_runs_the_order_backwards(worlds):
    chain(worlds, staging=[], prod=["staging"])
    with worlds.project() as project:
        run = applied(project)
        seen = []
        worlds.worlds["staging"].before("UpdateCase", lambda: seen.append(worlds.written()["prod"]))
        worlds.worlds["prod"].fail("UpdateCase", DENIED)
        plan = project.rollback(run.receipt)
        back = applied_plan(project, plan)
    assert seen == []
    assert reasons(back, "staging") == {"it comes after prod, which is not done: 1 failed"}


def test_a_retry_keeps_the_order(worlds):
    chain(worlds, staging=[], prod=["staging"])
    worlds.worlds["staging"].fail("UpdateCase", DENIED, DENIED)
    with worlds.project() as project:
        first = applied(project)
        worlds.worlds["staging"].fail("UpdateCase", DENIED)
        second = applied_plan(project, project.rest(first.receipt))
        assert worlds.written()["prod"] == 0
        third = applied_plan(project, project.rest(second.receipt))
        assert third.complete and worlds.written()["prod"] == len(CASES)


def test_a_conflict_that_a_retry_leaves_out_still_holds_back(worlds):
    chain(worlds, staging=[], prod=["staging"])
    with worlds.project() as project:
        plan = project.plan()
        worlds.worlds["staging"].edit(CASES[3], note="by hand")
        first = applied_plan(project, plan)
        second = applied_plan(project, project.rest(first.receipt))
    assert worlds.written()["prod"] == 0
    assert reasons(second, "prod") == {"it comes after staging, which is not done: 1 in conflict"}
