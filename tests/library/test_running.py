"""An apply of the library: when it writes, and what leaving it early means."""

import threading
from typing import get_args

import pytest

import reconciler
from reconciler import (
    Applied,
    Blocked,
    Limits,
    NotAttempted,
    PlanMisfit,
    Project,
    ReconcilerError,
    WrongArgument,
)
from tests.builders import live
from tests.fakes import FakeWorld

NAMES = [f"c{number:03}" for number in range(60)]


def a_world(**values):
    held = {"note": "old", **values, "last_updated_datetime": "2026-11-30T09:00:00Z"}
    return FakeWorld.holding(*(live(name, **held) for name in NAMES), dated=True)


def project_of(world, tmp_path, *, limits=None, **more):
    """A project of nothing but what is handed over."""
    target = {"region": "us-west-2", "domain": "support", "limits": limits or {"cases": 100}}
    config = {
        "apiVersion": "reconcile/v1", "kind": "Config",
        "targets": {"prod": target},
    }  # fmt: skip
    spec = {
        "apiVersion": "reconcile/v1", "kind": "Cases", "metadata": {"name": "all"},
        "cases": [{"id": name, "fields": {"note": "new"}} for name in NAMES],
    }  # fmt: skip
    given = {"clients": {"prod": world}, "clock": world.clock, "state": tmp_path / "state"}
    return Project(config=config, specs=[spec], **{**given, **more})


def test_a_world_in_memory_is_planned_and_applied_by_the_front_door(tmp_path):
    world = a_world()
    with project_of(world, tmp_path, commit="1a2b3c4") as project:
        with project.apply(project.plan(cases=NAMES[:2])) as run:
            assert [type(one) for one in run] == [Applied, Applied]
        # Both are under way at once: which of them is written first is not promised.
        assert sorted(case for case, _, _ in world.writes) == NAMES[:2]
        assert world.writes[0][2].split(":")[2] == "1a2b3c4"
        assert project.plan(cases=NAMES[:2]).changed_cases == 0


def test_a_run_that_is_never_iterated_writes_nothing(tmp_path):
    world = a_world()
    with project_of(world, tmp_path) as project:
        with project.apply(project.plan()) as run:
            pass
        assert (run.receipt, run.complete, run.outcomes, world.writes) == (None, False, (), [])
        assert not (tmp_path / "state" / "runs").exists()


def test_leaving_early_finishes_what_is_in_flight_and_leaves_a_receipt(tmp_path):
    world = a_world()
    with project_of(world, tmp_path) as project:
        with project.apply(project.plan()) as run:
            for number, _ in enumerate(run, 1):
                if number == 3:
                    break
        kinds = {type(one) for one in run.outcomes}
        assert kinds == {Applied, NotAttempted}
        assert len(run.outcomes) == len(NAMES)
        assert run.counts["Applied"] == len(world.writes) < len(NAMES)
        assert (run.complete, run.receipt.complete) == (False, False)
        assert {one.reason for one in run.outcomes if isinstance(one, NotAttempted)} == {
            "interrupted"
        }
        rest = project.rest(run.receipt)
        assert rest.changed_cases == run.counts["NotAttempted"]
        with project.apply(rest) as second:
            list(second)
        assert second.complete
        assert len(world.writes) == len(NAMES)


def test_an_error_in_the_block_leaves_a_receipt_too(tmp_path):
    world = a_world()
    with project_of(world, tmp_path) as project:
        with pytest.raises(KeyError), project.apply(project.plan()) as run:
            next(run)
            raise KeyError("of the caller")
        assert run.receipt is not None
        assert len(run.outcomes) == len(NAMES)


def test_whoever_sets_stop_ends_the_run(tmp_path):
    world, stop = a_world(), threading.Event()
    with project_of(world, tmp_path, stop=stop) as project:
        with project.apply(project.plan()) as run:
            next(run)
            stop.set()
            rest = list(run)
        assert isinstance(rest[-1], NotAttempted)
        assert stop.is_set()


def test_a_guard_says_its_numbers_and_no_flag(tmp_path):
    with project_of(a_world(), tmp_path, limits={"cases": 10}) as project:
        plan = project.plan()
        [refusal] = plan.targets[0].refusals
        assert (refusal.guard, refusal.scope, refusal.found, refusal.limit) == (
            "cases", "prod", 60, 10,
        )  # fmt: skip
        assert plan.blocked
        with pytest.raises(Blocked) as raised:
            project.apply(plan)
        assert "--" not in str(raised.value)
        [refusal] = raised.value.refusals
        assert (refusal.guard, refusal.scope, refusal.found, refusal.limit) == (
            "cases", "prod", 60, 10,
        )  # fmt: skip
        with project.apply(plan, limits=Limits(cases=60)) as run:
            assert len(list(run)) == 60


