"""The short way to read a search page gives what botocore's own parser gives."""

import json

import pytest
from botocore.parsers import ResponseParserError, ResponseParserFactory
from botocore.session import get_session

from reconciler.service.aws.page_parser import PageParserFactory

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
        pytest.param("GetCase", b'{"message": "no"}', 403, id="another-error"),
        pytest.param("CreateCase", b'{"caseId": "c"}', 200, id="a-call-of-others"),
    ],
)
def test_everything_else_goes_through_botocores_own_parser(operation, body, status):
    headers = {**HEADERS, "x-amzn-errortype": "ThrottlingException"} if status > 200 else HEADERS
    found = ours(operation, body, status=status, headers=headers)
    assert found == theirs(operation, body, status=status, headers=headers)


@pytest.mark.parametrize(
    "body",
    [b'{"cases": [', b"[]", b"5", b"<html>", b"\xff", b'{"a": "Gr\xc3', b"[" * 100_000, b"null"],
    ids=lambda body: repr(body[:10]),
)
@pytest.mark.parametrize("operation", ["SearchCases", "GetCase", "UpdateCase", "BatchUpdateCase"])
@pytest.mark.parametrize("status", [200, 500, 403, 302])
def test_what_is_no_whole_reply_is_never_taken_for_an_empty_one(operation, body, status):
    try:
        found = ours(operation, body, status=status)
    except ResponseParserError:
        return
    assert status != 200
    assert "Error" in found


@pytest.mark.parametrize("operation", ["SearchCases", "GetCase", "BatchUpdateCase"])
def test_a_reply_without_a_body_is_none(operation):
    with pytest.raises(ResponseParserError):
        ours(operation, b"")


@pytest.mark.parametrize("status", [201, 202, 204, 206, 300])
def test_only_a_200_is_a_success(status):
    with pytest.raises(ResponseParserError, match=str(status)):
        ours("UpdateCase", b"{}", status=status)


def test_the_one_reply_without_members_may_have_no_body():
    found = ours("UpdateCase", b"", headers={"content-length": "0"})
    assert found.keys() == {"ResponseMetadata"}


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param({"x-amzn-requestid": "r"}, b"", id="cut-within-the-headers"),
        pytest.param({"content-length": "2"}, b"", id="cut-before-the-body"),
        pytest.param({"content-length": "20"}, b"{}", id="cut-within-the-body"),
    ],
)
def test_a_write_whose_reply_was_cut_is_no_success(headers, body):
    with pytest.raises(ResponseParserError):
        ours("UpdateCase", body, headers=headers)


def test_numbers_that_no_machine_holds_spoil_no_other_value():
    found = ours("SearchCases", b'{"cases": [' + b"9" * 5_000 + b", -1e999, NaN, 7]}")
    assert [str(one) for one in found["cases"]] == ["inf", "-inf", "nan", "7"]


def test_the_names_of_headers_are_in_small_letters():
    found = ours("UpdateCase", b"{}", headers={"Date": "d", "X-Amzn-RequestId": "r"})
    assert found["ResponseMetadata"]["HTTPHeaders"] == {"date": "d", "x-amzn-requestid": "r"}
    assert found["ResponseMetadata"]["RequestId"] == "r"


@pytest.mark.parametrize("code", [{"a": 1}, ["x"], 5, True, 1.5], ids=repr)
def test_an_error_without_a_code_in_words_is_no_answer(code):
    with pytest.raises(ResponseParserError):
        ours("GetCase", json.dumps({"__type": code}).encode(), status=400, headers={})


@pytest.mark.parametrize("message", [{"a": 1}, ["x"], 5, None], ids=repr)
def test_an_error_whose_message_is_no_text_has_none(message):
    body = json.dumps({"__type": "ValidationException", "message": message}).encode()
    found = ours("GetCase", body, status=400, headers={})
    assert found["Error"] == {"Code": "ValidationException", "Message": ""}
