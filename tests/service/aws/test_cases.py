"""Each method is one call, exactly as the wire wants it, and half a reply is no reply."""

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from reconciler.errors import NotFound, OutcomeUnknown, Refused, Transient, Unreadable
from reconciler.model.catalog import Field, Option, Template
from reconciler.model.filter import Check, Filter
from reconciler.model.value import FieldType
from reconciler.service.aws.cases import AwsCaseReader, AwsCaseWriter, AwsCatalog
from reconciler.service.ports import DomainFacts
from tests.builders import BY_ID, DOMAIN_ID

ARN = f"arn:aws:cases:us-west-2:111122223333:domain/{DOMAIN_ID}"
NOTE, SCORE, VIP, DUE, AGENT = (BY_ID[key] for key in ("note", "score", "vip", "due", "agent"))


@pytest.fixture(scope="module")
def client():
    session = boto3.Session(
        aws_access_key_id="x", aws_secret_access_key="x", region_name="us-west-2"
    )
    return session.client("connectcases", config=Config(retries={"total_max_attempts": 1}))


@pytest.fixture
def stub(client):
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def catalog(stub):
    return AwsCatalog(stub.client)


def reader(stub):
    return AwsCaseReader(stub.client, DOMAIN_ID)


def writer(stub):
    return AwsCaseWriter(stub.client, DOMAIN_ID)


def answer(stub, operation, response, expected=None):
    """Let the client answer, also with what the service model would not allow."""
    stub._validate_operation_response = lambda *_: None
    stub.add_response(operation, response, expected)


# -- what a domain offers ------------------------------------------------------------------


def test_get_domain(stub):
    reply = {
        "domainId": DOMAIN_ID,
        "domainArn": ARN,
        "name": "support",
        "createdTime": 0,
        "domainStatus": "Active",
        "tags": {},
    }
    answer(stub, "get_domain", reply, {"domainId": DOMAIN_ID})
    expected = DomainFacts(DOMAIN_ID, "support", "111122223333", "us-west-2")
    assert catalog(stub).get_domain(DOMAIN_ID) == expected


def test_list_domains_page_by_page(stub):
    item = {"domainId": DOMAIN_ID, "domainArn": "odd", "name": "support"}
    answer(stub, "list_domains", {"domains": [item], "nextToken": "t"}, {"maxResults": 10})
    answer(stub, "list_domains", {"domains": []}, {"maxResults": 10, "nextToken": "t"})
    page = catalog(stub).list_domains("")
    assert page.items == (DomainFacts(DOMAIN_ID, "support", "", ""),)
    assert catalog(stub).list_domains(page.token).token == ""


def test_list_fields(stub):
    items = [
        {"fieldId": "status", "fieldArn": "a", "name": "Status", "type": "SingleSelect"},
        {"fieldId": "f1", "fieldArn": "a", "name": "Story", "type": "Text"},
        {"fieldId": "f2", "fieldArn": "a", "name": "Note", "type": "Text", "news": 1},
    ]
    for item, namespace in zip(items, ("System", "Custom", "Custom"), strict=True):
        item["namespace"] = namespace
    items[1]["attributes"] = {"text": {"isMultiline": True}}
    items[2]["attributes"] = {}
    reply = {"fields": items, "nextToken": None, "more": "news"}
    answer(stub, "list_fields", reply, {"domainId": DOMAIN_ID, "maxResults": 100})
    assert catalog(stub).list_fields(DOMAIN_ID, "").items == (
        Field(id="status", name="Status", type=FieldType.SINGLE_SELECT, namespace="System"),
        Field(id="f1", name="Story", type=FieldType.TEXT, multiline=True),
        Field(id="f2", name="Note", type=FieldType.TEXT),
    )


def test_a_field_of_a_type_we_do_not_know_is_left_out_and_keeps_no_other_from_being_read(stub):
    item = {"fieldId": "f", "name": "Map", "type": "Geo", "namespace": "Custom", "fieldArn": "a"}
    answer(stub, "list_fields", {"fields": [item, {**item, "fieldId": "g", "type": "Text"}]})
    assert [field.id for field in catalog(stub).list_fields(DOMAIN_ID, "").items] == ["g"]


