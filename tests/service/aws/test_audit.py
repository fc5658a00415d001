"""A history is one call a page; what cannot be read is shown as that, and half a reply is none."""

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from reconciler.errors import NotFound, Refused, Transient, Unreadable
from reconciler.model.audit import AuditEvent, RecordedChange, UnreadableValue
from reconciler.service.aws.audit import AwsAuditReader
from tests.builders import BY_ID, DOMAIN_ID

WHEN = "2026-11-20T15:03:07.250+01:00"
AGENT = "arn:aws:connect:us-west-2:111122223333:instance/i/agent/j.doe"
ROLE = "arn:aws:iam::111122223333:role/app"


@pytest.fixture
def stub():
    session = boto3.Session(
        aws_access_key_id="x", aws_secret_access_key="x", region_name="us-west-2"
    )
    client = session.client("connectcases", config=Config(retries={"total_max_attempts": 1}))
    with Stubber(client) as stubber:
        stubber._validate_operation_response = lambda *_: None
        yield stubber
        stubber.assert_no_pending_responses()


def item(**more):
    return {
        "eventId": "e1",
        "type": "Case.Updated",
        "performedTime": WHEN,
        "fields": [],
        "performedBy": {"user": {"userArn": AGENT}, "iamPrincipalArn": ROLE},
        **more,
    }


def read(stub, *items, token="", reply=None):
    request = {"domainId": DOMAIN_ID, "caseId": "c1", "maxResults": 25}
    if token:
        request["nextToken"] = token
    reply = {"auditEvents": list(items)} if reply is None else reply
    stub.add_response("get_case_audit_events", reply, request)
    return AwsAuditReader(stub.client, DOMAIN_ID).get_case_audit_events("c1", BY_ID, token)


def changes(stub, *fields):
    return read(stub, item(fields=list(fields))).items[0].changes


def test_a_page_of_events_and_the_next(stub):
    page = read(stub, reply={"auditEvents": [item(), None], "nextToken": "t"})
    assert page.token == "t"
    assert page.items == (
        AuditEvent(
            event_id="e1",
            kind="Case.Updated",
            at="2026-11-20T14:03:07.25Z",
            by=AGENT,
            principal=ROLE,
        ),
    )
    assert read(stub, token="t").items == ()


@pytest.mark.parametrize(
    ("performed", "by", "principal"),
    [
        pytest.param({"user": {"customEntity": "Bot"}}, "Bot", "", id="custom"),
        pytest.param({"iamPrincipalArn": ROLE}, "", ROLE, id="no-user"),
        pytest.param({"user": None, "iamPrincipalArn": ROLE}, "", ROLE, id="null-user"),
        pytest.param({"user": {"later": "x"}}, "", "", id="unknown-user"),
        pytest.param(None, "", "", id="nobody"),
    ],
)  # fmt: skip
def test_who_it_was_may_be_left_out(stub, performed, by, principal):
    [event] = read(stub, item(performedBy=performed)).items
    assert (event.by, event.principal) == (by, principal)


@pytest.mark.parametrize(
    ("field", "union", "value"),
    [
        ("note", {"stringValue": "x"}, "x"),
        ("note", {"stringValue": ""}, None),
        ("score", {"doubleValue": 5}, 5.0),
        ("vip", {"booleanValue": False}, False),
        ("due", {"stringValue": "2026-12-01T09:00:00.000Z"}, "2026-12-01T09:00:00Z"),
        ("agent", {"userArnValue": AGENT}, AGENT),
        ("note", {"emptyValue": {}}, None),
        ("note", {"doubleValue": 5}, UnreadableValue("doubleValue")),
        ("note", {"mapValue": {"secret": 1}}, UnreadableValue("mapValue")),
        ("note", {}, UnreadableValue("nothing")),
        ("note", "text", UnreadableValue("text")),
        ("note", 5, UnreadableValue("a number")),
        ("note", {"stringValue": 5}, UnreadableValue("stringValue")),
        ("note", {"::error::": 5}, UnreadableValue("a member of no known name")),
        ("vip", {"booleanValue": "false"}, UnreadableValue("booleanValue")),
        ("score", {"doubleValue": float("nan")}, UnreadableValue("doubleValue")),
        ("gone", {"doubleValue": "5"}, UnreadableValue("doubleValue")),
        ("gone", {"booleanValue": "true"}, UnreadableValue("booleanValue")),
        ("gone", {"stringValue": ["x"]}, UnreadableValue("stringValue")),
        (
            "gone",
            {"doubleValue": 5, "booleanValue": True},
            UnreadableValue("booleanValue, doubleValue"),
        ),
        ("gone", {"stringValue": "x"}, "x"),
        ("gone", {"doubleValue": 5}, 5.0),
        ("gone", {"booleanValue": True}, True),
        ("gone", {"emptyValue": {}}, None),
        ("gone", {"mapValue": 1}, UnreadableValue("mapValue")),
    ],
)
def test_values_are_read_by_the_type_of_their_field(stub, field, union, value):
    found = changes(stub, {"eventFieldId": field, "oldValue": union, "newValue": union})
    assert found == (RecordedChange(field, value, value),)


def test_a_value_before_that_is_not_stated_is_empty(stub):
    given = {"eventFieldId": "note", "newValue": {"stringValue": "x"}}
    expected = (RecordedChange("note", None, "x"),)
    assert changes(stub, given, None) == changes(stub, {**given, "oldValue": None}) == expected


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"auditEvents": None},
        *({"auditEvents": [{k: v for k, v in item().items() if k != key}]}
          for key in ("eventId", "type", "performedTime", "fields")),
        {"auditEvents": [item(fields=[{"eventFieldId": "note"}])]},
        {"auditEvents": [item(fields=[{"newValue": {"stringValue": "x"}}])]},
    ],
)  # fmt: skip
def test_half_a_reply_is_read_again(stub, reply):
    with pytest.raises(Transient, match="GetCaseAuditEvents of case c1"):
        read(stub, reply=reply)


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("AccessDeniedException", 403, Refused),
        ("ResourceNotFoundException", 404, NotFound),
        ("ThrottlingException", 429, Transient),
    ],
)
def test_errors_are_ours(stub, code, status, expected):
    stub.add_client_error("get_case_audit_events", code, "no", status)
    with pytest.raises(expected):
        AwsAuditReader(stub.client, DOMAIN_ID).get_case_audit_events("c1", BY_ID, "")


@pytest.mark.parametrize("time", ["2026-01-01T00:00:00Z", "2026-01-01T02:00+02:00", 1767225600])
def test_times_are_utc(stub, time):
    [event] = read(stub, item(performedTime=time)).items
    assert event.at == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "event",
    [
        "text",
        5,
        ["list"],
        *(item(performedTime=time) for time in ("yesterday", "", True, 1e300, float("nan"), {})),
        item(eventId=5),
        item(type=["x"]),
        item(fields={"eventFieldId": "note"}),
        item(fields=["note"]),
        item(fields=[{"eventFieldId": 5, "newValue": {"stringValue": "x"}}]),
        item(performedBy="me"),
        item(performedBy={"user": "me"}),
        item(performedBy={"user": {"userArn": 5}}),
        item(performedBy={"iamPrincipalArn": "\ud800"}),
    ],
    ids=repr,
)
def test_what_is_of_a_wrong_kind_is_told_at_once(stub, event):
    with pytest.raises(Unreadable, match="GetCaseAuditEvents of case c1"):
        read(stub, event)
