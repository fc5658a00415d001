"""The sandbox's vendored model says the same as the installed botocore's."""

import gzip
import json

import pytest

from reconciler.sandbox.operations.table import OPERATIONS
from reconciler.sandbox.service_model import (
    IMPLEMENTED,
    check_complete,
    installed,
    load,
    reachable_shapes,
    vendor,
)


@pytest.fixture(scope="module")
def other():
    return installed()


def test_every_operation_that_is_promised_is_carried_out():
    assert tuple(sorted(OPERATIONS)) == IMPLEMENTED
    check_complete(load())


@pytest.mark.parametrize("operation", IMPLEMENTED)
def test_an_operation_is_the_same_in_both_models(other, operation):
    assert load()["operations"][operation] == other["operations"][operation]


@pytest.mark.parametrize("operation", IMPLEMENTED)
def test_the_shapes_of_an_operation_are_the_same_in_both_models(other, operation):
    names = reachable_shapes(load(), operation)
    assert names == reachable_shapes(other, operation)
    different = [name for name in names if load()["shapes"][name] != other["shapes"][name]]
    assert not different, f"{different} changed: vendor the model anew and look at what it means"


def test_the_model_can_be_vendored_anew(tmp_path, other):
    target = tmp_path / "model.json.gz"
    vendor(target)
    assert json.loads(gzip.decompress(target.read_bytes())) == other


def test_no_documentation_is_kept():
    assert '"documentation": "' not in json.dumps(load())


def test_an_update_has_no_condition_that_the_service_could_check():
    """A reconciler has to read before it writes for as long as this holds."""
    members = load()["shapes"]["UpdateCaseRequest"]["members"]
    assert set(members) == {"domainId", "caseId", "fields", "performedBy"}
