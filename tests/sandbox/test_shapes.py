"""The compiled shapes refuse what the service model forbids, and nothing else."""

import pytest

from reconciler.sandbox.errors import ServiceError
from reconciler.sandbox.service_model import IMPLEMENTED, load
from reconciler.sandbox.shapes import Shapes


@pytest.fixture(scope="module")
def shapes():
    return Shapes(load()["shapes"])


@pytest.fixture
def read(shapes):
    return lambda name, value: shapes.reader(name)(value, "")


GOOD = [
    ("Boolean", True, True),
    ("Double", 5, 5.0),
    ("Double", -1e308, -1e308),
    ("TotalCount", 0, 0),
    ("FieldType", "Url", "Url"),
    ("CaseId", "a-b._/:#=+Z9", "a-b._/:#=+Z9"),
    ("FieldName", "two words", "two words"),
    ("CaseTitle", "two\nlines", "two\nlines"),
    ("Tags", {"a": None, "b": ""}, {"a": None, "b": ""}),
    ("EmptyFieldValue", {"unknown": [1, {"x": None}]}, {}),
    ("FieldValueUnion", {"stringValue": "", "doubleValue": None}, {"stringValue": ""}),
    ("FieldIdentifier", {"id": "x", "unknown": 1}, {"id": "x"}),
    ("GetCaseResponseFieldsList", [], []),
    ("AuditEventFieldList", [None], [None]),
    ("CaseFilter", {"not": {"andAll": [{"orAll": []}]}}, {"not": {"andAll": [{"orAll": []}]}}),
]

BAD = [
    ("Boolean", 1),
    ("Boolean", "true"),
    ("Double", True),
    ("Double", "5"),
    ("Double", 10**400),
    ("Double", float("inf")),
    ("MaxResults", 0),
    ("MaxResults", 101),
    ("MaxResults", 5.0),
    ("MaxResults", "5"),
    ("MaxResults", True),
    ("FieldType", "url"),
    ("CaseId", ""),
    ("CaseId", "x" * 501),
    ("CaseId", "with space"),
    ("CaseId", "line\n"),
    ("FieldName", "   "),
    ("FieldName", 5),
    ("FieldName", None),
    ("CaseStatus", "a!"),
    ("CustomEntity", "ends with space "),
    ("Tags", {"a": 1}),
    ("Tags", []),
    ("FieldValueUnion", {}),
    ("FieldValueUnion", {"stringValue": "", "booleanValue": False}),
    ("FieldValueUnion", {"unknown": 1}),
    ("FieldValueUnion", {"stringValue": "x" * 4101}),
    ("FieldValueUnion", "x"),
    ("FieldIdentifier", {}),
    ("FieldIdentifier", {"id": None}),
    ("GetCaseRequestFieldsList", []),
    ("GetCaseRequestFieldsList", {"id": "x"}),
    ("GetCaseRequestFieldsList", [None]),
    ("GetCaseRequestFieldsList", [{"id": "x"}] * 221),
    ("UpdateCaseRequestFieldsList", [{"id": "x", "value": {"emptyValue": {}}}] * 221),
    ("CaseFilter", {"orAll": [{"andAll": []}] * 11}),
    ("CaseFilter", {"not": {"not": {"not": {}}}}),
]


@pytest.mark.parametrize(("name", "value", "expected"), GOOD)
def test_a_permitted_value_is_cleaned_and_kept(read, name, value, expected):
    found = read(name, value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_forbidden_value_is_refused(read, name, value):
    with pytest.raises(ServiceError) as error:
        read(name, value)
    assert (error.value.code, error.value.status) == ("ValidationException", 400)


def test_the_message_says_where(read):
    value = {"domainId": "d", "caseId": "c", "fields": [{"id": "x", "value": {"booleanValue": 1}}]}
    with pytest.raises(ServiceError, match=r"'fields\.1\.member\.value\.booleanValue'"):
        read("UpdateCaseRequest", value)


@pytest.mark.parametrize("operation", IMPLEMENTED)
def test_every_input_has_a_reader(shapes, operation):
    shapes.reader(load()["operations"][operation]["input"]["shape"])
