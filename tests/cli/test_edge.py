"""Whatever ends a command is told in a line, and never with a traceback of ours."""

import errno
import re
import sqlite3
import stat

import click
import pytest

from reconciler.cli.console import Console
from reconciler.cli.edge import Steps, failed
from reconciler.cli.main import cli, run
from reconciler.errors import Exit, PlanMisfit, ReconcilerError, Unwritable

SECRET = "4111 1111 1111 1111"


def said(capsys, error, **more):
    status = failed(Console(**{"colour": False, **more}), error)
    found = capsys.readouterr()
    assert found.out == ""
    return status, found.err


@pytest.mark.parametrize(
    ("error", "words"),
    [
        pytest.param(
            OSError(errno.ENOSPC, "No space left on device", "/x/y"),
            "/x/y: No space left on device; make room",
            id="full",
        ),
        pytest.param(
            OSError(errno.EMFILE, "Too many open files"),
            "Too many open files; raise the limit on open files: ulimit -n",
            id="too-many-files",
        ),
        pytest.param(
            OSError(errno.EROFS, "Read-only file system", b"/x\xff"),
            "/x\\udcff: Read-only file system",
            id="a-name-that-is-no-text",
        ),
        pytest.param(
            FileNotFoundError(errno.ENOENT, "No such file or directory", "a\nb"),
            "No such file or directory",
            id="a-name-with-a-line-break",
        ),
        pytest.param(OSError(), "OSError", id="nothing-said"),
        pytest.param(OSError(3), "3", id="a-bare-number"),
        pytest.param(OSError(errno.EIO, "io", 7), "io", id="a-number-for-a-name"),
        pytest.param(MemoryError(), "there is not enough memory", id="memory"),
        pytest.param(RecursionError("x"), "nested too deeply", id="recursion"),
        pytest.param(RuntimeError("can't start new thread"), "no more threads", id="threads"),
        pytest.param(
            UnicodeEncodeError("ascii", "é", 0, 1, "ordinal not in range"), "encoding", id="ascii"
        ),
        pytest.param(
            UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start"), "encoding", id="utf-8"
        ),
        pytest.param(sqlite3.OperationalError("disk I/O error"), "disk I/O error", id="sqlite"),
        pytest.param(ModuleNotFoundError("No module named 'boto3'"), "install", id="a-library"),
    ],
)
def test_what_the_environment_does_is_one_line_and_no_mistake_of_ours(capsys, error, words):
    status, err = said(capsys, error)
    assert status == 1
    assert err.startswith("error: ")
    assert words in err
    assert "mistake" not in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("error", "status"),
    [(ReconcilerError("it broke"), 1), (Unwritable("it broke"), 1), (PlanMisfit("it broke"), 5)],
)
def test_what_was_expected_keeps_its_status(capsys, error, status):
    assert said(capsys, error) == (status, "error: it broke\n")


def test_a_reader_that_went_away_needs_no_words(capsys):
    assert said(capsys, BrokenPipeError(errno.EPIPE, "Broken pipe")) == (141, "")


def boom(value):
    raise KeyError(value)


def caught():
    try:
        boom(SECRET)
    except KeyError as error:
        return error


@pytest.mark.parametrize("verbose", [True, False])
def test_a_mistake_of_ours_says_what_to_report_and_keeps_values_to_a_private_file(
    capsys, tmp_path, monkeypatch, verbose
):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    status, err = said(capsys, caught(), verbose=verbose)
    [kept] = tmp_path.iterdir()
    assert status == 1
    assert "this is a mistake of reconcile itself: KeyError\n" in err
    assert f"please report it with {kept}" in err
    assert SECRET not in err
    assert ("in boom" in err) == verbose
    assert f"KeyError: '{SECRET}'" in kept.read_text(encoding="utf-8")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_without_any_folder_for_its_traceback_a_mistake_is_told_all_the_same(capsys, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", "/none/such")
    status, err = said(capsys, caught())
    assert status == 1
    assert "please report it with what --verbose adds" in err


def test_a_mistake_names_our_own_line(capsys):
    try:
        cli.resolve_command(None, 5)
    except TypeError as error:
        _, err = said(capsys, error)
    assert re.search(r"TypeError in reconciler/cli/main\.py:\d+\n", err)


def test_every_step_is_tried_and_the_first_that_failed_counts(capsys):
    done = []
    steps = Steps(Console(colour=False))
    for number, error in enumerate([PlanMisfit("one"), None, OSError("two"), None]):
        with steps.each():
            if error:
                raise error
            done.append(number)
    assert done == [1, 3]
    assert steps.status == Exit.MISFIT
    assert capsys.readouterr().err == "error: one\nerror: two\n"


def test_wrong_usage_stays_wrong_usage():
    with pytest.raises(click.UsageError), Steps(Console(colour=False)).each():
        raise click.UsageError("so")


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), MemoryError()])
def test_no_command_ends_with_a_traceback_before_it_has_begun(monkeypatch, capsys, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(cli, "main", fail)
    assert run(["plan"]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_a_folder_that_is_gone_is_said_so(empty, tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    status, out, err = empty.run("plan")
    monkeypatch.chdir(tmp_path)
    assert (status, out) == (1, "")
    assert err == "error: this folder is gone; change into one that exists\n"
