"""Values and filters to the wire and back, and nothing guessed."""

import math

import pytest
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import Unreadable
from reconciler.model.filter import Check, Every, Filter, Some, Unless
from reconciler.model.value import FieldType
from reconciler.service.aws.codec import LIST_LIMIT, decode, encode, encode_filter
from tests.builders import BY_ID, a_field

ARN = "arn:aws:connect:us-west-2:111122223333:instance/i/agent/u"
MODEL = get_session().get_service_model("connectcases")


@pytest.mark.parametrize(
    ("type", "value", "union"),
    [
        pytest.param(FieldType.TEXT, "x", {"stringValue": "x"}, id="text"),
        pytest.param(FieldType.URL, "https://x", {"stringValue": "https://x"}, id="url"),
        pytest.param(FieldType.SINGLE_SELECT, "p1", {"stringValue": "p1"}, id="select"),
        pytest.param(
            FieldType.DATE_TIME,
            "2026-12-01T09:00:00Z",
            {"stringValue": "2026-12-01T09:00:00Z"},
            id="date-time",
        ),
        pytest.param(FieldType.NUMBER, 4.5, {"doubleValue": 4.5}, id="number"),
        pytest.param(FieldType.BOOLEAN, False, {"booleanValue": False}, id="boolean"),
        pytest.param(FieldType.USER, ARN, {"userArnValue": ARN}, id="user"),
    ],
)
def test_a_value_goes_out_and_comes_back(type, value, union):
    field = a_field("f", type)
    assert encode(field, value) == union
    assert decode(field, union) == value


@pytest.mark.parametrize("type", FieldType)
def test_empty_is_one_thing_in_a_field_of_any_type(type):
    assert encode(a_field("f", type), None) == {"emptyValue": {}}
    assert decode(a_field("f", type), {"emptyValue": {}}) is None


@pytest.mark.parametrize(
    ("type", "union", "value"),
    [
        pytest.param(FieldType.TEXT, {"stringValue": ""}, None, id="an-empty-string-is-empty"),
        pytest.param(FieldType.TEXT, {"stringValue": " "}, " ", id="a-space-is-not"),
        pytest.param(FieldType.DATE_TIME, {"stringValue": ""}, None, id="an-empty-time"),
        pytest.param(
            FieldType.DATE_TIME,
            {"stringValue": "2026-12-01T10:00:00.000+01:00"},
            "2026-12-01T09:00:00Z",
            id="another-spelling-of-an-instant",
        ),
        pytest.param(FieldType.NUMBER, {"doubleValue": 5}, 5.0, id="a-whole-number"),
        pytest.param(FieldType.USER, {"stringValue": ARN}, ARN, id="a-user-as-string"),
        pytest.param(FieldType.TEXT, {"userArnValue": ARN}, ARN, id="a-text-as-user-arn"),
        pytest.param(FieldType.SINGLE_SELECT, {"stringValue": "gone"}, "gone", id="any-option"),
    ],
)
def test_what_the_service_may_answer_is_read(type, union, value):
    found = decode(a_field("f", type), union)
    assert (found, found.__class__) == (value, value.__class__)


def test_a_zero_has_no_sign():
    found = decode(a_field("f", FieldType.NUMBER), {"doubleValue": -0.0})
    assert str(found) == "0.0"


