"""A reply holds what it must: what is missing is asked for again, what is odd is refused."""

import pytest

from reconciler.errors import Unreadable
from reconciler.service.aws.errors import BrokenReply
from reconciler.service.aws.replies import (
    check_success,
    entries,
    flag,
    member,
    next_page,
    only_members,
    page_token,
    part,
    replied_at,
    text,
    text_if_any,
    texts,
)

ODD = [5, 1.5, True, [], {}, "half \ud800"]


@pytest.mark.parametrize("take", [member, text, flag, entries])
@pytest.mark.parametrize("reply", [{}, {"a": None}], ids=["missing", "null"])
def test_what_must_be_there_and_is_not_makes_a_broken_reply(take, reply):
    with pytest.raises(BrokenReply, match='the reply lacks "a"'):
        take(reply, "a")


@pytest.mark.parametrize(("take", "empty"), [(part, {}), (text_if_any, ""), (texts, {})])
@pytest.mark.parametrize("reply", [{}, {"a": None}], ids=["missing", "null"])
def test_what_may_be_missing_is_empty(take, empty, reply):
    assert take(reply, "a") == empty


@pytest.mark.parametrize(
    ("take", "right"),
    [
        (text, "x"),
        (text_if_any, "x"),
        (flag, True),
        (entries, [{}]),
        (part, {"b": 1}),
        (texts, {"b": "c"}),
    ],
)
def test_a_value_of_the_right_kind_is_taken_and_every_other_refused_without_being_shown(
    take, right
):
    assert take({"a": right}, "a") == right
    for odd in ODD:
        if type(odd) is type(right) and odd != "half \ud800":
            continue
        with pytest.raises(Unreadable) as raised:
            take({"a": odd}, "a")
        assert raised.value.code == "unreadable-value"
        assert "1.5" not in str(raised.value)


def test_a_list_may_be_sparse_and_holds_objects():
    assert entries({"a": [None, {"b": 1}, None]}, "a") == [{"b": 1}]
    with pytest.raises(Unreadable, match='an entry of "a"'):
        entries({"a": ["x"]}, "a")


def test_what_is_null_in_a_map_of_texts_is_not_there():
    assert texts({"a": {"b": None, "c": "d"}}, "a") == {"c": "d"}
    with pytest.raises(Unreadable):
        texts({"a": {"b": 5}}, "a")


@pytest.mark.parametrize("reply", ["x", [], 5, None])
def test_a_reply_that_is_no_object_is_refused(reply):
    with pytest.raises(Unreadable, match="expected an object"):
        text(reply, "a")


def test_a_member_of_a_union_that_is_null_is_not_there():
    assert only_members({"stringValue": "x", "doubleValue": None}) == {"stringValue": "x"}


def test_a_page_is_asked_for_by_the_token_of_the_one_before():
    assert next_page(page_token({"nextToken": "t"})) == {"nextToken": "t"}
    for last in ({}, {"nextToken": None}, {"nextToken": ""}):
        assert next_page(page_token(last)) == {}


def dated(date):
    return {"ResponseMetadata": {"HTTPHeaders": {"date": date}}}


@pytest.mark.parametrize(
    ("date", "at"),
    [
        pytest.param("Tue, 01 Dec 2026 09:00:00 GMT", "2026-12-01T09:00:00Z", id="as-http-has-it"),
        pytest.param("Tue, 01 Dec 2026 10:00:00 +0100", "2026-12-01T09:00:00Z", id="in-a-zone"),
        pytest.param("Tue, 01 Dec 2026 09:00:00 -0000", "", id="a-zone-that-is-not-known"),
        pytest.param("2026-12-01", "", id="another-form"),
        pytest.param("", "", id="empty"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 -0100", "", id="after-the-last-year"),
        pytest.param(
            "Tue, 01 Dec 26 09:00:00 GMT", "2026-12-01T09:00:00Z", id="a-year-of-two-digits"
        ),
        pytest.param("Tue, 01 Dec 99999 09:00:00 GMT", "", id="a-year-of-five-digits"),
    ],
)
def test_when_a_reply_was_sent_by_the_services_own_clock(date, at):
    assert replied_at(dated(date)) == at


def test_a_reply_without_a_date_says_of_no_time():
    assert replied_at({}) == ""
    assert replied_at({"ResponseMetadata": {"HTTPHeaders": {}}}) == ""


@pytest.mark.parametrize(
    "metadata",
    [
        {"HTTPStatusCode": 202, "RequestId": "r"},
        {"HTTPStatusCode": 500},
        {"HTTPStatusCode": 200, "HTTPHeaders": {"x-amzn-errortype": "ThrottlingException"}},
    ],
)
def test_a_write_is_done_only_where_the_service_says_so(metadata):
    with pytest.raises(BrokenReply, match="says of no success"):
        check_success({"ResponseMetadata": metadata})


def test_a_write_that_is_done_has_its_request_id_where_there_is_one():
    assert check_success({"ResponseMetadata": {"HTTPStatusCode": 200, "RequestId": "r"}}) == "r"
    assert check_success({}) == ""
