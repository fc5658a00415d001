"""Run the program in a folder of its own."""

import pytest

from tests.cli.worlds import CONFIG, SPEC, Folder


@pytest.fixture
def empty(tmp_path, monkeypatch, capsys):
    """A folder with nothing in it."""
    for name in ("RECONCILE_CONFIG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path, capsys)


@pytest.fixture
def folder(empty):
    """A folder with a config and one spec."""
    empty.write("reconcile.yaml", CONFIG)
    empty.write("specs/a.yaml", SPEC)
    return empty
