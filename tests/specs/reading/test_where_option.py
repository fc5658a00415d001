"""The conditions of a command line, in a person's words and in a spec's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.condition import All, AnyOf, Not
from reconciler.specs.reading.where_option import read_where
from reconciler.yaml.checks import Page


def read(text):
    problems = []
    found = read_where(text, Page("--where", problems))
    assert problems == [], problems
    return found


def said(text):
    test = read(text)
    return test.field.text, test.operator, [one.text for one in test.operands]


def refused(text):
    problems = []
    read_where(text, Page("--where", problems))
    [problem] = problems
    return problem


@pytest.mark.parametrize(
    ("text", "field", "operator", "operands"),
    [
        ("status = open", "status", "equals", ["open"]),
        ("status=open", "status", "equals", ["open"]),
        ("status == open", "status", "equals", ["open"]),
        ("status != open", "status", "not_equals", ["open"]),
        ("score>=4.5", "score", "at_least", ["4.5"]),
        ("score <= -4", "score", "at_most", ["-4"]),
        ("score > 1", "score", "greater_than", ["1"]),
        ("score < 1", "score", "less_than", ["1"]),
        ("due > 2026-11-01T00:00:00Z", "due", "after", ["2026-11-01T00:00:00Z"]),
        ("due < 2026-11-01T00:00:00Z", "due", "before", ["2026-11-01T00:00:00Z"]),
        ("created_datetime after 2026-11-01T00:00:00Z", "created_datetime", "after", None),
        ("severity in High,Low", "severity", "in", ["High", "Low"]),
        ('severity in High , "a, b" ', "severity", "in", ["High", "a, b"]),
        ("note empty", "note", "empty", ["true"]),
        ("note is empty", "note", "empty", ["true"]),
        ("note not empty", "note", "empty", ["false"]),
        ("note is  empty", "note", "empty", ["true"]),
        ("note\tis \t empty ", "note", "empty", ["true"]),
        ("note not  empty", "note", "empty", ["false"]),
        ("note is not empty", "note", "empty", ["false"]),
        ('"note is" empty', "note is", "empty", ["true"]),
        ("note empty false", "note", "empty", ["false"]),
        ("title contains x y", "title", "contains", ["x y"]),
        ("title contains a=b # c", "title", "contains", ["a=b # c"]),
        ('title contains " x "', "title", "contains", [" x "]),
        ('title = "say \\"hi\\""', "title", "equals", ['say "hi"']),
        ("Follow up on = x", "Follow up on", "equals", ["x"]),
        ('"Paid in = full" = true', "Paid in = full", "equals", ["true"]),
        ("  Next step   equals   a\tb  ", "Next step", "equals", ["a\tb"]),
        ("note = empty", "note", "equals", ["empty"]),
        ("contains contains x", "contains", "contains", ["x"]),
    ],
)
def test_a_condition_reads_as_it_is_said(text, field, operator, operands):
    found = said(text)
    assert found[:2] == (field, operator)
    assert operands is None or found[2] == operands


def test_the_specs_own_form_is_read_by_the_specs_own_reader():
    found = read("{any: [{field: status, equals: open}, {not: {field: note, empty: true}}]}")
    assert isinstance(found, AnyOf)
    assert isinstance(found.parts[1], Not)
    assert isinstance(read(' {"all": [{"field": "note", "empty": true}]}'), All)


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        pytest.param("status", "bad-condition", 1, id="no-operator"),
        pytest.param("", "bad-condition", 1, id="nothing"),
        pytest.param("note is  not empty true", "bad-condition", 1, id="a-word-after-is-not"),
        pytest.param("note not empty false", "bad-condition", 1, id="a-word-too-many"),
        pytest.param("= open", "bad-condition", 1, id="no-field"),
        pytest.param("status ~ open", "bad-condition", 1, id="unknown-operator"),
        pytest.param("status = ", "bad-operand", 10, id="no-value"),
        pytest.param("status = null", "bad-operand", 10, id="null"),
        pytest.param("severity in ", "bad-operand", 13, id="no-values"),
        pytest.param("note empty maybe", "bad-operand", 12, id="neither-true-nor-false"),
        pytest.param("{field: status}", "bad-operator", 1, id="half-a-condition"),
        pytest.param("{field: status, equals: open, x: 1}", "unknown-key", 31, id="unknown-key"),
        pytest.param("{any: [", "bad-yaml", None, id="broken"),
        pytest.param("{}\x00", "encoding", None, id="not-text"),
    ],
)
def test_what_is_no_condition_is_refused_at_its_place(text, code, column):
    problem = refused(text)
    assert problem.at.file == "--where"
    if column is not None:
        assert (problem.code, problem.at.column) == (code, column)
    assert problem.hint


PIECES = ("a", " ", "=", "!", ">", '"', "\\", " in ", " empty", ",", "{", "}", ": ", "\n")


@given(text=st.lists(st.sampled_from(PIECES) | st.characters()).map("".join))
def test_whatever_is_written_is_a_condition_or_a_problem(text):
    problems = []
    found = read_where(text, Page("--where", problems))
    assert (found is None) == bool(problems)
