"""Change windows as the config writes them; every mistake is told with its place."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from reconciler.config.file import read_config
from reconciler.config.window_model import Span, Weekly, Window
from reconciler.errors import AuthorErrors

HOURS = '{days: [mon..fri], from: "08:00", to: "18:00"}'
SPAN = "{from: 2026-12-20T00:00, to: 2027-01-03T00:00}"


def config(tmp_path, windows="", of_target=""):
    text = "apiVersion: reconcile/v1\nkind: Config\n"
    text += f"windows:\n{windows}" if windows else ""
    text += "targets:\n  demo:\n    sandbox: demo.db\n    domain: support\n"
    text += f"    windows:\n{of_target}" if of_target else ""
    path = tmp_path / "reconcile.yaml"
    path.write_text(text)
    return read_config(path)


def one(tmp_path, keys):
    """The only window of a config, from its keys."""
    return config(tmp_path, f"  - {{name: w, time_zone: Europe/Berlin, {keys}}}\n")


def test_a_window_of_a_span(tmp_path):
    found = one(tmp_path, f"deny: {SPAN}, reason: CHG freeze")
    assert found.targets["demo"].windows == (
        Window(
            name="w",
            allows=False,
            schedule=Span(
                datetime.fromisoformat("2026-12-20"), datetime.fromisoformat("2027-01-03")
            ),
            zone=ZoneInfo("Europe/Berlin"),
            reason="CHG freeze",
        ),
    )


@pytest.mark.parametrize(
    ("days", "numbers"),
    [
        pytest.param("[mon..fri]", {0, 1, 2, 3, 4}, id="a-range"),
        pytest.param("[sat, sun]", {5, 6}, id="each"),
        pytest.param("[sat..mon, wed]", {5, 6, 0, 2}, id="a-range-over-the-weekend"),
        pytest.param("[tue..tue]", {1}, id="a-range-of-one"),
    ],
)
def test_a_window_of_every_week(tmp_path, days, numbers):
    [window] = (
        one(tmp_path, f'allow: {{days: {days}, from: 22:00, to: "06:30"}}').targets["demo"].windows
    )
    assert window.allows
    assert window.schedule == Weekly(frozenset(numbers), time(22), time(6, 30))


def test_the_windows_of_all_targets_come_before_the_targets_own(tmp_path):
    found = config(
        tmp_path,
        f"  - {{name: all, time_zone: UTC, deny: {SPAN}}}\n",
        f"      - {{name: own, time_zone: UTC, allow: {HOURS}}}\n",
    )
    assert [window.name for window in found.targets["demo"].windows] == ["all", "own"]


@pytest.mark.parametrize(
    ("keys", "column", "code"),
    [
        pytest.param("reason: x", 5, "allow-or-deny", id="neither"),
        pytest.param(f"allow: {SPAN}, deny: {HOURS}", 96, "allow-or-deny", id="both"),
        pytest.param(f"allow: {SPAN}, until: 5", 96, "unknown-key", id="unknown-key"),
        pytest.param(f"allow: {SPAN}, reason: ''", 104, "empty-name", id="blank-reason"),
        pytest.param("deny: now", 47, "wrong-shape", id="no-schedule"),
        pytest.param("deny: {from: 2026-12-20T00:00}", 47, "missing-key", id="no-end"),
        pytest.param(
            "deny: {from: 2026-12-20, to: 2026-12-21T00:00}", 54, "bad-window-time", id="no-time"
        ),
        pytest.param(
            "deny: {from: 2026-12-20T00:00Z, to: 2026-12-21T00:00}",
            54,
            "bad-window-time",
            id="an-offset",
        ),
        pytest.param(
            "deny: {from: 2026-02-30T00:00, to: 2026-12-21T00:00}", 54, "no-such-date", id="no-day"
        ),
        pytest.param(
            "deny: {from: 2026-12-21T00:00, to: 2026-12-21T00:00}", 76, "window-order", id="order"
        ),
        pytest.param("deny: {from: 08:00, to: 09:00}", 54, "bad-window-time", id="days-missing"),
        pytest.param(
            "deny: {days: [mon], from: 2026-12-21T00:00, to: 09:00}",
            67,
            "bad-window-time",
            id="a-date-with-days",
        ),
        pytest.param(
            "deny: {days: [mon], from: 24:00, to: 09:00}", 67, "bad-window-time", id="24-hours"
        ),
        pytest.param("deny: {days: [], from: 08:00, to: 09:00}", 54, "bad-days", id="no-days"),
        pytest.param(
            "deny: {days: [Mo], from: 08:00, to: 09:00}", 55, "bad-days", id="no-such-day"
        ),
        pytest.param("deny: {days: mon, from: 08:00, to: 09:00}", 54, "wrong-shape", id="no-list"),
    ],
)
def test_what_is_wrong_with_a_window_is_told_with_its_place(tmp_path, keys, column, code):
    with pytest.raises(AuthorErrors) as raised:
        one(tmp_path, keys)
    found = [
        (problem.at.line, problem.at.column, problem.code) for problem in raised.value.problems
    ]
    assert (4, column, code) in found


@pytest.mark.parametrize(
    ("window", "code"),
    [
        pytest.param(f"{{time_zone: UTC, deny: {SPAN}}}", "missing-key", id="no-name"),
        pytest.param(f"{{name: w, deny: {SPAN}}}", "missing-key", id="no-zone"),
        pytest.param(
            f"{{name: w, time_zone: Mars/Base, deny: {SPAN}}}", "unknown-time-zone", id="zone"
        ),
        pytest.param(
            f"{{name: w, time_zone: ../../etc/passwd, deny: {SPAN}}}",
            "unknown-time-zone",
            id="a-path",
        ),
        pytest.param(f"{{name: w, time_zone: CET+1, deny: {SPAN}}}", "unknown-time-zone", id="cet"),
        pytest.param(
            f"{{name: w, time_zone: Europe, deny: {SPAN}}}", "unknown-time-zone", id="dir"
        ),
        pytest.param("w", "wrong-shape", id="no-mapping"),
    ],
)
def test_a_window_that_is_none(tmp_path, window, code):
    with pytest.raises(AuthorErrors) as raised:
        config(tmp_path, f"  - {window}\n")
    assert [problem.code for problem in raised.value.problems] == [code]


def test_a_name_stands_once_in_the_whole_config(tmp_path):
    window = f"- {{name: w, time_zone: UTC, deny: {SPAN}}}\n"
    with pytest.raises(AuthorErrors) as raised:
        config(tmp_path, f"  {window}", f"      {window}")
    [problem] = raised.value.problems
    assert (problem.code, problem.at.line) == ("window-twice", 10)
    assert "line 4" in problem.message


def test_a_machine_without_time_zone_data_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setattr("reconciler.config.windows_section.available_timezones", set)
    with pytest.raises(AuthorErrors) as raised:
        config(tmp_path, f"  - {{name: w, time_zone: Mars/Olympus, deny: {SPAN}}}\n")
    assert "no-time-zone-data" in str(raised.value)
    assert "tzdata" in str(raised.value)
