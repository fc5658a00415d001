"""An embedded service is the account and the Region that its target says."""

import pytest

from reconciler.sandbox.api import seed
from tests.e2e.lane_world import made, place
from tests.e2e.stories import A


@pytest.fixture
def lanes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RECONCILE_CONFIG", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    return made(tmp_path, capsys)


def test_each_target_is_where_its_config_says(lanes):
    lanes.configure(a=place("222233334444", "eu-central-1"), b=None, c="region: us-east-1")
    lanes.spec(f"target: [a, b, c]\ncases:\n  - id: {A}\n    fields: {{country: FI}}\n")
    plan = lanes.plan()
    assert [(one["account"], one["region"]) for one in plan["targets"]] == [
        ("222233334444", "eu-central-1"), ("111122223333", "us-west-2"),
        ("111122223333", "us-east-1"),
    ]  # fmt: skip
    assert lanes.run("apply", "plan.json").status == 0
    assert lanes.run("drift").status == 0


def test_a_database_that_is_another_account_is_that_targets_error(lanes):
    lanes.configure(a=place("222233334444"), b=None)
    (lanes.folder / "a.db").unlink()
    seed(lanes.folder / "a.db", cases=1, account="333344445555")
    lanes.spec(f"target: [a, b]\ncases:\n  - id: {A}\n    fields: {{country: FI}}\n")
    plan = lanes.plan(status=4)
    assert [one["error"] is None for one in plan["targets"]] == [False, True]
    said = plan["targets"][0]["error"]
    assert said.startswith("target a: ")
    assert said.endswith("belongs to account 333344445555, not 222233334444")


def test_a_database_seeded_in_a_region_is_found_without_naming_it_again(lanes):
    lanes.configure(a=None)
    (lanes.folder / "a.db").unlink()
    words = ["--account", "333344445555", "--region", "eu-central-1"]
    assert lanes.run("sandbox", "seed", "--db", "a.db", *words).status == 0
    lanes.spec(f"cases:\n  - id: {A}\n    fields: {{country: FI}}\n")
    [target] = lanes.plan()["targets"]
    assert (target["account"], target["region"]) == ("333344445555", "eu-central-1")


@pytest.mark.parametrize("words", [["--account", "12"], ["--region", "moon"]])
def test_what_is_no_account_and_no_region_is_a_line(lanes, words):
    ran = lanes.run("sandbox", "seed", "--db", "x.db", *words)
    assert ran.status == 1, ran
    assert "unlike" in ran.err and "Traceback" not in ran.err
