"""Who vouches for a file: those who share the key, this machine, or nobody."""

from pathlib import Path

import pytest

from reconciler.config.model import Config, Limits, OwnerRule
from reconciler.errors import PlanMisfit, ReconcilerError
from reconciler.secrets import vouching as module
from reconciler.secrets.key import VARIABLE
from reconciler.secrets.signing import SIGNATURE
from reconciler.secrets.vouching import checked, signed_here
from tests.builders import a_target

DATA = {"numbers": [1, 2]}
OWNED = {"owners": (OwnerRule(owner="@crm", specs=("*",)),)}
PERCENT = {"targets": {"prod": a_target(limits=Limits(percent=10.0))}}
PATH = Path("plan.json")


def a_config(folder, key="", **more):
    given = {"targets": {"prod": a_target()}, "default_target": "prod", "path": None, **more}
    return Config(root=folder, specs=folder, environment={VARIABLE: key} if key else {}, **given)


def vouched(data, config):
    bare, proven = checked(PATH, data, "plan", config)
    assert bare == DATA
    return proven


def test_who_shares_the_key_vouches_on_every_machine(tmp_path):
    made = signed_here(DATA, a_config(tmp_path / "one", "shared"))
    assert vouched(made, a_config(tmp_path / "two", "shared"))


def test_a_shared_key_leaves_none_on_the_machine(tmp_path):
    signed_here(DATA, a_config(tmp_path, "shared", **OWNED))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(DATA, "no HMAC", id="unsigned"),
        pytest.param({**DATA, SIGNATURE: "0" * 64}, "another HMAC", id="made-up"),
        pytest.param({**DATA, SIGNATURE: None}, "another HMAC", id="no-text"),
    ],
)
def test_where_a_key_is_set_no_file_without_its_hmac_is_taken(tmp_path, data, found):
    with pytest.raises(PlanMisfit, match=rf"plan\.json: found {found}, expected .*{VARIABLE}"):
        checked(PATH, data, "plan", a_config(tmp_path, "shared"))


def test_a_file_of_another_key_is_refused(tmp_path):
    made = signed_here(DATA, a_config(tmp_path, "theirs"))
    with pytest.raises(PlanMisfit, match="found another HMAC"):
        checked(PATH, made, "plan", a_config(tmp_path, "ours"))


def test_without_a_config_the_given_environment_has_the_key(tmp_path):
    made = signed_here(DATA, a_config(tmp_path, "shared"))
    assert checked(PATH, made, "plan", None, {VARIABLE: "shared"}) == (DATA, True)
    with pytest.raises(PlanMisfit):
        checked(PATH, DATA, "plan", None, {VARIABLE: "shared"})
    assert checked(PATH, DATA, "plan", None, {}) == (DATA, False)


@pytest.mark.parametrize("signature", [None, 7, "", "0" * 63, "0" * 65, "A" * 64, "0" * 64 + "\n"])
def test_an_hmac_that_is_none_is_refused_also_where_no_key_is_set(tmp_path, signature):
    with pytest.raises(
        PlanMisfit,
        match="its `hmac` is none, so that no RECONCILE_SEAL_KEY has made it; make the plan anew",
    ):
        checked(PATH, {**DATA, SIGNATURE: signature}, "plan", a_config(tmp_path))


@pytest.mark.parametrize("guards", [OWNED, PERCENT], ids=["owners", "percent"])
def test_where_a_guard_believes_a_plan_this_machine_vouches_for_its_own(tmp_path, guards):
    config = a_config(tmp_path / "one", **guards)
    made = signed_here(DATA, config)
    assert vouched(made, config)
    assert not vouched({**made, SIGNATURE: "0" * 64}, config)
    assert not vouched(made, a_config(tmp_path / "two", **guards))
    assert not vouched(DATA, config)


def test_where_no_guard_believes_a_plan_no_key_is_made_and_nobody_vouches(tmp_path):
    config = a_config(tmp_path)
    assert signed_here(DATA, config) == DATA
    assert list(tmp_path.iterdir()) == []
    made = signed_here(DATA, a_config(tmp_path, **OWNED))
    assert not vouched(made, config)


@pytest.mark.parametrize("error", [OSError("read-only"), ReconcilerError("no key of ours")])
def test_a_machine_that_can_keep_no_key_leaves_the_hmac_out_and_fails_nothing(
    tmp_path, monkeypatch, error
):
    def refuse(*_):
        raise error

    monkeypatch.setattr(module, "seal_key", refuse)
    assert signed_here(DATA, a_config(tmp_path, **OWNED)) == DATA