def test_list_field_options_inactive_ones_too(stub):
    items = [{"value": "p1", "name": "High", "active": False}, None]
    expected = {"domainId": DOMAIN_ID, "fieldId": "priority", "maxResults": 100, "nextToken": "t"}
    answer(stub, "list_field_options", {"options": items}, expected)
    page = catalog(stub).list_field_options(DOMAIN_ID, "priority", "t")
    assert page.items == (Option("p1", "High", False),)


def test_list_templates(stub):
    items = [{"templateId": "t1", "templateArn": "a", "name": "Outage", "status": "Active"}]
    answer(stub, "list_templates", {"templates": items}, {"domainId": DOMAIN_ID, "maxResults": 100})
    found = catalog(stub).list_templates(DOMAIN_ID, "")
    assert found.items == (Template(id="t1", name="Outage", required=None),)


@pytest.mark.parametrize(
    ("members", "required"),
    [
        pytest.param({"requiredFields": [{"fieldId": "title"}]}, {"title"}, id="some"),
        pytest.param({"requiredFields": []}, set(), id="none"),
        pytest.param({}, set(), id="left-out"),
    ],
)
def test_get_template(stub, members, required):
    reply = {"templateId": "t1", "templateArn": "a", "name": "Outage", "status": "Active"}
    answer(
        stub,
        "get_template",
        {**reply, **members},
        {"domainId": DOMAIN_ID, "templateId": "t1"},
    )
    found = catalog(stub).get_template(DOMAIN_ID, "t1")
    assert found == Template(id="t1", name="Outage", required=frozenset(required))


# -- cases ---------------------------------------------------------------------------------


def test_get_case_asks_for_the_fields_and_reads_each_by_its_type(stub):
    reply = {
        "templateId": "t1",
        "fields": [
            {"id": "note", "value": {"stringValue": "x"}},
            {"id": "score", "value": {"doubleValue": 5}},
            {"id": "vip", "value": {"booleanValue": False}},
            {"id": "due", "value": {"stringValue": "2026-12-01T10:00+01:00"}},
            {"id": "agent", "value": {"emptyValue": {}}},
            {"id": "unasked", "value": {"SDK_UNKNOWN_MEMBER": {"name": "x"}}},
            None,
        ],
        "tags": {"team": "a"},
        "nextToken": "t",
    }
    fields = [NOTE, SCORE, VIP, DUE, AGENT]
    expected = {
        "domainId": DOMAIN_ID,
        "caseId": "c1",
        "fields": [{"id": field.id} for field in fields],
    }
    answer(stub, "get_case", reply, expected)
    page = reader(stub).get_case("c1", fields, "")
    assert page.case.values == {
        "note": "x",
        "score": 5.0,
        "vip": False,
        "due": "2026-12-01T09:00:00Z",
    }
    assert (page.case.template_id, page.case.tags, page.token) == ("t1", {"team": "a"}, "t")


def test_get_case_goes_on_from_a_token(stub):
    expected = {
        "domainId": DOMAIN_ID,
        "caseId": "c1",
        "fields": [{"id": "note"}],
        "nextToken": "t",
    }
    answer(stub, "get_case", {"templateId": "t1", "fields": [], "tags": None}, expected)
    page = reader(stub).get_case("c1", [NOTE], "t")
    assert (page.case.values, page.case.tags, page.token) == ({}, {}, "")


def test_search_cases_sends_the_filter_and_reads_every_case(stub):
    items = [
        {
            "caseId": "c1",
            "templateId": "t1",
            "fields": [{"id": "note", "value": {"stringValue": "x"}}],
            "tags": {"a": "b"},
        },
        None,
        {"caseId": "c2", "templateId": "t2", "fields": []},
    ]
    expected = {
        "domainId": DOMAIN_ID,
        "maxResults": 100,
        "fields": [{"id": "note"}],
        "filter": {"field": {"equalTo": {"id": "note", "value": {"stringValue": "x"}}}},
    }
    answer(stub, "search_cases", {"cases": items, "nextToken": "t", "totalCount": 2}, expected)
    page = reader(stub).search_cases(Filter(Check(NOTE, "equals", ("x",))), [NOTE], "")
    assert [(one.case_id, one.values, one.tags) for one in page.cases] == [
        ("c1", {"note": "x"}, {"a": "b"}),
        ("c2", {}, {}),
    ]
    assert (page.token, page.unreadable) == ("t", {})


