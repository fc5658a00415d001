"""An edit without a server leaves what an agent's edit would."""

import pytest

from reconciler.sandbox.api import Embedded, SandboxError, edit, seed
from tests.e2e.world import World


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "cases.db"
    seed(path, cases=3)
    return path


def test_values_are_set_and_cleared_and_the_history_names_the_agent(database, tmp_path, capsys):
    with Embedded(database, fast=True) as service:
        world = World(tmp_path, service, capsys)
        case = min(world.everything())
    values = {"Country": "Nowhere", "score": "2.5", "vip": "true", "Note": "", "Severity": "Low"}
    edit(database, case, values, "j.doe")
    with Embedded(database, fast=True) as service:
        world = World(tmp_path, service, capsys)
        assert world.held(case, "Country", "Score", "VIP") == ["Nowhere", 2.5, True]
        assert world.held(case, "Note", "Severity") == [None, "low"]
        events = world.client.get_case_audit_events(domainId=world.domain, caseId=case)
        by = [one["performedBy"].get("user", {}) for one in events["auditEvents"]]
        assert any(user.get("userArn", "").endswith("/agent/j.doe") for user in by)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"Nonsense": "1"}, "no field is named Nonsense"),
        ({"Score": "many"}, "many is no number"),
        ({"Case Id": "x"}, "the service refused"),
    ],
)
def test_what_cannot_be_done_is_said(database, tmp_path, capsys, values, said):
    with Embedded(database, fast=True) as service:
        case = min(World(tmp_path, service, capsys).everything())
    with pytest.raises(SandboxError, match=said):
        edit(database, case, values, "j.doe")


def test_a_database_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(SandboxError, match="sandbox seed"):
        edit(tmp_path / "none.db", "c", {"Country": "x"}, "j.doe")
    assert not (tmp_path / "none.db").exists()
