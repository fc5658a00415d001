"""What earlier applies began is found from any of their plans: the whole, its rest, the rest's."""

import json
from dataclasses import replace

import pytest

from reconciler.apply.earlier import earlier_applies
from reconciler.history.stamp import stamp
from reconciler.model.event import Applied, Failed, RunFinished, RunStarted, Started
from reconciler.model.receipt import Receipt, RunFacts
from reconciler.plan.file.data import identity
from reconciler.state.event_data import event_data
from tests.builders import a_plan, case_change, field_change

COMMIT = "c0ffee1234567890"


def digest(word):
    return f"{word:0<64}"


def started(run, plan, **more):
    facts = {"changes_digest": "", "actor": "me", "mode": "balanced", "tool_version": "0"}
    return RunStarted(run_id=run, plan_digest=plan, commit=COMMIT, cases=1, at="", **facts, **more)


def sent(case_id="c1", *fields):
    about = fields or ("note",)
    return Started(target="prod", case_id=case_id, fields=about, attempt=1, about=about)


def done(case_id="c1"):
    return Applied(target="prod", case_id=case_id, request_id="r")


@pytest.fixture
def journal(tmp_path):
    def write(minute, plan, *events, **more):
        """A journal of that minute, under its run's name, with these events behind the first."""
        run = f"20261201T09{minute:02}00Z-{plan[:8]}-{minute:02}"
        lines = [started(run, plan, **more), *events]
        text = "".join(json.dumps(event_data(one)) + "\n" for one in lines)
        (tmp_path / f"{run}.jsonl").write_text(text)
        return run

    return write


def found(folder, plan, retried=None):
    notes = []
    earlier = earlier_applies(folder, plan, retried, notes.append)
    assert notes == []
    return earlier


def stamps(*plans):
    return {stamp(one, COMMIT) for one in plans}


A, B, C, D = map(digest, "abcd")


def test_of_a_plan_that_nobody_applied_nothing_is_on_record(tmp_path):
    earlier = found(tmp_path, A)
    assert (earlier.cases, earlier.stamps) == ({}, frozenset())


def test_a_run_of_the_same_plan_counts_and_one_of_another_does_not(tmp_path, journal):
    journal(1, A, sent("c1"), done("c1"))
    journal(2, B, sent("c2"), done("c2"))
    earlier = found(tmp_path, A)
    assert list(earlier.cases) == [("prod", "c1")]
    assert earlier.stamps == stamps(A)


def test_every_run_of_a_plan_counts(tmp_path, journal):
    journal(1, A, sent("c1"), done("c1"), RunFinished(counts=(), at=""))
    journal(2, A, sent("c2"))
    assert sorted(case for _, case in found(tmp_path, A).cases) == ["c1", "c2"]


@pytest.mark.parametrize("asked", [A, B, C], ids=["the-whole", "the-rest", "the-rests-rest"])
def test_plans_and_their_rests_know_each_others_runs(tmp_path, journal, asked):
    first = journal(1, A, sent("c1"), done("c1"))
    second = journal(2, B, sent("c2"), done("c2"), retry_of=first)
    journal(3, C, sent("c3"), done("c3"), retry_of=second)
    journal(4, D, sent("c4"), done("c4"))
    earlier = found(tmp_path, asked)
    assert sorted(case for _, case in earlier.cases) == ["c1", "c2", "c3"]
    assert earlier.stamps == stamps(A, B, C)


def test_a_rest_whose_whole_is_on_another_machine_is_read_alone(tmp_path, journal):
    journal(2, B, sent("c2"), done("c2"), retry_of="20261201T090000Z-aaaaaaaa-00")
    assert list(found(tmp_path, B).cases) == [("prod", "c2")]


def test_a_run_is_a_name_in_the_folder_and_never_a_way_out_of_it(tmp_path, journal):
    runs = tmp_path / "runs"
    runs.mkdir()
    run = journal(1, A, sent("c1"), done("c1"))
    (tmp_path / f"{run}.jsonl").rename(tmp_path / "outside.jsonl")
    for name, first in (
        (run, started(run, A)),
        (f"20261201T090200Z-{B[:8]}-02", started("r", B, retry_of="../outside")),
    ):
        (runs / f"{name}.jsonl").write_text(json.dumps(event_data(first)) + "\n")
    assert found(runs, B).stamps == stamps(B)


def test_a_rollback_signs_as_one(tmp_path, journal):
    journal(1, A, rollback_of=B)
    assert found(tmp_path, A).stamps == {stamp(A, COMMIT, rollback=True)}


# -- with the receipt whose rest is applied ------------------------------------------------

PLAN = a_plan(case_change("c1", field_change("note"), field_change("story")), case_change("c2"))


def a_receipt(*outcomes, run_id="r1", retry_of="", plan=PLAN):
    facts = RunFacts(
        run_id=run_id,
        started_at="",
        finished_at="",
        complete=False,
        actor="me",
        tool_version="0",
        retry_of=retry_of,
    )
    return Receipt(run=facts, plan=plan, outcomes=outcomes)


def test_a_receipt_tells_what_was_done_where_no_journal_is(tmp_path):
    failed = Failed(target="prod", case_id="c2", code="x", message="y")
    earlier = found(tmp_path, D, a_receipt(done("c1"), failed))
    [(case, begun)] = earlier.cases.items()
    assert case == ("prod", "c1")
    assert [field in begun.told for field in ("note", "story", "score")] == [True, True, False]
    assert earlier.stamps == {stamp(identity(PLAN), PLAN.git.commit)}


def test_the_plan_of_a_receipt_and_the_one_whose_rest_it_was_are_looked_up(tmp_path, journal):
    first = journal(1, A, sent("c7"), done("c7"))
    journal(2, identity(PLAN), sent("c2"), done("c2"))
    earlier = found(tmp_path, D, a_receipt(retry_of=first))
    assert sorted(case for _, case in earlier.cases) == ["c2", "c7"]


def test_a_receipt_of_a_rollback_signs_as_one(tmp_path):
    plan = replace(PLAN, rollback_of=B)
    assert found(tmp_path, D, a_receipt(plan=plan)).stamps == {
        stamp(identity(plan), plan.git.commit, rollback=True)
    }
