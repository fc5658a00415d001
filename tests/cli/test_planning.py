"""Flags become what the guards and the plan are given."""

from pathlib import Path

import click
import pytest

from reconciler.cli.options import guard_options, planning_options, selecting_options
from reconciler.cli.planning import allowances, plan_request
from reconciler.model.plan import Mode
from reconciler.model.selectors import Selectors
from reconciler.plan.guard import Allowances


@click.command
@selecting_options
@planning_options
@guard_options
@click.pass_context
def options(ctx, **given):
    """Hand back what was given."""
    return given


def parsed(*arguments):
    return options.main(list(arguments), standalone_mode=False)


def test_without_flags_nothing_is_lifted():
    assert allowances(parsed()) == Allowances()


def test_each_flag_lifts_its_own_guard():
    given = parsed(
        *["--allow-cases", "250", "--allow-percent", "12.5", "--allow-clears", "0"],
        *["--allow-field", "status=20", "--allow-field", "Case reason=a=7"],
    )
    assert allowances(given) == Allowances(
        cases=250, percent=12.5, clears=0, fields={"status": 20, "Case reason=a": 7}
    )


@pytest.mark.parametrize(
    "value", ["status", "=5", "status=", "status=-1", "status=1.5", "status=x"]
)
def test_a_field_and_its_number_are_written_together(value):
    with pytest.raises(click.BadParameter, match="FIELD=N"):
        parsed("--allow-field", value)


def test_what_to_plan_comes_from_the_command_line():
    given = parsed(
        *["-t", "prod", "-t", "test", "--case", "c1", "--mode", "strict"],
        *["--catalog", "c.json", "--allow-empty"],
    )
    request = plan_request((Path("specs"),), given)
    assert (request.paths, request.targets) == ((Path("specs"),), ("prod", "test"))
    assert request.only == Selectors(targets=("prod", "test"), cases=("c1",))
    assert request.mode is Mode.STRICT
    assert (request.catalog, request.empty_allowed) == (Path("c.json"), True)


@pytest.mark.parametrize(
    ("arguments", "more", "expected"),
    [
        ([], {}, 100),
        (["--attribution", "4000"], {}, 4000),
        (["--attribution", "0"], {}, 0),
        (["--no-attribution"], {}, 0),
        ([], {"yes": False}, 100),
        ([], {"yes": True}, 0),
        (["--attribution", "7"], {"yes": True}, 7),
    ],
)
def test_histories_are_read_where_somebody_reads_the_plan(arguments, more, expected):
    assert plan_request((), {**parsed(*arguments), **more}).attribution == expected
