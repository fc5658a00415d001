"""Change windows: plan tells, apply refuses, an override is recorded, a freeze stops stages."""

import threading

import pytest

from reconciler.apply.stages import parse_stages
from reconciler.config.file import read_config
from reconciler.model.event import Applied, NotAttempted
from reconciler.project.applying import Apply, ApplyRequest
from reconciler.project.connections import Connections
from reconciler.project.planning import PlanRequest, plan_now
from tests.e2e.receipts import cases_of, journal_of, newest, read
from tests.fakes import FakeClock

EVER = "{from: 2000-01-01T00:00, to: 2999-01-01T00:00}"
PAST = "{from: 2000-01-01T00:00, to: 2001-01-01T00:00}"
FREEZE = f"{{name: freeze, time_zone: UTC, deny: {EVER}, reason: CHG freeze}}"
OPEN = f"{{name: open, time_zone: UTC, allow: {EVER}}}"
CLOSED = f"{{name: hours, time_zone: UTC, allow: {PAST}}}"


def with_windows(world, *windows, of_all=()):
    """The config with these windows on the target, and for every target."""
    world.configure("    windows:\n" + "".join(f"      - {one}\n" for one in windows))
    if of_all:
        path = world.folder / "reconcile.yaml"
        text = "windows:\n" + "".join(f"  - {one}\n" for one in of_all)
        path.write_text(path.read_text().replace("targets:\n", text + "targets:\n", 1))


@pytest.fixture
def five(world):
    """A saved plan for five cases."""
    world.cases = cases_of(world, 5)
    lines = "".join(f"  - {{id: {one}, fields: {{root cause: agreed}}}}\n" for one in world.cases)
    world.spec("cases:\n" + lines)
    assert world.run("plan", "--out", "plan.json").status == 0
    return world


@pytest.mark.parametrize(
    ("windows", "flags", "status"),
    [
        pytest.param([OPEN], (), 0, id="open"),
        pytest.param([FREEZE], (), 3, id="frozen"),
        pytest.param([OPEN, FREEZE], (), 3, id="deny-wins"),
        pytest.param([CLOSED], (), 3, id="outside"),
        pytest.param([CLOSED, OPEN], (), 0, id="one-is-open"),
        pytest.param([FREEZE], ("--override-window", "freeze"), 0, id="overridden"),
        pytest.param([CLOSED], ("--override-window", "hours"), 0, id="overridden-hours"),
        pytest.param([CLOSED, FREEZE], ("--override-window", "hours"), 3, id="one-of-two"),
        pytest.param(
            [CLOSED, FREEZE],
            ("--override-window", "hours", "--override-window", "freeze"),
            0,
            id="both",
        ),
        pytest.param([FREEZE], ("--override-window", "frieze"), 1, id="no-such-window"),
        pytest.param([OPEN], ("--override-window", "open"), 0, id="not-needed"),
    ],
)
def test_apply_is_refused_and_each_window_has_its_own_override(five, windows, flags, status):
    with_windows(five, *windows)
    five.calls()
    ran = five.run("apply", "plan.json", *flags)
    assert ran.status == status, ran.text
    assert five.calls().get("UpdateCase", 0) == (0 if status else 5)
    if status == 3:
        assert "refused by a change window, nothing was written" in ran.err
        assert "--override-window" in ran.err
    if not status:
        overridden = list(flags[1::2])
        assert journal_of(newest(five))[0]["overridden_windows"] == overridden
        assert read(newest(five))["run"]["overridden_windows"] == overridden


def test_the_refusal_names_window_reason_end_and_flag(five):
    with_windows(five, OPEN, of_all=[FREEZE])
    ran = five.run("apply", "--yes")
    assert ran.status == 3
    assert (
        'target demo: window "freeze" forbids it until 2999-01-01 00:00 UTC (CHG freeze)' in ran.err
    )
    assert '--override-window "freeze"' in ran.err
    assert "Plan: 5 fields on 5 cases" in ran.out


def test_plan_tells_and_is_neither_refused_nor_changed(five):
    with_windows(five, FREEZE)
    ran = five.run("plan")
    assert ran.status == 0
    assert "apply would be refused now: target demo: window" in ran.err
    assert five.run("drift").status == 2
    with_windows(five, OPEN)
    assert "refused" not in five.run("plan").err


def test_an_apply_that_has_nothing_to_write_is_not_refused(five):
    five.run("apply", "plan.json")
    with_windows(five, FREEZE)
    assert five.run("apply", "--yes").status == 0
    assert "refused" not in five.run("plan").err


def test_retry_and_rollback_are_refused_too(five):
    five.run("apply", "plan.json", "--limit", "2")
    with_windows(five, FREEZE)
    five.calls()
    assert five.run("apply", "--retry", newest(five)).status == 3
    assert five.run("rollback", newest(five), "--yes").status == 3
    assert "UpdateCase" not in five.calls()
    assert five.run("rollback", newest(five)).status == 0
    flags = ("--override-window", "freeze")
    assert five.run("rollback", newest(five), "--yes", *flags).status == 0


@pytest.mark.parametrize(
    ("overridden", "applied"), [((), 2), (("soon",), 5)], ids=["stops", "overridden"]
)
def test_a_run_that_comes_into_a_freeze_stops_between_stages(five, overridden, applied):
    soon = "{from: 2026-12-01T09:30, to: 2026-12-01T12:00}"
    with_windows(five, f"{{name: soon, time_zone: UTC, deny: {soon}, reason: release}}")
    config, stop = read_config(five.folder / "reconcile.yaml"), threading.Event()
    request = ApplyRequest(
        stages=parse_stages("2,100%"), pause_seconds=3600, overridden_windows=overridden
    )
    with Connections(config, stop) as connections:
        connections.clock = FakeClock()  # 09:00 UTC; an hour passes in the pause
        plan = plan_now(config, PlanRequest(), connections).plan
        found = list(Apply(plan, {}, config, request, connections).run(stop))
    assert [type(one) for one in found].count(Applied) == applied
    for one in found:
        if isinstance(one, NotAttempted):
            assert 'window "soon" forbids it until 2026-12-01 12:00 UTC (release)' in one.reason
    assert read(newest(five))["counts"]["NotAttempted"] == 5 - applied
