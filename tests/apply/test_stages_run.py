"""Stages of an apply: what stops them, what is borne, and what the journal says."""

import pytest

from reconciler.apply.applying import apply_plan
from reconciler.apply.run import ApplyOrder
from reconciler.apply.stages import parse_stages
from reconciler.errors import Refused
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    NotAttempted,
    StageFinished,
    StageStarted,
)
from reconciler.model.plan import Mode
from tests.builders import a_plan, case_change, target_plan
from tests.fakes import world_of

DENIED = Refused("UpdateCase: denied", code="AccessDeniedException")
MODES = pytest.mark.parametrize("mode", [Mode.BALANCED, Mode.BULK])


def run(world, stages="2,5,100%", mode=Mode.BALANCED, **more):
    """The outcomes of applying `note: old -> new` to every case of the world, in stages."""
    changes = [case_change(case_id) for case_id in sorted(world.cases)]
    order = ApplyOrder(
        plan=a_plan(target_plan(*changes), mode=mode),
        vault={},
        performed_by="me",
        stages=parse_stages(stages),
        **more,
    )
    accesses = {"prod": world.apply_access()}
    return list(apply_plan(order, accesses, world.record, world.stop, world.clock))


def kinds(found):
    return [type(one) for one in found]


def reasons(found):
    return {one.reason for one in found if isinstance(one, NotAttempted)}


def staged(world):
    return [one for one in world.journal if isinstance(one, StageStarted | StageFinished)]


@MODES
def test_stages_follow_each_other_while_all_goes_well(mode):
    world = world_of(10, note="old")
    assert kinds(run(world, mode=mode)) == [Applied] * 10
    assert [(one.stage, one.cases) for one in staged(world) if isinstance(one, StageStarted)] == [
        (1, 2),
        (2, 3),
        (3, 5),
    ]
    ends = [one for one in staged(world) if isinstance(one, StageFinished)]
    assert [dict(one.counts)["Applied"] for one in ends] == [2, 3, 5]
    assert all(one.stop == "" and one.stages == 3 for one in ends)


@MODES
def test_no_write_of_a_stage_is_sent_before_the_stage_before_it_is_over(mode):
    world = world_of(10, note="old")
    run(world, mode=mode)
    stage = 0
    for kind, about in world.log:
        if kind == "record" and isinstance(about, StageStarted):
            stage = about.stage
        if kind in ("UpdateCase", "BatchUpdateCase"):
            numbers = [int(one[1:]) for one in about.split(",")]
            assert all(
                number in (range(2), range(2, 5), range(5, 10))[stage - 1] for number in numbers
            )


@MODES
def test_a_conflict_in_a_stage_ends_the_apply_after_it(mode):
    world = world_of(10, note="old")
    world.edit("c003", note="by hand")
    found = run(world, mode=mode)
    by_case = {one.case_id: one for one in found}
    assert kinds(by_case[f"c00{n}"] for n in range(5)) == [
        Applied,
        Applied,
        Applied,
        Conflict,
        Applied,
    ]
    assert reasons(found) == {"stage 2 of 3 had 1 conflict"}
    assert staged(world)[-1].stop == "stage 2 of 3 had 1 conflict"
    assert len(found) == 10


@MODES
def test_max_failures_bears_fewer_than_its_number(mode):
    world = world_of(10, note="old")
    world.edit("c001", note="by hand")
    found = run(world, mode=mode, max_failures=2)
    assert kinds(found).count(Applied) == 9
    assert reasons(found) == set()


def test_max_failures_counts_over_all_stages():
    world = world_of(10, note="old")
    world.edit("c001", note="by hand")
    world.fail("UpdateCase", DENIED, on="c002")
    found = run(world, max_failures=2)
    assert kinds(found).count(Failed) == 1
    assert reasons(found) == {"--max-failures 2"}


def test_a_last_stage_below_all_leaves_the_rest():
    world = world_of(10, note="old")
    found = run(world, "10%,30%")
    assert kinds(found).count(Applied) == 3
    assert reasons(found) == {"beyond the last stage, 30%"}


def test_the_gate_is_asked_before_each_stage_but_the_first_and_may_say_no():
    world, asked = world_of(10, note="old"), []

    def gate(target, due, ask):
        asked.append((due.stage, due.stages, due.cases))
        return "freeze" if due.stage == 3 else ""

    found = run(world, gate=gate)
    assert asked == [(2, 3, 3), (3, 3, 5)]
    assert reasons(found) == {"freeze"}
    assert kinds(found).count(Applied) == 5


def test_the_gate_is_not_asked_after_a_stage_that_went_wrong():
    world = world_of(10, note="old")
    world.edit("c000", note="by hand")
    run(world, gate=lambda *_: pytest.fail("asked"))


def test_an_interruption_in_a_pause_begins_no_further_stage():
    world = world_of(10, note="old")

    def gate(*_):
        world.stop.set()
        return ""

    found = run(world, gate=gate)
    assert reasons(found) == {"interrupted"}
    assert len(world.writes) == 2


def test_what_is_done_already_counts_in_its_stage():
    world = world_of(4, note="old")
    world.edit("c000", note="new")
    found = run(world, "2,100%")
    assert kinds(found) == [AlreadyDone, Applied, Applied, Applied]


def test_a_limit_lies_within_the_stages():
    world = world_of(10, note="old")
    found = run(world, "50%,100%", limit=4)
    assert [one.cases for one in staged(world) if isinstance(one, StageStarted)] == [2, 2]
    assert reasons(found) == {"--limit 4"}


def test_without_stages_the_journal_names_none():
    world = world_of(2, note="old")
    order = ApplyOrder(plan=a_plan(case_change("c000")), vault={}, performed_by="me")
    list(apply_plan(order, {"prod": world.apply_access()}, world.record, world.stop, world.clock))
    assert staged(world) == []