@pytest.mark.parametrize("wanted", [None, Filter()])
def test_search_cases_without_a_filter_sends_none(stub, wanted):
    expected = {"domainId": DOMAIN_ID, "maxResults": 100, "fields": [], "nextToken": "t"}
    answer(stub, "search_cases", {"cases": []}, expected)
    assert reader(stub).search_cases(wanted, [], "t").cases == ()


def test_one_unreadable_case_does_not_hide_the_others(stub):
    items = [
        {"caseId": key, "templateId": "t", "fields": [{"id": "note", "value": union}]}
        for key, union in [("c1", {"doubleValue": 4111.0}), ("c2", {"stringValue": "x"})]
    ]
    answer(stub, "search_cases", {"cases": items})
    page = reader(stub).search_cases(None, [NOTE], "")
    assert [one.case_id for one in page.cases] == ["c2"]
    assert list(page.unreadable) == ["c1"]
    assert "4111" not in page.unreadable["c1"]


def test_update_case_sends_each_value_and_who_did_it(stub):
    expected = {
        "domainId": DOMAIN_ID,
        "caseId": "c1",
        "fields": [
            {"id": "note", "value": {"emptyValue": {}}},
            {"id": "score", "value": {"doubleValue": 4.5}},
            {"id": "vip", "value": {"booleanValue": True}},
        ],
        "performedBy": {"customEntity": "reconcile:abc:def"},
    }
    answer(stub, "update_case", {"ResponseMetadata": {"RequestId": "r-1"}}, expected)
    values = [(NOTE, None), (SCORE, 4.5), (VIP, True)]
    assert writer(stub).update_case("c1", values, "reconcile:abc:def") == "r-1"


def test_search_cases_in_the_order_of_a_field(stub):
    expected = {
        "domainId": DOMAIN_ID,
        "maxResults": 100,
        "fields": [],
        "sorts": [{"fieldId": "due", "sortOrder": "Asc"}],
    }
    answer(stub, "search_cases", {"cases": [], "totalCount": 7}, expected)
    assert reader(stub).search_cases(None, [], "", DUE).total == 7


BATCH = {
    "domainId": DOMAIN_ID,
    "cases": [{"caseIdentifier": {"caseId": "c1"}}, {"caseIdentifier": {"caseId": "c2"}}],
    "fields": [
        {"fieldIdentifier": {"id": "note"}, "value": {"emptyValue": {}}},
        {"fieldIdentifier": {"id": "score"}, "value": {"doubleValue": 4.5}},
    ],
    "performedBy": {"customEntity": "me"},
    "clientToken": "token",
}
DONE = {"caseIdentifier": {"caseId": "c1"}}
DONE_TOO = {"caseIdentifier": {"caseId": "c2"}}
FAILED = {"caseIdentifier": {"caseId": "c2"}, "errorCode": "CONFLICT"}


def batch(stub, *values):
    return writer(stub).batch_update_cases(["c1", "c2"], values, "me", "token")


def test_a_batch_sends_the_values_once_and_title_and_status_at_the_top(stub):
    expected = {**BATCH, "title": "T", "status": "closed"}
    reply = {
        "successfulCases": [DONE, DONE_TOO],
        "failedCases": [],
        "ResponseMetadata": {"RequestId": "r-1"},
    }
    answer(stub, "batch_update_case", reply, expected)
    values = [(NOTE, None), (SCORE, 4.5), (BY_ID["title"], "T"), (BY_ID["status"], "closed")]
    found = batch(stub, *values)
    assert (found.request_id, found.failed) == ("r-1", {})