@pytest.mark.parametrize(
    ("type", "union"),
    [
        pytest.param(FieldType.TEXT, {"doubleValue": 5.0}, id="a-number-in-a-text"),
        pytest.param(FieldType.TEXT, {"booleanValue": True}, id="a-boolean-in-a-text"),
        pytest.param(FieldType.NUMBER, {"stringValue": "5"}, id="a-text-in-a-number"),
        pytest.param(FieldType.BOOLEAN, {"stringValue": "true"}, id="a-text-in-a-boolean"),
        pytest.param(FieldType.BOOLEAN, {"doubleValue": 1.0}, id="a-number-in-a-boolean"),
        pytest.param(FieldType.TEXT, {"listValue": ["a"]}, id="a-member-of-a-newer-service"),
        pytest.param(
            FieldType.TEXT,
            {"SDK_UNKNOWN_MEMBER": {"name": "listValue"}},
            id="the-sdks-word-for-that",
        ),
        pytest.param(FieldType.DATE_TIME, {"stringValue": "yesterday"}, id="no-time"),
        pytest.param(FieldType.DATE_TIME, {"stringValue": "2026-12-01T09:00:00"}, id="no-offset"),
        pytest.param(FieldType.DATE_TIME, {"stringValue": 1767225600}, id="a-number-as-time"),
        pytest.param(FieldType.DATE_TIME, {"doubleValue": 1767225600}, id="seconds"),
        pytest.param(FieldType.BOOLEAN, {"booleanValue": "false"}, id="the-word-false"),
        pytest.param(FieldType.BOOLEAN, {"booleanValue": "true"}, id="the-word-true"),
        pytest.param(FieldType.BOOLEAN, {"booleanValue": 1}, id="one-for-true"),
        pytest.param(FieldType.BOOLEAN, {"booleanValue": []}, id="a-list-for-false"),
        pytest.param(FieldType.NUMBER, {"doubleValue": "5"}, id="a-number-as-text"),
        pytest.param(FieldType.NUMBER, {"doubleValue": True}, id="true-for-one"),
        pytest.param(FieldType.NUMBER, {"doubleValue": math.nan}, id="nan"),
        pytest.param(FieldType.NUMBER, {"doubleValue": math.inf}, id="infinity"),
        pytest.param(FieldType.NUMBER, {"doubleValue": -math.inf}, id="minus-infinity"),
        pytest.param(FieldType.NUMBER, {"doubleValue": 10**400}, id="oversized"),
        pytest.param(FieldType.TEXT, {"stringValue": 5}, id="a-number-as-text-value"),
        pytest.param(FieldType.TEXT, {"stringValue": ["x"]}, id="a-list-as-text-value"),
        pytest.param(FieldType.TEXT, {"stringValue": {}}, id="an-object-as-text-value"),
        pytest.param(FieldType.TEXT, {"stringValue": False}, id="false-as-text-value"),
        pytest.param(FieldType.TEXT, {"stringValue": "\ud83d"}, id="half-a-character"),
        pytest.param(FieldType.USER, {"userArnValue": {"arn": "x"}}, id="an-object-as-user"),
        pytest.param(FieldType.USER, {"booleanValue": True}, id="a-boolean-as-user"),
        pytest.param(FieldType.SINGLE_SELECT, {"userArnValue": ARN}, id="a-user-as-option"),
        pytest.param(FieldType.URL, {"userArnValue": ARN}, id="a-user-as-url"),
        pytest.param(FieldType.TEXT, {"emptyValue": 5}, id="an-empty-that-is-a-number"),
        pytest.param(FieldType.TEXT, {"emptyValue": {"x": 1}}, id="an-empty-with-members"),
        pytest.param(FieldType.TEXT, {"stringValue": None}, id="null"),
        pytest.param(FieldType.TEXT, "x", id="a-text-alone"),
        pytest.param(FieldType.TEXT, ["x"], id="a-list-alone"),
        pytest.param(FieldType.TEXT, 5, id="a-number-alone"),
        pytest.param(FieldType.TEXT, {"::error::\n": 5}, id="a-member-with-a-hostile-name"),
        pytest.param(FieldType.TEXT, {}, id="nothing"),
        pytest.param(FieldType.TEXT, {"stringValue": "a", "emptyValue": {}}, id="two-at-once"),
    ],
)
def test_what_we_do_not_understand_is_unreadable_and_never_guessed(type, union):
    for each in (a_field("f", type), a_field("f", type, namespace="System")):
        text = union.get("stringValue") if isinstance(union, dict) else None
        if type is FieldType.DATE_TIME and isinstance(text, str) and each.namespace == "System":
            continue  # see below
        with pytest.raises(Unreadable) as raised:
            decode(each, union)
        assert raised.value.code == "unreadable-value"
        assert "::" not in str(raised.value)


def test_a_time_that_the_service_keeps_itself_may_be_spelled_in_any_way():
    field = a_field("f", FieldType.DATE_TIME, namespace="System")
    assert decode(field, {"stringValue": "yesterday"}) == "yesterday"


def test_a_null_beside_a_value_is_not_there():
    union = {"stringValue": "x", "doubleValue": None}
    assert decode(a_field("f", FieldType.TEXT), union) == "x"


def test_an_unreadable_value_is_not_shown():
    with pytest.raises(Unreadable) as raised:
        decode(a_field("f", FieldType.NUMBER), {"stringValue": "4111"})
    assert "4111" not in str(raised.value)


def test_every_member_of_the_services_union_is_known():
    members = MODEL.shape_for("FieldValueUnion").members
    assert set(members) == {
        "stringValue",
        "doubleValue",
        "booleanValue",
        "emptyValue",
        "userArnValue",
    }


# -- filters -------------------------------------------------------------------------------


def check(field, operator, *operands):
    return Check(BY_ID[field], operator, operands)


def leaf(name, field, union):
    return {"field": {name: {"id": field, "value": union}}}


