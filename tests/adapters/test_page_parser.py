"""The short way to read a search page gives what botocore's own parser gives."""

import json

import pytest
from botocore.parsers import ResponseParserError, ResponseParserFactory
from botocore.session import get_session

from reconciler.adapters.page_parser import PageParserFactory

MODEL = get_session().get_service_model("connectcases")
PAGE = {
    "cases": [
        {
            "caseId": "c1",
            "templateId": "t1",
            "fields": [
                {"id": "note", "value": {"stringValue": "Grüße"}},
                {"id": "score", "value": {"doubleValue": 4.5}},
                {"id": "vip", "value": {"booleanValue": False}},
                {"id": "due", "value": {"emptyValue": {}}},
            ],
            "tags": {"a": "b"},
        },
        None,
    ],
    "nextToken": "t",
    "totalCount": 7,
}
HEADERS = {"x-amzn-requestid": "r-1"}


def parsed(factory, operation, body, status=200, headers=None):
    factory.set_parser_defaults(timestamp_parser=str)
    parser = factory.create_parser("rest-json")
    reply = {"status_code": status, "headers": headers or HEADERS, "body": body}
    return parser.parse(reply, MODEL.operation_model(operation).output_shape)


def ours(*arguments, **more):
    return parsed(PageParserFactory(), *arguments, **more)


def theirs(*arguments, **more):
    return parsed(ResponseParserFactory(), *arguments, **more)


def without_nulls(data):
    if isinstance(data, dict):
        return {key: without_nulls(value) for key, value in data.items() if value is not None}
    return [without_nulls(item) for item in data] if isinstance(data, list) else data


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(PAGE, id="whole"),
        pytest.param({"cases": [], "nextToken": None}, id="the-last"),
        pytest.param({"cases": []}, id="no-token"),
        pytest.param({}, id="members-missing"),
    ],
)
def test_a_page_is_what_botocore_would_make_of_it(page):
    body = json.dumps(page).encode()
    found = without_nulls(ours("SearchCases", body))
    expected = without_nulls(theirs("SearchCases", body))
    assert found.pop("ResponseMetadata")["RequestId"] == "r-1"
    expected.pop("ResponseMetadata")
    assert found == expected


@pytest.mark.parametrize(
    ("operation", "body", "status"),
    [
        pytest.param("SearchCases", b'{"message": "slow down"}', 429, id="an-error"),
        pytest.param("SearchCases", b"", 200, id="nothing"),
        pytest.param("GetCase", b'{"templateId": "t", "fields": []}', 200, id="another-call"),
    ],
)
def test_everything_else_goes_through_botocores_own_parser(operation, body, status):
    headers = {**HEADERS, "x-amzn-errortype": "ThrottlingException"} if status > 200 else HEADERS
    found = ours(operation, body, status=status, headers=headers)
    assert found == theirs(operation, body, status=status, headers=headers)


@pytest.mark.parametrize(
    "body", [b'{"cases": [', b"[]", b"5", b"<html>", b"\xff", b'{"a": "Gr\xc3']
)
@pytest.mark.parametrize("operation", ["SearchCases", "GetCase"])
def test_what_is_no_whole_reply_is_never_taken_for_an_empty_one(operation, body):
    try:
        found = ours(operation, body)
    except ResponseParserError as error:
        assert "cannot be understood" in str(error)
    else:
        assert found.keys() == {"ResponseMetadata"}
