"""The library does what its contract's example says."""

from reconciler import Applied, Limits, Plan, Project


def test_ten_lines_plan_render_and_apply(place):
    with Project.load(place.config, state=place.folder / "state", commit="1a2b3c4") as project:
        plan = project.plan(targets=["demo"], cases=None, mode="balanced")
        for target in plan.targets:
            assert target.error is None
            for change in target.changes:
                field = change.fields[0]
                assert (field.after, field.source.file) == ("high", "specs/spec.yaml")
        assert place.cases[0] in plan.render("markdown")
        plan.save(place.folder / "plan.json")
        with project.apply(Plan.load(place.folder / "plan.json"), limits=Limits(cases=2)) as run:
            outcomes = list(run)
        assert [type(one) for one in outcomes] == [Applied, Applied]
        assert {one.case_id for one in outcomes} == set(place.cases)
        assert outcomes[0].fields[0].after == "high"
        assert (run.complete, run.counts["Applied"]) == (True, 2)
        assert run.receipt.path.is_relative_to(place.folder / "state")
        assert project.drift().changed_cases == 0
        assert project.history(place.cases[0]).events[0].commit
        assert project.rollback(run.receipt).changed_cases == 2
