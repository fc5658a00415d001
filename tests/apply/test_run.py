"""A journal that cannot be kept any longer ends the run: nothing is sent that is not on record."""

import pytest

from reconciler.apply.applying import apply_plan
from reconciler.apply.run import ApplyOrder
from reconciler.apply.stages import parse_stages
from reconciler.errors import Unwritable
from reconciler.model.event import Applied, NotAttempted, Started
from reconciler.model.plan import Mode
from tests.builders import a_plan, case_change, target_plan
from tests.fakes import world_of

CASES = 40
REASON = "the journal cannot be kept: No space left on device"


def run(lines, mode=Mode.BALANCED, stages="", again=False):
    """The world and the outcomes of an apply whose journal takes so many lines."""
    world = world_of(CASES, note="old")
    order = ApplyOrder(
        plan=a_plan(target_plan(*map(case_change, sorted(world.cases))), mode=mode),
        vault={},
        performed_by="me",
        stages=parse_stages(stages) if stages else (),
    )
    record, taken = world.record, []

    def full(event):
        taken.append(event)
        if len(taken) > lines and not (again and len(taken) > lines + 1):
            raise Unwritable("runs/x.jsonl: cannot be written: ...", "No space left on device")
        record(event)

    accesses = {"prod": world.apply_access()}
    return world, list(apply_plan(order, accesses, full, world.stop, world.clock))


@pytest.mark.parametrize("again", [False, True], ids=["full", "with-room-again"])
@pytest.mark.parametrize("stages", ["", "2,10,100%"], ids=["at-once", "in-stages"])
@pytest.mark.parametrize("mode", [Mode.BALANCED, Mode.BULK])
@pytest.mark.parametrize("lines", [0, 1, 2, 3, 7, 20, 41, 60, 79])
def test_wherever_it_ends_every_case_has_its_true_outcome(lines, mode, stages, again):
    world, outcomes = run(lines, mode, stages, again)
    assert sorted(one.case_id for one in outcomes) == sorted(world.cases)
    written = {key for key, case in world.cases.items() if case.values.get("note") == "new"}
    assert {one.case_id for one in outcomes if isinstance(one, Applied)} == written
    rest = [one for one in outcomes if one.case_id not in written]
    assert {type(one) for one in rest} <= {NotAttempted}
    assert {one.reason for one in rest} <= {REASON}
    on_record = {one.case_id for one in world.journal if isinstance(one, Started)}
    assert written <= on_record


def test_what_is_in_flight_is_finished_and_no_more_is_begun():
    _, outcomes = run(21)
    done = [one for one in outcomes if isinstance(one, Applied)]
    assert 0 < len(done) <= 21
    assert len(done) + sum(isinstance(one, NotAttempted) for one in outcomes) == CASES


def test_a_journal_that_takes_every_write_but_not_the_last_outcome_loses_nothing():
    _, outcomes = run(2 * CASES - 1)
    assert {type(one) for one in outcomes} == {Applied}