def test_a_batch_names_the_cases_that_failed(stub):
    reply = {"successfulCases": [DONE], "failedCases": [{**FAILED, "errorMessage": "merging"}]}
    answer(stub, "batch_update_case", reply, BATCH)
    found = batch(stub, (NOTE, None), (SCORE, 4.5))
    assert found.failed == {"c2": ("CONFLICT", "merging")}


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"successfulCases": [DONE]}, id="no-failed-cases"),
        pytest.param({"failedCases": [FAILED]}, id="no-successful-cases"),
        pytest.param({"successfulCases": [DONE], "failedCases": []}, id="a-case-is-lacking"),
        pytest.param({"successfulCases": [DONE, DONE], "failedCases": []}, id="one-twice"),
        pytest.param(
            {"successfulCases": [DONE, DONE_TOO], "failedCases": [FAILED]}, id="done-and-failed"
        ),
        pytest.param(
            {"successfulCases": [DONE, {"caseIdentifier": {"caseId": "c3"}}], "failedCases": []},
            id="another-case",
        ),
        pytest.param(
            {"successfulCases": [DONE], "failedCases": [{"caseIdentifier": {"caseId": "c2"}}]},
            id="no-code",
        ),
        pytest.param(
            {"successfulCases": [DONE], "failedCases": [{"errorCode": "CONFLICT"}]}, id="no-case"
        ),
        pytest.param({"successfulCases": [DONE, DONE], "failedCases": []}, id="one-case-twice"),
        pytest.param(
            {"successfulCases": [DONE], "failedCases": [FAILED, DONE | FAILED | DONE]},
            id="done-and-failed",
        ),
        pytest.param({"successfulCases": {}, "failedCases": [FAILED]}, id="no-list"),
        pytest.param({"successfulCases": ["c1"], "failedCases": [FAILED]}, id="no-objects"),
        pytest.param(
            {"successfulCases": [{"caseIdentifier": {"caseId": "c9"}}], "failedCases": [FAILED]},
            id="a-case-that-was-not-sent",
        ),
    ],
)
def test_half_a_reply_to_a_batch_leaves_its_outcome_unknown(stub, reply):
    answer(stub, "batch_update_case", reply)
    with pytest.raises(OutcomeUnknown):
        batch(stub, (NOTE, None), (SCORE, 4.5))


def test_update_case_with_nothing_in_its_reply_is_a_success(stub):
    answer(stub, "update_case", {})
    assert writer(stub).update_case("c1", [(NOTE, "x")], "me") == ""


# -- half a reply --------------------------------------------------------------------------

DOMAIN_ITEM = {"domainId": "d", "domainArn": ARN, "name": "n"}
FIELD_ITEM = {"fieldId": "f", "name": "n", "type": "Text", "namespace": "Custom"}
OPTION_ITEM = {"value": "v", "name": "n", "active": True}
TEMPLATE_ITEM = {"templateId": "t", "name": "n"}
VALUE_ITEM = {"id": "note", "value": {"stringValue": "x"}}
CASE = {"templateId": "t", "fields": [VALUE_ITEM]}
FOUND_ITEM = {"caseId": "c", "templateId": "t", "fields": [VALUE_ITEM]}

CALLS = {
    "get_domain": (DOMAIN_ITEM, lambda s: catalog(s).get_domain("d")),
    "list_domains": ({"domains": [DOMAIN_ITEM]}, lambda s: catalog(s).list_domains("")),
    "list_fields": ({"fields": [FIELD_ITEM]}, lambda s: catalog(s).list_fields("d", "")),
    "list_field_options": (
        {"options": [OPTION_ITEM]},
        lambda s: catalog(s).list_field_options("d", "f", ""),
    ),
    "list_templates": (
        {"templates": [TEMPLATE_ITEM]},
        lambda s: catalog(s).list_templates("d", ""),
    ),
    "get_template": (
        {"name": "n", "requiredFields": [{"fieldId": "f"}]},
        lambda s: catalog(s).get_template("d", "t"),
    ),
    "get_case": (CASE, lambda s: reader(s).get_case("c", [NOTE], "")),
    "search_cases": ({"cases": [FOUND_ITEM]}, lambda s: reader(s).search_cases(None, [NOTE], "")),
}


