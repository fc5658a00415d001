"""What a selection means, and that the part sent to the index never narrows it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.filter import Check, Every, Filter, Selection, Some, Unless
from reconciler.model.operators import OPERATORS, Operands, Pushed
from reconciler.model.value import FieldType
from reconciler.specs.selection import fields_of, holds, push_down, selects
from tests.builders import BY_ID, live


def check(field, operator, *operands):
    return Check(BY_ID[field], operator, operands)


EARLY, HALF, LATE = "2026-12-01T09:00:00Z", "2026-12-01T09:00:00.5Z", "2026-12-01T09:00:01Z"


@pytest.mark.parametrize(
    ("rule", "held", "expected"),
    [
        pytest.param(check("note", "equals", "x"), {"note": "x"}, True, id="equals"),
        pytest.param(check("note", "equals", "x"), {"note": "X"}, False, id="equals-has-case"),
        pytest.param(check("note", "equals", "x"), {}, False, id="equals-and-empty"),
        pytest.param(check("vip", "equals", False), {}, False, id="false-is-not-empty"),
        pytest.param(check("note", "not_equals", "x"), {"note": "y"}, True, id="not-equals"),
        pytest.param(check("note", "not_equals", "x"), {"note": "x"}, False, id="not-not-equals"),
        pytest.param(check("note", "not_equals", "x"), {}, True, id="empty-is-not-equal"),
        pytest.param(check("note", "in", "x", "y"), {"note": "y"}, True, id="in"),
        pytest.param(check("note", "in", "x", "y"), {"note": "z"}, False, id="not-in"),
        pytest.param(check("note", "in", "x", "y"), {}, False, id="empty-is-in-nothing"),
        pytest.param(check("note", "contains", "b"), {"note": "abc"}, True, id="contains"),
        pytest.param(check("note", "contains", "B"), {"note": "abc"}, False, id="contains-case"),
        pytest.param(check("note", "contains", "b"), {}, False, id="contains-and-empty"),
        pytest.param(check("score", "greater_than", 5.0), {"score": 5.0}, False, id="not-greater"),
        pytest.param(check("score", "greater_than", 5.0), {"score": 5.1}, True, id="greater"),
        pytest.param(check("score", "at_least", 5.0), {"score": 5.0}, True, id="at-least"),
        pytest.param(check("score", "at_least", 5.0), {"score": 4.9}, False, id="not-at-least"),
        pytest.param(check("score", "less_than", 5.0), {"score": 5.0}, False, id="not-less"),
        pytest.param(check("score", "less_than", 5.0), {"score": -5.0}, True, id="less"),
        pytest.param(check("score", "at_most", 5.0), {"score": 5.0}, True, id="at-most"),
        pytest.param(check("score", "at_most", 5.0), {"score": 5.1}, False, id="not-at-most"),
        pytest.param(check("score", "less_than", 5.0), {}, False, id="empty-is-not-less"),
        pytest.param(check("score", "at_most", 5.0), {}, False, id="empty-is-not-at-most"),
        pytest.param(check("score", "equals", 5.0), {"score": 5.0}, True, id="five-is-5.0"),
        pytest.param(check("due", "after", EARLY), {"due": HALF}, True, id="half-a-second-after"),
        pytest.param(check("due", "after", HALF), {"due": EARLY}, False, id="not-after"),
        pytest.param(check("due", "after", EARLY), {"due": EARLY}, False, id="after-is-strict"),
        pytest.param(check("due", "before", LATE), {"due": HALF}, True, id="before"),
        pytest.param(check("due", "before", HALF), {"due": LATE}, False, id="not-before"),
        pytest.param(check("due", "before", LATE), {}, False, id="empty-is-not-before"),
        pytest.param(check("note", "empty", True), {}, True, id="empty"),
        pytest.param(check("note", "empty", True), {"note": "x"}, False, id="holds-something"),
        pytest.param(check("note", "empty", False), {"note": "x"}, True, id="empty-false"),
        pytest.param(check("vip", "empty", True), {"vip": False}, False, id="false-is-a-value"),
        pytest.param(check("score", "empty", True), {"score": 0.0}, False, id="zero-is-a-value"),
        pytest.param(Every(()), {}, True, id="every-of-nothing"),
        pytest.param(Some(()), {}, False, id="some-of-nothing"),
        pytest.param(Unless(check("note", "equals", "x")), {}, True, id="unless"),
        pytest.param(Unless(check("note", "equals", "x")), {"note": "x"}, False, id="unless-not"),
    ],
)
def test_what_a_rule_means(rule, held, expected):
    assert holds(rule, live(**held)) is expected


SAMPLES = {
    FieldType.TEXT: ("x", "y"),
    FieldType.NUMBER: (1.0, 2.0),
    FieldType.BOOLEAN: (True, False),
    FieldType.DATE_TIME: (EARLY, LATE),
    FieldType.SINGLE_SELECT: ("p1", "p2"),
    FieldType.URL: ("https://a.example", "https://b.example"),
    FieldType.USER: ("arn:a", "arn:b"),
}


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=list(OPERATORS))
@pytest.mark.parametrize("type", list(FieldType))
def test_every_operator_tells_values_apart_in_each_field_that_takes_it(operator, type):
    """Each of its operands, or their opposite, selects some case and leaves some other."""
    if not operator.takes(type):
        return
    truth = operator.operands is Operands.TRUTH
    operands = (True, False) if truth else SAMPLES[type]
    found = {
        (operand, OPERATORS[operator.name].holds(value, (operand,)))
        for operand in operands
        for value in (None, *SAMPLES[type])
    }
    assert {held for _, held in found} == {True, False}


TRUE, FALSE = Every(()), Some(())


@pytest.mark.parametrize("a", [TRUE, FALSE], ids=["true", "false"])
@pytest.mark.parametrize("b", [TRUE, FALSE], ids=["true", "false"])
def test_the_truth_table(a, b):
    one, two = a is TRUE, b is TRUE
    assert holds(Every((a, b)), live()) is (one and two)
    assert holds(Some((a, b)), live()) is (one or two)
    assert holds(Unless(a), live()) is (not one)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        pytest.param(Selection(), True, id="everything"),
        pytest.param(Selection("tpl-1"), True, id="its-template"),
        pytest.param(Selection("tpl-2"), False, id="another-template"),
        pytest.param(Selection(tags=(("team", "a"),)), True, id="its-tag"),
        pytest.param(Selection(tags=(("team", "b"),)), False, id="another-tag-value"),
        pytest.param(Selection(tags=(("team", "a"), ("x", "y"))), False, id="one-tag-missing"),
        pytest.param(Selection(rule=check("note", "equals", "n")), True, id="its-value"),
        pytest.param(Selection("tpl-1", rule=FALSE), False, id="all-must-hold"),
    ],
)
def test_template_tags_and_rule_must_all_hold(selection, expected):
    assert selects(selection, live("c1", "tpl-1", {"team": "a"}, note="n")) is expected


@pytest.mark.parametrize(
    ("rule", "pushed"),
    [
        pytest.param(check("note", "equals", "x"), check("note", "equals", "x"), id="equals"),
        pytest.param(check("note", "contains", "x"), None, id="contains"),
        pytest.param(check("note", "empty", True), None, id="empty"),
        pytest.param(check("note", "not_equals", "x"), None, id="not-equals"),
        pytest.param(Unless(check("note", "equals", "x")), None, id="unless"),
        pytest.param(
            Every((check("note", "equals", "x"), check("note", "empty", True))),
            check("note", "equals", "x"),
            id="every-keeps-what-it-can",
        ),
        pytest.param(
            Some((check("note", "equals", "x"), check("note", "empty", True))),
            None,
            id="some-needs-all-of-its-parts",
        ),
        pytest.param(
            Some((check("note", "equals", "x"), check("vip", "equals", True))),
            Some((check("note", "equals", "x"), check("vip", "equals", True))),
            id="some-of-pushable-parts",
        ),
    ],
)
def test_what_is_sent_to_the_index(rule, pushed):
    assert push_down(Selection(rule=rule)) == Filter(rule=pushed)


def test_tags_are_sent_and_templates_are_not():
    assert push_down(Selection("tpl-1", (("a", "b"),))) == Filter(tags=(("a", "b"),))


texts, numbers = st.sampled_from(["", "a", "ab", "b"]), st.sampled_from([-1.0, 0.0, 1.0, 2.5])
times, truths = st.sampled_from([EARLY, HALF, LATE]), st.booleans()
RANGES = {"note": texts.filter(bool), "score": numbers, "due": times, "vip": truths}
FITTING = {
    "note": ["equals", "not_equals", "in", "contains", "empty"],
    "score": [
        "equals", "not_equals", "in", "empty", "greater_than", "at_least", "less_than", "at_most",
    ],
    "due": ["equals", "not_equals", "in", "empty", "after", "before"],
    "vip": ["equals", "not_equals", "in", "empty"],
}  # fmt: skip


@st.composite
def checks(draw):
    field = draw(st.sampled_from(sorted(RANGES)))
    operator = draw(st.sampled_from(FITTING[field]))
    if operator == "empty":
        return check(field, operator, draw(truths))
    most = 3 if operator == "in" else 1
    return check(field, operator, *draw(st.lists(RANGES[field], min_size=1, max_size=most)))


def _nested(parts):
    several = st.lists(parts, max_size=3).map(tuple)
    return several.map(Every) | several.map(Some) | parts.map(Unless)


rules = st.recursive(checks(), _nested, max_leaves=8)
cases = st.fixed_dictionaries({key: st.none() | values for key, values in RANGES.items()})


def operators_in(rule):
    match rule:
        case Check(_, operator, _):
            yield operator
        case Unless(part):
            yield "not"
            yield from operators_in(part)
        case Every(parts) | Some(parts):
            for part in parts:
                yield from operators_in(part)


@settings(max_examples=400)
@given(rules, cases)
def test_what_is_sent_to_the_index_never_loses_a_selected_case(rule, held):
    case = live(**held)
    pushed = push_down(Selection(rule=rule)).rule
    if pushed is not None:
        assert all(isinstance(OPERATORS[one].push, Pushed) for one in operators_in(pushed))
        assert not holds(rule, case) or holds(pushed, case)


@given(rules)
def test_the_fields_of_a_rule_are_those_of_its_checks(rule):
    ids = {field.id for field in fields_of(rule)}
    assert {field.id for field in fields_of(push_down(Selection(rule=rule)).rule)} <= ids
    assert ids <= set(RANGES)


def test_no_rule_looks_at_no_field():
    assert list(fields_of(None)) == []
