"""The result on stdout, everything else on stderr, in the shape that was asked for."""

import json

import pytest

from reconciler.cli.console import Console, wants_colour
from reconciler.errors import AuthorErrors, ReconcilerError
from reconciler.model.diagnostic import Problem, Source

PROBLEMS = AuthorErrors(
    [
        Problem(Source("b.yaml", 2), "unknown-key", "found x", "remove it"),
        Problem(Source("a.yaml", 9, 3), "unknown-field", "found y"),
        Problem(Source("a.yaml", 9, 3), "unknown-field", "found y"),
    ]
)


def said(capsys, do, **more):
    do(Console(**{"colour": False, **more}))
    found = capsys.readouterr()
    return found.out, found.err


def test_a_result_goes_to_stdout_and_ends_with_one_newline(capsys):
    assert said(capsys, lambda c: c.result("x")) == ("x\n", "")
    assert said(capsys, lambda c: c.result("x\n")) == ("x\n", "")


def test_notes_go_to_stderr_unless_quiet(capsys):
    assert said(capsys, lambda c: c.note("x")) == ("", "x\n")
    assert said(capsys, lambda c: c.note("x"), quiet=True) == ("", "")


def test_details_are_for_who_asked(capsys):
    assert said(capsys, lambda c: c.detail("x")) == ("", "")
    assert said(capsys, lambda c: c.detail("x"), verbose=True) == ("", "x\n")


def test_errors_are_said_also_when_quiet(capsys):
    error = ReconcilerError("it broke")
    assert said(capsys, lambda c: c.error(error), quiet=True) == ("", "error: it broke\n")


def test_problems_are_a_line_each_sorted_once_and_counted(capsys):
    out, err = said(capsys, lambda c: c.error(PROBLEMS))
    assert out == ""
    assert err.splitlines()[:2] == [
        "a.yaml:9:3: unknown-field: found y",
        "b.yaml:2:1: unknown-key: found x (remove it)",
    ]
    assert "2 problems" in err.splitlines()[2]


def test_one_problem_is_not_plural(capsys):
    one = AuthorErrors(PROBLEMS.problems[:1])
    assert "1 problem" in said(capsys, lambda c: c.error(one))[1]
    assert "1 problems" not in said(capsys, lambda c: c.error(one))[1]


def test_logs_for_programs_are_one_json_object_a_line(capsys):
    def do(console):
        console.note("saved\nplan")
        console.error(ReconcilerError("it broke"))
        console.error(PROBLEMS)

    out, err = said(capsys, do, json_log=True)
    lines = [json.loads(line) for line in err.splitlines()]
    assert out == ""
    assert [line["level"] for line in lines] == ["info", "error", "error", "error", "error"]
    assert lines[0]["message"] == "saved\nplan"
    assert (lines[2]["file"], lines[2]["line"], lines[2]["code"]) == ("a.yaml", 9, "unknown-field")


def test_a_problem_in_colour_is_the_same_text(capsys):
    _, plain = said(capsys, lambda c: c.problems(PROBLEMS.problems))
    _, colour = said(capsys, lambda c: c.problems(PROBLEMS.problems), colour=True)
    assert "\x1b[" in colour
    assert "\x1b[" not in plain


@pytest.mark.parametrize("json_log", [True, False])
def test_half_a_surrogate_pair_can_be_said(capsys, json_log):
    out, err = said(capsys, lambda c: (c.result("\ud83d"), c.note("\ud83d")), json_log=json_log)
    assert out == "\\ud83d\n"
    assert "\\ud83d" in err


@pytest.mark.parametrize(
    ("terminal", "flag", "environment", "expected"),
    [
        pytest.param(True, False, {}, True, id="a-terminal"),
        pytest.param(False, False, {}, False, id="a-pipe"),
        pytest.param(True, True, {}, False, id="no-color-flag"),
        pytest.param(True, False, {"NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param(True, False, {"NO_COLOR": ""}, True, id="NO_COLOR-empty"),
        pytest.param(True, False, {"TERM": "dumb"}, False, id="a-dumb-terminal"),
    ],
)
def test_colour_is_for_terminals_and_whoever_wants_it(
    monkeypatch, terminal, flag, environment, expected
):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    assert wants_colour(flag) is expected


def test_a_failing_command_logs_json_when_asked(empty):
    status, out, err = empty.run("validate", "--config", "none.yaml", "--log-format", "json")
    assert (status, out) == (1, "")
    assert json.loads(err)["level"] == "error"