X = leaf("equalTo", "note", {"stringValue": "x"})
OPEN = leaf("equalTo", "status", {"stringValue": "open"})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(check("note", "equals", "x"), X, id="equals"),
        pytest.param(
            check("score", "greater_than", 5.0),
            leaf("greaterThan", "score", {"doubleValue": 5.0}),
            id="greater",
        ),
        pytest.param(
            check("score", "at_least", 5.0),
            leaf("greaterThanOrEqualTo", "score", {"doubleValue": 5.0}),
            id="at-least",
        ),
        pytest.param(
            check("score", "less_than", 5.0),
            leaf("lessThan", "score", {"doubleValue": 5.0}),
            id="less",
        ),
        pytest.param(
            check("score", "at_most", 5.0),
            leaf("lessThanOrEqualTo", "score", {"doubleValue": 5.0}),
            id="at-most",
        ),
        pytest.param(
            check("due", "after", "2026-12-01T09:00:00Z"),
            leaf("greaterThan", "due", {"stringValue": "2026-12-01T09:00:00Z"}),
            id="after",
        ),
        pytest.param(
            check("due", "before", "2026-12-01T09:00:00Z"),
            leaf("lessThan", "due", {"stringValue": "2026-12-01T09:00:00Z"}),
            id="before",
        ),
        pytest.param(
            check("vip", "equals", True),
            leaf("equalTo", "vip", {"booleanValue": True}),
            id="boolean",
        ),
        pytest.param(
            check("note", "in", "x", "y"),
            {"orAll": [X, leaf("equalTo", "note", {"stringValue": "y"})]},
            id="in-is-any-of-several",
        ),
        pytest.param(check("note", "in", "x"), X, id="in-of-one"),
        pytest.param(Unless(check("note", "equals", "x")), {"not": X}, id="not"),
        pytest.param(
            Every((check("note", "equals", "x"), check("status", "equals", "open"))),
            {"andAll": [X, OPEN]},
            id="all",
        ),
        pytest.param(
            Some((check("note", "equals", "x"), check("status", "equals", "open"))),
            {"orAll": [X, OPEN]},
            id="any",
        ),
    ],
)
def test_how_a_rule_is_spelled_on_the_wire(rule, expected):
    assert encode_filter(Filter(rule)) == expected


def test_tags_and_a_rule_must_all_hold():
    assert encode_filter(Filter(check("note", "equals", "x"), (("team", "a"), ("b", "c")))) == {
        "andAll": [
            {"tag": {"equalTo": {"key": "team", "value": "a"}}},
            {"tag": {"equalTo": {"key": "b", "value": "c"}}},
            X,
        ]
    }


def test_an_empty_filter_is_none_at_all():
    assert encode_filter(Filter()) is None


def lists_in(tree):
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key in ("andAll", "orAll"):
                yield key, value
            yield from lists_in(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from lists_in(item)


def leaves_in(tree, key):
    if key in tree:
        return [one for part in tree[key] for one in leaves_in(part, key)]
    return [tree]


@pytest.mark.parametrize("count", [2, 9, 10, 11, 19, 20, 99, 100, 101, 110, 111, 1_000, 1_001])
@pytest.mark.parametrize("kind", [Every, Some])
def test_lists_longer_than_the_service_takes_are_nested_and_keep_every_leaf(count, kind):
    rule = kind(tuple(check("note", "equals", str(number)) for number in range(count)))
    found = encode_filter(Filter(rule))
    key = "andAll" if kind is Every else "orAll"
    assert {name for name, _ in lists_in(found)} == {key}
    assert all(2 <= len(items) <= LIST_LIMIT for _, items in lists_in(found))
    assert leaves_in(found, key) == [
        leaf("equalTo", "note", {"stringValue": str(number)}) for number in range(count)
    ]


texts = st.text(min_size=1, max_size=5)
leaves = st.builds(check, st.just("note"), st.just("equals"), texts) | st.builds(
    lambda values: check("note", "in", *values), st.lists(texts, min_size=1, max_size=25)
)
rules = st.recursive(
    leaves,
    lambda part: (
        st.lists(part, min_size=1, max_size=14).map(lambda parts: Every(tuple(parts)))
        | st.lists(part, min_size=1, max_size=14).map(lambda parts: Some(tuple(parts)))
        | part.map(Unless)
    ),
    max_leaves=30,
)


@given(rules, st.lists(st.tuples(texts, texts), max_size=12).map(tuple))
def test_no_list_of_any_filter_is_longer_than_the_service_takes(rule, tags):
    found = encode_filter(Filter(rule, tags))
    assert found is not None
    assert all(1 < len(items) <= LIST_LIMIT for _, items in lists_in(found))
