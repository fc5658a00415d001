"""Requests that are no ordinary calls: unknown, unsupported, malformed, failing inside."""

import json

import pytest

from reconciler.sandbox.service_model import IMPLEMENTED, load


def code(reply):
    status, headers, body = reply
    assert headers["x-amzn-RequestId"]
    assert "message" in json.loads(body)
    return status, headers["x-amzn-ErrorType"]


def test_an_unknown_route_says_so(send):
    assert code(send("GET", "/nothing")) == (404, "UnknownOperationException")


@pytest.mark.parametrize("operation", sorted(set(load()["operations"]) - set(IMPLEMENTED)))
def test_an_operation_that_is_not_implemented_is_named(send, operation):
    http = load()["operations"][operation]["http"]
    reply = send(http["method"], http["requestUri"].replace("{", "").replace("}", ""), {})
    assert code(reply) == (501, "UnsupportedOperation")
    assert f"the sandbox does not implement {operation}".encode() in reply[2]


@pytest.mark.parametrize(
    "body", [b"{", b"nothing", b'{"fields": NaN}', b"\xff\xfe", b'{"fields":["\\ud800"]}']
)
def test_a_body_that_is_not_json_is_refused(send, care, body):
    case = care.create()
    reply = send("POST", f"/domains/{care.domain}/cases/{case}", body)
    assert code(reply) == (400, "SerializationException")


@pytest.mark.parametrize("body", [[1], "x", 5, True])
def test_a_body_of_another_form_is_refused(send, care, body):
    case = care.create()
    reply = send("POST", f"/domains/{care.domain}/cases/{case}", body)
    assert code(reply) == (400, "ValidationException")


def test_an_explicit_null_is_the_same_as_nothing(send, care):
    body = {"maxResults": 5, "nextToken": None, "filter": None, "searchTerm": None}
    status, _, body = send("POST", f"/domains/{care.domain}/cases-search", body)
    assert status == 200
    assert len(json.loads(body)["cases"]) == 5


def test_unknown_members_are_ignored_at_every_depth(send, care):
    case = care.create()
    body = {"fields": [{"id": "title", "hint": 1}], "more": {"a": [1]}}
    status, _, _ = send("POST", f"/domains/{care.domain}/cases/{case}", body)
    assert status == 200


def test_a_list_needs_no_body_at_all(send, care):
    status, headers, body = send("POST", f"/domains/{care.domain}/fields-list")
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert len(json.loads(body)["fields"]) == 33


def test_an_unsigned_call_sees_the_domains_of_every_region(send, connect, sandbox):
    connect(sandbox.url, region="eu-west-2").create_domain(name="elsewhere")
    _, _, body = send("POST", "/domains-list")
    assert [domain["name"] for domain in json.loads(body)["domains"]] == ["support", "elsewhere"]


def test_a_failure_of_the_sandbox_itself_is_a_500_with_a_trace_in_the_log(sandbox, send, caplog):
    sandbox._store.connection.execute("DROP TABLE domains")
    assert code(send("POST", "/domains-list")) == (500, "InternalServerException")
    assert "no such table" in caplog.text


def test_every_reply_has_a_request_id_of_its_own(send):
    replies = [send("POST", "/domains-list") for _ in range(3)]
    assert len({headers["x-amzn-RequestId"] for _, headers, _ in replies}) == 3
