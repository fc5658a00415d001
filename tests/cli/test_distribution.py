"""What the distribution is called, and which commands it brings."""

import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest

from reconciler import __version__

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_its_name_is_nobody_elses():
    assert PROJECT["name"] == "cases-reconciler"


@pytest.mark.parametrize("command", ["reconcile", "cases-reconciler"])
def test_the_command_and_its_namesake_for_uvx_are_one_program(command):
    assert PROJECT["scripts"][command] == "reconciler.cli.start:main"


def test_what_is_installed_here_is_that_distribution_in_this_version():
    installed = distribution("cases-reconciler")
    assert installed.version == __version__ == PROJECT["version"]
    commands = {one.name for one in installed.entry_points if one.group == "console_scripts"}
    assert commands == set(PROJECT["scripts"])
