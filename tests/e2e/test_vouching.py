"""With a seal key set, only files made with it are taken; without, nothing a file says of itself
lifts a guard."""

import hashlib
import json

import pytest

from reconciler.secrets.key import VARIABLE

A = "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4"
B = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"
SPEC = f"cases:\n  - {{id: {A}, fields: {{country: NO}}}}\n"


def edit(path, change, keep_hmac=True):
    """Change a plan or a receipt as an attacker would, its digest made again."""
    data = json.loads(path.read_text())
    change(data)
    proof = data.pop("hmac", None)
    data.pop("digest")
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    data["digest"] = hashlib.sha256(text.encode()).hexdigest()
    if proof and keep_hmac:
        data["hmac"] = proof
    path.write_text(json.dumps(data))


@pytest.fixture
def keyed(world, monkeypatch):
    monkeypatch.setenv(VARIABLE, "secret of the team")
    world.spec(SPEC)
    return world


def receipt_of(world):
    [path] = (world.folder / ".reconcile" / "runs").glob("*.receipt.json")
    return path


def test_with_a_key_plan_and_receipt_carry_an_hmac_and_are_taken(keyed):
    assert keyed.run("plan", "--out", "plan.json").status == 0
    assert len(json.loads((keyed.folder / "plan.json").read_text())["hmac"]) == 64
    for words in (("show", "plan.json"), ("apply", "plan.json", "--expect", "plan.json")):
        assert keyed.run(*words).status == 0
    receipt = receipt_of(keyed)
    assert len(json.loads(receipt.read_text())["hmac"]) == 64
    assert keyed.run("apply", "--retry", receipt).status == 0
    assert keyed.run("rollback", receipt, "--yes").status == 0


def _other_key(data):
    data["hmac"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "keep"),
    [
        pytest.param(lambda data: None, False, id="taken-off"),
        pytest.param(_other_key, True, id="another"),
        pytest.param(lambda data: data.update(hmac=None), True, id="null"),
        pytest.param(lambda data: data.update(hmac="\u00e9"), True, id="not-ascii"),
        pytest.param(lambda data: data.update(hmac="\ud800"), True, id="half-a-character"),
        pytest.param(lambda data: data.update(tool_version="9"), True, id="edited"),
    ],
)
def test_with_a_key_a_file_without_its_hmac_is_refused_by_every_reader(keyed, change, keep):
    keyed.run("plan", "--out", "plan.json")
    assert keyed.run("apply", "plan.json").status == 0
    receipt = receipt_of(keyed)
    keyed.calls()
    plan = keyed.folder / "plan.json"
    edit(plan, change, keep)
    edit(receipt, change, keep)
    for words in (
        ("show", plan),
        ("show", plan, "--against", plan),
        ("apply", plan),
        ("apply", "--yes", "--expect", plan),
        ("apply", "--retry", receipt),
        ("rollback", receipt),
        ("ignore", "--from-plan", plan, "--all", "--reason", "x", "--until", "2999-12-31"),
    ):
        ran = keyed.run(*words)
        assert ran.status == 5, (words, ran.text)
        assert VARIABLE in ran.err
    assert "UpdateCase" not in keyed.calls()


def test_a_plan_made_with_another_key_or_none_is_refused_where_one_is_set(keyed, monkeypatch):
    for other in ("another secret", ""):
        monkeypatch.setenv(VARIABLE, other)
        assert keyed.run("plan", "--out", "plan.json").status == 0
        monkeypatch.setenv(VARIABLE, "secret of the team")
        assert keyed.run("apply", "plan.json").status == 5


def test_without_a_key_a_file_is_taken_by_its_digest_whoever_signed_it(keyed, monkeypatch):
    keyed.run("plan", "--out", "plan.json")
    monkeypatch.delenv(VARIABLE)
    assert keyed.run("show", "plan.json").status == 0
    assert keyed.run("apply", "plan.json").status == 0


def test_without_a_key_and_a_guard_that_needs_one_no_key_is_made(world):
    world.spec(SPEC)
    world.run("plan", "--out", "plan.json")
    world.run("apply", "plan.json")
    assert "hmac" not in json.loads((world.folder / "plan.json").read_text())
    assert not (world.folder / ".reconcile" / "seal.key").exists()


POLICY = """
apiVersion: reconcile/v1
kind: Policy
metadata: {name: twenty}
select: {where: {field: country, in: [DE, FR, US]}}
fields: {vip: true}
"""


def claims(number):
    def change(data):
        data["targets"][0]["cases_managed"] = number
        data["summary"]["cases_managed"] = number

    return change


def test_a_percentage_holds_between_plan_and_apply_on_one_machine(world):
    world.configure(limits="{cases: 1000, percent: 60}")
    world.spec(POLICY, "policy.yaml")
    planned = world.run("plan", "--out", "plan.json")
    data = json.loads((world.folder / "plan.json").read_text())
    share = 100 * len(data["targets"][0]["changes"]) / data["targets"][0]["cases_managed"]
    assert (planned.status, share > 60) in ((0, False), (3, True))
    assert world.run("apply", "plan.json").status == planned.status


@pytest.mark.parametrize("number", [2, 9, 10**9])
def test_no_number_of_managed_cases_in_a_file_lifts_the_percentage(world, number):
    world.configure(limits="{cases: 1000, percent: 60}")
    world.spec(SPEC)
    world.run("plan", "--out", "plan.json")
    edit(world.folder / "plan.json", claims(number))
    world.calls()
    ran = world.run("apply", "plan.json")
    assert ran.status == 3, ran.text
    assert "nothing proves" in ran.err and VARIABLE in ran.err
    assert "UpdateCase" not in world.calls()
    assert world.run("apply", "plan.json", "--allow-percent", "100").status == 0


OWNERS = """
owners:
  - {owner: care, fields: [country]}
"""


def _owned_by_care(data):
    for change in data["targets"][0]["changes"]:
        for entry in change["fields"]:
            entry["owner"] = "care"


def _a_rollback(data):
    data["rollback_of"] = "a" * 64


@pytest.mark.parametrize("claim", [_owned_by_care, _a_rollback])
def test_no_file_says_whose_specs_it_was_made_from(world, claim):
    world.configure(extra=OWNERS)
    world.spec(SPEC)
    assert world.run("plan", "--out", "plan.json").status == 3
    assert world.run("apply", "plan.json").status == 3
    edit(world.folder / "plan.json", claim)
    world.calls()
    ran = world.run("apply", "plan.json")
    assert ran.status == 3, ran.text
    assert "--allow-owner care" in ran.err
    assert "UpdateCase" not in world.calls()


def test_an_owners_own_plan_is_applied_where_it_was_made(world):
    world.configure(extra=OWNERS)
    world.spec("apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: a, owner: care}\n" + SPEC)
    assert world.run("plan", "--out", "plan.json").status == 0
    assert world.run("apply", "plan.json").status == 0
