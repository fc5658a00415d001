"""Flags become what the guards and the plan are given."""

from pathlib import Path

import click
import pytest

from reconciler import Limits
from reconciler.cli.options import Guards, Planning, Selecting
from reconciler.cli.planning import HISTORIES, asked_of, histories


class Everything(Selecting, Planning, Guards):
    """All that may be said of planning."""


def parsed(*arguments):
    seen = []
    keep = click.Command("x", params=Everything.parameters(), callback=lambda **v: seen.append(v))
    keep.main(list(arguments), standalone_mode=False)
    return Everything(seen[0])


def test_without_flags_nothing_is_lifted():
    assert parsed().limits() == Limits()


def test_each_flag_lifts_its_own_guard():
    given = parsed(
        *["--allow-cases", "250", "--allow-percent", "12.5", "--allow-clears", "0"],
        *["--allow-field", "status=20", "--allow-field", "Case reason=a=7"],
    )
    assert given.limits() == Limits(
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
    assert asked_of(given, given, (Path("specs"),)) == {
        "paths": (Path("specs"),), "targets": ("prod", "test"), "cases": ("c1",),
        "fields": None, "specs": None, "policies": None,
        "mode": "strict", "catalog": Path("c.json"),
    }  # fmt: skip
    assert given.limits().empty


@pytest.mark.parametrize(
    ("arguments", "more", "expected"),
    [
        ([], {}, 100),
        (["--attribution", "4000"], {}, 4000),
        (["--attribution", "0"], {}, 0),
        (["--no-attribution"], {}, 0),
        ([], {"read": True}, 100),
        ([], {"read": False}, 0),
        (["--attribution", "7"], {"read": False}, 7),
    ],
)
def test_histories_are_read_where_somebody_reads_the_plan(arguments, more, expected):
    assert histories(parsed(*arguments), HISTORIES, **more) == expected
