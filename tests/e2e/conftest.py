"""The seeded service that end-to-end tests start from, made once and copied for each."""

import pytest

from reconciler.sandbox.api import Embedded, seed
from tests.e2e.stories import story  # noqa: F401 - a fixture
from tests.e2e.world import World, copy_database


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    path = tmp_path_factory.mktemp("seeded") / "cases.db"
    seed(path, cases=120)
    # Opening and closing it once folds the write-ahead log into the file that is copied.
    Embedded(path, fast=True).close()
    return path


@pytest.fixture
def world(seeded, tmp_path, monkeypatch, capsys):
    database = copy_database(seeded, tmp_path / "cases.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RECONCILE_CONFIG", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    with Embedded(database, fast=True) as service:
        made = World(tmp_path, service, capsys)
        made.configure()
        (tmp_path / "specs").mkdir()
        yield made
