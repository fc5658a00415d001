"""Every kind of fault, and which calls it strikes."""

import json
import time
from email.utils import parsedate_to_datetime

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    HTTPClientError,
    ReadTimeoutError,
)

from reconciler.sandbox.api import Rule, SandboxError
from reconciler.sandbox.faults import KINDS, Faults, read_faults


@pytest.fixture
def case(care):
    return care.create({"Score": 1})


def outcome(call):
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    except (HTTPClientError, ConnectionClosedError) as error:
        return type(error).__name__
    return "ok"


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        ("throttle", "ThrottlingException", 429),
        ("error", "InternalServerException", 500),
        ("unavailable", "ServiceUnavailableException", 503),
        ("not-found", "ResourceNotFoundException", 404),
        ("access-denied", "AccessDeniedException", 403),
        ("conflict", "ConflictException", 409),
    ],
)
def test_an_error_is_answered_and_nothing_is_written(
    care, case, sandbox, refused, kind, code, status
):
    sandbox.faults.set([Rule(kind=kind, operation="UpdateCase", times=1)])
    with refused(code) as error:
        care.update(case, {"Score": 2})
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert care.read(case, "Score") == {"Score": 1.0}
    care.update(case, {"Score": 2})


def test_an_error_can_say_when_to_try_again(care, case, sandbox, refused):
    sandbox.faults.set([Rule(kind="error", retry_after=7, times=1)])
    with refused("InternalServerException") as error:
        care.update(case, {"Score": 2})
    assert error.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "7"
    assert error.response["retryAfterSeconds"] == 7


def test_a_connection_cut_before_the_write_leaves_the_case_alone(care, case, sandbox):
    sandbox.faults.set([Rule(kind="cut-before", operation="UpdateCase", times=1)])
    assert outcome(lambda: care.update(case, {"Score": 2})) == "ConnectionClosedError"
    assert care.read(case, "Score") == {"Score": 1.0}
    assert len(care.history(case)) == 1


def test_a_connection_cut_after_the_write_has_changed_the_case(care, case, sandbox):
    sandbox.faults.set([Rule(kind="cut-after", operation="UpdateCase", times=1)])
    assert outcome(lambda: care.update(case, {"Score": 2})) == "ConnectionClosedError"
    assert care.read(case, "Score") == {"Score": 2.0}
    assert len(care.history(case)) == 2


def test_half_a_body_comes_although_the_write_took_effect(care, case, sandbox, connect):
    client = connect(sandbox.url, checked=False)
    sandbox.faults.set([Rule(kind="half-body", times=2)])
    page = client.search_cases(domainId=care.domain)
    assert "cases" not in page
    client.update_case(domainId=care.domain, caseId=case, fields=care.items({"Score": 2}))
    assert care.read(case, "Score") == {"Score": 2.0}


def test_half_of_an_empty_body_is_a_cut_connection(care, case, sandbox):
    arn = f"arn:aws:cases:us-west-2:111122223333:domain/{care.domain}/case/{case}"
    sandbox.faults.set([Rule(kind="half-body", operation="TagResource")])
    tag = lambda: care.client.tag_resource(arn=arn, tags={"a": "1"})  # noqa: E731
    assert outcome(tag) == "ConnectionClosedError"


def test_a_slow_answer_comes_after_the_write_took_effect(care, case, sandbox, connect):
    sandbox.faults.set([Rule(kind="delay", seconds=30, operation="UpdateCase", times=1)])
    hasty = connect(sandbox.url, timeout=0.2)
    with pytest.raises(ReadTimeoutError):
        hasty.update_case(domainId=care.domain, caseId=case, fields=care.items({"Score": 2}))
    assert care.read(case, "Score") == {"Score": 2.0}


def test_delays_add_up_and_leave_other_calls_alone(care, case, sandbox):
    sandbox.faults.set(
        [
            Rule(kind="delay", seconds=0.03, operation="GetCase"),
            Rule(kind="delay", seconds=0.03, operation="GetCase"),
        ]
    )
    started = time.monotonic()
    care.read(case, "Score")
    assert time.monotonic() - started >= 0.06
    assert sandbox.calls.records[-1].milliseconds >= 60


def outcomes(care, sandbox, case, count, *rules):
    sandbox.faults.set(rules)
    return [outcome(lambda: care.read(case, "Score")) == "ok" for _ in range(count)]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"times": 2}, "--+++"),
        ({"after": 2}, "++---"),
        ({"after": 1, "times": 2}, "+--++"),
        ({"times": 0}, "+++++"),
        ({"operation": "UpdateCase"}, "+++++"),
        ({"operation": "GetCase"}, "-----"),
        ({"case": "another"}, "+++++"),
        ({"rate": 0}, "+++++"),
    ],
)
def test_a_rule_strikes_the_calls_it_names(care, sandbox, case, limits, expected):
    found = outcomes(care, sandbox, case, 5, Rule(kind="throttle", **limits))
    assert "".join("+" if through else "-" for through in found) == expected