def test_a_part_of_a_plan_is_applied(tmp_path):
    world = a_world()
    with project_of(world, tmp_path) as project:
        with project.apply(project.plan(), cases="c007") as run:
            assert [one.case_id for one in run] == ["c007"]
        assert run.plan.changed_cases == 1


def test_an_old_plan_does_not_fit(tmp_path):
    world = a_world()
    with project_of(world, tmp_path) as project:
        plan = project.plan()
        world.clock.seconds += 25 * 3600
        with pytest.raises(PlanMisfit, match="expired"):
            project.apply(plan)


def test_the_plan_of_drift_cannot_be_applied(tmp_path):
    with (
        project_of(a_world(), tmp_path) as project,
        pytest.raises(WrongArgument, match="drift alone"),
    ):
        project.apply(project.drift())


@pytest.mark.parametrize(
    "given",
    [
        {"mode": "fast"}, {"cases": []}, {"targets": [""]}, {"fields": [1]}, {"targets": "nowhere"},
        {"cases": ["nobody"]}, {"specs": "no-such"}, {"policies": "no-such"}, {"fields": "no-such"},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_an_error_without_a_flag(tmp_path, given):
    with project_of(a_world(), tmp_path) as project:
        with pytest.raises(ReconcilerError) as raised:
            project.plan(**given)
        assert "--" not in str(raised.value)
        assert next(iter(given)).rstrip("s")[:5] in str(raised.value)


@pytest.mark.parametrize("call", ["plan", "drift", "apply", "rollback", "history"])
def test_an_unknown_argument_raises(tmp_path, call):
    with project_of(a_world(), tmp_path) as project, pytest.raises(TypeError):
        getattr(project, call)("c001", no_such=1)


@pytest.mark.parametrize("state", ["gs://bucket", "s3://", "s3://bucket/../other", ""])
def test_what_is_no_place_for_a_state_is_refused_in_words(tmp_path, state):
    with pytest.raises(WrongArgument, match="expected a folder, or s3://bucket/prefix"):
        project_of(a_world(), tmp_path, state=state)


def test_a_bucket_is_asked_when_something_is_written_not_before(tmp_path):
    with project_of(a_world(), tmp_path, state="s3://bucket/prefix") as project:
        assert str(project.config.state_bucket) == "s3://bucket/prefix"
        assert project.plan().changed_cases


def test_a_client_of_no_target_is_refused(tmp_path):
    with pytest.raises(WrongArgument, match='no target "other"'):
        project_of(a_world(), tmp_path, clients={"other": a_world()})


def test_a_closed_project_says_so(tmp_path):
    project = project_of(a_world(), tmp_path)
    project.close()
    with pytest.raises(ReconcilerError, match="closed"):
        project.plan()


def test_eight_projects_work_in_eight_threads(tmp_path):
    worlds, done = [a_world() for _ in range(8)], []
    barrier = threading.Barrier(8)

    def work(number):
        with project_of(worlds[number], tmp_path / str(number)) as project:
            barrier.wait()
            with project.apply(project.plan()) as run:
                list(run)
            done.append((run.complete, len(worlds[number].writes)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert done == [(True, len(NAMES))] * 8


def test_nothing_is_printed_and_no_environment_is_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("RECONCILE_SEAL_KEY", "not asked for")
    monkeypatch.setenv("GITHUB_ACTOR", "nobody of ours")
    monkeypatch.chdir(tmp_path)
    with project_of(a_world(), tmp_path, environment={"GITHUB_ACTOR": "jane"}) as project:
        plan = project.plan()
        plan.save(tmp_path / "plan.json")
        with project.apply(plan) as run:
            list(run)
        assert run.receipt.data.run.actor == "jane"
    assert "hmac" not in (tmp_path / "plan.json").read_text()
    assert capsys.readouterr() == ("", "")


def test_every_outcome_has_a_public_class_with_the_same_name():
    from reconciler.model.event import Outcome
    from reconciler.project.outcomes import BY_NAME

    assert set(BY_NAME) == {kind.__name__ for kind in get_args(Outcome)}
    assert set(BY_NAME) <= set(reconciler.__all__)
