"""Commands, help, and what wrong usage ends with."""

import os
import subprocess
import sys

import click
import pytest

from reconciler import __version__
from reconciler.cli.main import COMMANDS, cli, run


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples_that_begin_with_its_name(empty, command):
    status, out, err = empty.run(command, "--help")
    assert (status, err) == (0, "")
    assert "Examples\n" in out
    assert f"reconcile {command}" in out.split("Examples\n")[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_every_command_says_what_it_is_for(command):
    found = cli.get_command(click.Context(cli), command)
    commands = found.commands.values() if isinstance(found, click.Group) else [found]
    for one in commands:
        options = [entry for entry in one.params if isinstance(entry, click.Option)]
        silent = [entry.name for entry in options if not entry.help and entry.name != "cases"]
        assert silent == [], one.name


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_list(empty, command):
    _, out, _ = empty.run("--help")
    assert f"  {command} " in out


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_a_result(empty, flag):
    status, out, err = empty.run(flag)
    assert (status, err) == (0, "")
    assert out.startswith("Usage: reconcile")


def test_the_version_is_the_packages(empty):
    assert empty.run("--version") == (0, f"reconcile, version {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["plann"], id="unknown-command"),
        pytest.param(["--nonsense"], id="unknown-flag"),
        *(pytest.param([name, "--nonsense"], id=f"unknown-flag-of-{name}") for name in COMMANDS),
        pytest.param(["plan", "--mode", "fast"], id="unknown-mode"),
        pytest.param(["plan", "--format", "xml"], id="unknown-format"),
        pytest.param(["plan", "nowhere.yaml"], id="a-path-that-is-not-there"),
        pytest.param(["plan", "--ttl", "0"], id="no-life-at-all"),
        pytest.param(["plan", "--allow-cases", "-1"], id="a-negative-number"),
        pytest.param(["plan", "--allow-cases", "many"], id="no-number"),
        pytest.param(["plan", "--allow-percent", "101"], id="more-than-all"),
        pytest.param(["plan", "--allow-field", "status"], id="a-field-without-a-number"),
        pytest.param(["plan", "--allow-field", "=5"], id="a-number-without-a-field"),
        pytest.param(["plan", "--allow-field", "status=-5"], id="a-field-below-nothing"),
        pytest.param(["apply", "--limit", "0"], id="a-limit-of-nothing"),
        pytest.param(["apply", "--max-failures", "0"], id="no-failure-at-all"),
        pytest.param(["show"], id="nothing-to-show"),
        pytest.param(["sandbox", "seed"], id="no-database"),
    ],
)
def test_wrong_usage_ends_with_one_and_says_so_on_stderr(folder, arguments):
    status, out, err = folder.run(*arguments)
    assert (status, out) == (1, "")
    assert "Error: " in err
    assert "Traceback" not in err


def test_a_word_that_is_nearly_a_command_is_asked_back(empty):
    _, _, err = empty.run("aply")
    assert 'there is no command "aply"; did you mean "apply"?' in err


def test_nothing_asked_for_is_answered_with_the_help(empty):
    _, out, err = empty.run()
    assert "Usage: reconcile" in out + err


def test_the_user_who_aborts_is_told_that_nothing_was_written(empty, monkeypatch):
    def abort(*_, **__):
        raise click.Abort

    monkeypatch.setattr(cli, "main", abort)
    assert empty.run("plan") == (1, "", "aborted; nothing was written\n")


def test_an_interrupt_ends_with_130(monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", interrupt)
    assert run(["plan"]) == 130


def test_a_reader_that_goes_away_ends_the_program_quietly(folder):
    with subprocess.Popen(
        [sys.executable, "-m", "reconciler", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() in (0, 141)


def test_validate_loads_no_aws_library_and_none_of_the_heavy_ones(folder):
    code = (
        "import sys; from reconciler.cli.main import run; status = run(['validate']);"
        "heavy = {'boto3', 'botocore', 'deepdiff', 'aiohttp', 'sqlite3'} & set(sys.modules);"
        "print(heavy or 'none', status, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "none 0\n"


LIGHT = [name for name in COMMANDS if name not in ("validate", "fmt")]


@pytest.mark.parametrize("command", LIGHT)
def test_help_loads_no_plan_config_or_report_and_no_library_but_click(empty, command):
    code = (
        "import sys; from reconciler.cli.main import run; status = run([sys.argv[1], '--help']);"
        "heavy = {'boto3', 'botocore', 'rich', 'yaml', 'sqlite3', 'reconciler.model.plan',"
        " 'reconciler.model.event', 'reconciler.config.model', 'reconciler.specs.resolve'};"
        "print(sorted(heavy & set(sys.modules)) or 'none', status, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, command], capture_output=True, text=True, check=True
    )
    assert done.stderr == "none 0\n"
