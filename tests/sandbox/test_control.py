"""The sandbox's own addresses: faults, calls and switches of a running one."""

import json

import pytest


@pytest.fixture
def control(send):
    def control(method, name, body=None):
        status, _, content = send(method, f"/_sandbox/{name}", body)
        return status, json.loads(content)

    return control


def test_faults_can_be_put_read_and_taken_away(control, care, refused):
    rule = {"kind": "throttle", "operation": "GetDomain"}
    assert control("PUT", "faults", [rule])[0] == 200
    with refused("ThrottlingException"):
        care.client.get_domain(domainId=care.domain)
    status, found = control("GET", "faults")
    assert status == 200
    assert found["faults"][0].items() >= rule.items()
    assert control("DELETE", "faults") == (200, {"faults": []})
    care.client.get_domain(domainId=care.domain)


def test_faults_that_were_read_can_be_put_again(control):
    rule = {"kind": "delay", "seconds": 1.5, "rate": 0.5, "case": "x", "times": 3}
    _, found = control("PUT", "faults", [rule])
    assert control("PUT", "faults", found["faults"]) == (200, found)


def test_switches_can_be_read_and_put(control, sandbox):
    assert control("GET", "switches")[1]["switches"]["closed_lock"] == "off"
    status, found = control("PUT", "switches", {"closed_lock": "on", "index_lag": 2})
    assert (status, found["switches"]["closed_lock"]) == (200, "on")
    assert sandbox.switches.settings.index_lag == 2


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("faults", {"kind": "error"}),
        ("faults", [{"kind": "bang"}]),
        ("faults", b"{"),
        ("switches", ["closed_lock"]),
        ("switches", {"nothing": "on"}),
        ("switches", {"closed_lock": True}),
    ],
)
def test_what_is_wrong_is_refused_with_a_reason(control, name, body):
    status, found = control("PUT", name, body)
    assert status == 400
    assert found["message"]


def test_calls_are_counted_and_listed(control, care, sandbox):
    case = care.create()
    control("DELETE", "calls")
    care.read(case, "title")
    care.update(case, {"Note": "secret"})
    with pytest.raises(care.client.exceptions.ResourceNotFoundException):
        care.read("nothing", "title")
    status, found = control("GET", "calls")
    assert status == 200
    assert found["counts"] == {"GetCase": 2, "UpdateCase": 1}
    assert [(one["operation"], one["case_id"], one["status"]) for one in found["calls"]] == [
        ("GetCase", case, 200),
        ("UpdateCase", case, 200),
        ("GetCase", "nothing", 404),
    ]
    assert found["calls"][0]["time"] == "2026-11-23T09:00:00.000Z"
    assert "secret" not in json.dumps(found)
    assert sandbox.calls["GetCase"] == 2
    assert control("DELETE", "calls")[1] == {"counts": {}, "calls": []}


def test_other_addresses_and_methods_are_refused(control):
    assert control("GET", "nothing")[0] == 404
    assert control("POST", "faults")[0] == 405
    assert control("DELETE", "switches")[0] == 405
    assert control("PUT", "calls")[0] == 405