def without_each_member(data, optional=("requiredFields",)):
    for key, value in data.items():
        if key not in optional:
            yield key, {name: item for name, item in data.items() if name != key}
        if isinstance(value, list):
            for name, item in without_each_member(value[0]):
                yield f"{key}.{name}", {**data, key: [item]}


# Whose row it is can be told: it is read with GetCase, and the other rows stand.
HALF_A_ROW = ("cases.templateId", "cases.fields", "cases.fields.id", "cases.fields.value")
MISSING = [
    pytest.param(operation, reply, id=f"{operation}-{name}")
    for operation, (whole, _) in CALLS.items()
    for name, reply in without_each_member(whole)
    if not name.endswith("stringValue") and name not in HALF_A_ROW
]


@pytest.mark.parametrize("operation", sorted(CALLS))
def test_a_whole_reply_is_taken(stub, operation):
    whole, call = CALLS[operation]
    answer(stub, operation, whole)
    call(stub)


@pytest.mark.parametrize(("operation", "reply"), MISSING)
def test_a_reply_that_lacks_a_required_member_is_a_broken_one(stub, operation, reply):
    answer(stub, operation, reply)
    with pytest.raises(Transient, match="lacks"):
        CALLS[operation][1](stub)


@pytest.mark.parametrize("name", HALF_A_ROW)
def test_a_row_that_lacks_a_required_member_leaves_its_case_in_doubt(stub, name):
    half = dict(without_each_member({"cases": [FOUND_ITEM]}))[name]["cases"]
    answer(stub, "search_cases", {"cases": [*half, {**FOUND_ITEM, "caseId": "whole"}]})
    page = reader(stub).search_cases(None, [NOTE], "")
    assert page.doubtful == {FOUND_ITEM["caseId"]}
    assert [live.case_id for live in page.cases] == ["whole"]
    assert page.unreadable == {}


POISON = [5, True, 1e400, float("nan"), "\ud800", [], ["x"], {}, {"x": 1}, "\x00", ""]


def poisoned(data, path=""):
    """The same data once for each of its members and each thing that does not belong there."""
    if isinstance(data, dict):
        for key, value in data.items():
            for poison in POISON:
                if type(poison) is not type(value):
                    yield f"{path}{key}={poison!r}", {**data, key: poison}
            for name, inner in poisoned(value, f"{path}{key}."):
                yield name, {**data, key: inner}
    elif isinstance(data, list):
        for poison in POISON:
            if not isinstance(poison, dict):
                yield f"{path}[]={poison!r}", [poison]
        for name, inner in poisoned(data[0], path):
            yield name, [inner]


@pytest.mark.parametrize("operation", sorted(CALLS))
def test_what_is_of_a_wrong_kind_is_told_at_once_and_never_a_traceback(stub, operation):
    whole, call = CALLS[operation]
    tried = 0
    for name, reply in poisoned(whole):
        answer(stub, operation, reply)
        tried += 1
        try:
            found = call(stub)
        except Unreadable:
            continue
        if operation == "search_cases":
            assert found.unreadable or not found.cases or name.startswith("cases.unread"), name
        else:
            assert found == call_with(stub, operation, whole), name
    assert tried > 20


def call_with(stub, operation, reply):
    answer(stub, operation, reply)
    return CALLS[operation][1](stub)


# -- errors --------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", sorted(CALLS))
@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("ThrottlingException", 429, Transient),
        ("AccessDeniedException", 403, Refused),
        ("ResourceNotFoundException", 404, NotFound),
        ("InternalServerException", 500, Transient),
    ],
)
def test_every_read_translates_its_errors(stub, operation, code, status, error):
    stub.add_client_error(operation, code, "m", status)
    with pytest.raises(error):
        CALLS[operation][1](stub)


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("ThrottlingException", 429, Transient),
        ("ValidationException", 400, Refused),
        ("InternalServerException", 500, OutcomeUnknown),
    ],
)
def test_a_write_translates_its_errors(stub, code, status, error):
    stub.add_client_error("update_case", code, "m", status)
    with pytest.raises(error):
        writer(stub).update_case("c1", [(NOTE, "x")], "me")
