"""The status of a plan, and what ends planning before its first call."""

import pytest

from reconciler.cli.commands.plan import status
from reconciler.errors import Exit
from reconciler.model.guards import Guard
from reconciler.model.plan import Blocker, UnreadableCase
from tests.builders import AT, a_plan, case_change, target_plan
from tests.cli.worlds import SPEC

BLOCKED = {"blocked_by": (Blocker(Guard.CASES, "prod", 1, 0, "m"),)}
UNREADABLE = {"unreadable": (UnreadableCase("c9", "not-found", "", AT),)}
CHANGE = case_change("c1")


@pytest.mark.parametrize(
    ("target", "plain", "detailed"),
    [
        pytest.param(target_plan(), Exit.OK, Exit.OK, id="nothing-to-change"),
        pytest.param(target_plan(CHANGE), Exit.OK, Exit.CHANGES, id="changes"),
        pytest.param(target_plan(CHANGE, **BLOCKED), Exit.BLOCKED, Exit.BLOCKED, id="blocked"),
        pytest.param(target_plan(**UNREADABLE), Exit.INCOMPLETE, Exit.INCOMPLETE, id="unreadable"),
        pytest.param(
            target_plan(CHANGE, **UNREADABLE), Exit.INCOMPLETE, Exit.INCOMPLETE, id="and-changes"
        ),
        pytest.param(
            target_plan(CHANGE, **UNREADABLE, **BLOCKED),
            Exit.BLOCKED,
            Exit.BLOCKED,
            id="and-blocked",
        ),
    ],
)
def test_the_status_says_the_most_serious_thing(target, plain, detailed):
    plan = a_plan(target)
    assert (status(plan, detailed=False), status(plan, detailed=True)) == (plain, detailed)


def test_the_statuses_are_public_interface():
    assert {one.name: int(one) for one in Exit} == {
        "OK": 0,
        "ERROR": 1,
        "CHANGES": 2,
        "BLOCKED": 3,
        "INCOMPLETE": 4,
        "MISFIT": 5,
        "HELD": 6,
        "SIGINT": 130,
        "SIGTERM": 143,
        "SIGPIPE": 141,
    }


@pytest.mark.parametrize("command", ["plan", "drift"])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ["-t", "tset"],
            '--target tset: reconcile.yaml has no target "tset"; it has: prod',
            id="unknown-target",
        ),
        pytest.param(["--config", "none.yaml"], "none.yaml", id="no-config"),
        pytest.param(["--catalog", "none.json"], "none.json", id="no-catalog"),
    ],
)
def test_an_error_before_any_call_ends_with_one(folder, command, arguments, message):
    found, out, err = folder.run(command, *arguments)
    assert (found, out) == (1, "")
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["plan", "drift"])
def test_mistakes_in_specs_are_told_with_their_places(folder, command):
    folder.write("specs/a.yaml", SPEC.replace("cases:", "casses:"))
    found, out, err = folder.run(command)
    assert (found, out) == (1, "")
    assert "specs/a.yaml:4:1: unknown-key" in err


def test_a_sandbox_that_was_not_seeded_says_how_to_make_one(folder):
    folder.write(
        "reconcile.yaml",
        """\
        apiVersion: reconcile/v1
        kind: Config
        targets: {demo: {sandbox: .reconcile/demo.db, domain: support}}
        default_target: demo
        """,
    )
    found, _, err = folder.run("plan")
    assert found == 1
    assert "reconcile sandbox seed --db" in err
