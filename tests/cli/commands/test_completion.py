"""A shell completes commands, options, targets and formats."""

import shutil
import subprocess

import pytest
from click.shell_completion import BashComplete

from reconciler.cli.main import COMMANDS, cli
from tests.cli.worlds import CONFIG


def offered(*words):
    """What is offered for the last word."""
    *before, last = words
    found = BashComplete(cli, {}, "reconcile", "_RECONCILE_COMPLETE")
    return [one.value for one in found.get_completions(list(before), last)]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(empty, shell):
    status, out, _ = empty.run("completion", shell)
    assert status == 0
    assert f"_RECONCILE_COMPLETE={shell}_complete" in out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=out.encode(), check=True)


def test_another_shell_is_an_error(empty):
    assert empty.run("completion", "tcsh")[0] == 1


def test_commands_are_offered(empty):
    assert offered("") == list(COMMANDS)
    assert offered("ca") == ["catalog"]


WITH_TARGETS = (
    "plan", "apply", "drift", "accept", "validate", "catalog", "export", "import", "history",
)  # fmt: skip


@pytest.mark.parametrize("command", WITH_TARGETS)
def test_targets_come_from_the_config(folder, command):
    folder.write(
        "reconcile.yaml",
        CONFIG.replace("targets:\n", "targets:\n  demo: {sandbox: x, domain: y}\n"),
    )
    assert offered(command, "-t", "") == ["demo", "prod"]
    assert offered(command, "--target", "p") == ["prod"]


def test_targets_of_a_named_config_are_offered(empty):
    empty.write("other.yaml", CONFIG)
    assert offered("plan", "--config", "other.yaml", "-t", "") == ["prod"]


@pytest.mark.parametrize("config", [None, "targets: ["])
def test_without_a_good_config_no_target_is_offered(empty, config):
    if config:
        empty.write("reconcile.yaml", config)
    assert offered("plan", "-t", "") == []


def test_formats_are_offered(folder):
    assert offered("plan", "--format", "js") == ["json"]
    assert "junit=" in offered("plan", "--report", "")