def test_a_rule_for_one_case_spares_the_others(care, sandbox, case):
    other = care.create()
    sandbox.faults.set([Rule(kind="conflict", case=case)])
    assert outcome(lambda: care.update(case, {"Score": 2})) == "ConflictException"
    assert outcome(lambda: care.update(other, {"Score": 2})) == "ok"
    assert outcome(lambda: care.search()) == "ok"


def test_a_rate_strikes_about_as_often_and_the_same_way_for_the_same_seed(care, sandbox, case):
    rule = Rule(kind="throttle", rate=0.3, seed=5)
    first = outcomes(care, sandbox, case, 100, rule)
    assert outcomes(care, sandbox, case, 100, rule) == first
    assert 55 <= first.count(True) <= 85
    other = outcomes(care, sandbox, case, 100, Rule(kind="throttle", rate=0.3, seed=6))
    assert other != first


def test_a_whole_batch_can_be_cut_because_of_one_case(care, sandbox, case):
    sandbox.faults.set([Rule(kind="cut-after", case=case)])
    call = lambda: care.client.batch_update_case(  # noqa: E731
        domainId=care.domain,
        cases=[{"caseIdentifier": {"caseId": case}}],
        fields=[],
        title="New",
    )
    assert outcome(call) == "ConnectionClosedError"
    sandbox.faults.clear()
    assert care.read(case, "title") == {"title": "New"}


def test_the_sdk_gets_through_when_faults_are_few(care, sandbox, case, connect):
    sandbox.faults.set([Rule(kind="error", times=1), Rule(kind="cut-before", times=1)])
    patient = connect(sandbox.url, attempts=3)
    patient.get_case(domainId=care.domain, caseId=case, fields=[{"id": "title"}])
    assert [record.status for record in sandbox.calls.records[-3:]] == [500, 0, 200]


def test_a_wrong_rule_is_refused_with_what_is_right():
    for wrong, message in [
        ({}, "no kind is given"),
        ({"kind": "bang"}, "kind 'bang' is none of throttle, error, delay"),
        ({"kind": "error", "operation": "GetCases"}, "operation 'GetCases' is none of *, "),
        ({"kind": "error", "operations": "GetCase"}, "unknown key operations; a rule has kind"),
        ({"kind": "error", "times": -1}, "times, after, retry_after, status must be whole numbers"),
        (
            {"kind": "error", "times": True},
            "times, after, retry_after, status must be whole numbers",
        ),
        ({"kind": "error", "rate": 2}, "rate 2 is not in 0..1"),
        ({"kind": "error", "seed": "x"}, "seed 'x' is not a whole number"),
        ({"kind": "delay", "seconds": -1}, "seconds -1 is not a number from 0 up"),
        ({"kind": "delay", "case": 1}, "case must be a case id, not 1"),
    ]:
        with pytest.raises(SandboxError) as error:
            Faults([wrong])
        assert message in str(error.value)


def test_rules_are_read_from_a_file(tmp_path):
    path = tmp_path / "faults.json"
    path.write_text(json.dumps([{"kind": kind, "retry-after": 1} for kind in KINDS]))
    assert [rule.kind for rule in read_faults(path)] == list(KINDS)


@pytest.mark.parametrize("text", ["{", "{}", "[1]", '[{"kind": "bang"}]'])
def test_a_file_that_holds_no_rules_is_refused(tmp_path, text):
    path = tmp_path / "faults.json"
    path.write_text(text)
    with pytest.raises(SandboxError):
        read_faults(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SandboxError, match="cannot read the faults file"):
        read_faults(tmp_path / "nothing.json")


@pytest.mark.parametrize(("kind", "score"), [("proxy-before", 1.0), ("proxy-after", 2.0)])
@pytest.mark.parametrize("status", [302, 403, 429, 502])
def test_a_proxy_answers_in_place_of_the_service_before_or_after_it_acted(
    care, case, sandbox, refused, kind, score, status, connect
):
    client = connect(sandbox.url, checked=False)
    sandbox.faults.set([Rule(kind=kind, operation="UpdateCase", status=status, times=1)])
    with refused(str(status)) as error:
        client.update_case(domainId=care.domain, caseId=case, fields=care.items({"Score": 2}))
    headers = error.response["ResponseMetadata"]["HTTPHeaders"]
    assert headers["content-type"] == "text/html"
    assert "x-amzn-requestid" not in headers
    assert care.read(case, "Score") == {"Score": score}


def test_every_reply_is_dated_by_the_services_own_clock(care, case, sandbox, clock):
    clock.advance(3600)
    ids = [{"id": "title"}]
    reply = care.client.get_case(domainId=care.domain, caseId=case, fields=ids)
    dated = reply["ResponseMetadata"]["HTTPHeaders"]["date"]
    assert parsedate_to_datetime(dated) == clock.now().replace(microsecond=0)
