"""The schemas that come with the program are schemas, and say what is wrong where."""

import json

import pytest
from jsonschema import Draft202012Validator

from reconciler.files.schema_check import schema_errors, schema_path
from reconciler.plan.file.data import to_data
from reconciler.service.catalog_data import catalog_data
from tests.builders import a_catalog, a_plan, case_change


@pytest.mark.parametrize("name", ["plan", "receipt", "journal", "catalog", "spec", "config"])
def test_every_schema_is_a_schema_of_2020_12(name):
    schema = json.loads(schema_path(name).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def objects_in(schema):
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for value in schema.values():
            yield from objects_in(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects_in(value)


@pytest.mark.parametrize("name", ["plan", "receipt", "journal", "catalog"])
def test_no_object_of_our_files_takes_keys_that_are_not_named(name):
    schema = json.loads(schema_path(name).read_text(encoding="utf-8"))
    assert [one for one in objects_in(schema) if "additionalProperties" not in one] == []


@pytest.mark.parametrize(
    ("name", "data"),
    [("plan", to_data(a_plan(case_change("c1")))), ("catalog", catalog_data(a_catalog()))],
    ids=["plan", "catalog"],
)
def test_what_the_program_writes_fits(name, data):
    assert schema_errors(name, data) == ()
    for key in data:
        rest = {other: value for other, value in data.items() if other != key}
        assert any(key in complaint for complaint in schema_errors(name, rest))


def test_a_complaint_says_where_and_what():
    data = to_data(a_plan(case_change("c1")))
    data["targets"][0]["changes"][0]["case_id"] = 5
    assert schema_errors("plan", data) == (
        "at $.targets[0].changes[0].case_id: 5 is not of type 'string'",
    )


def test_complaints_are_bounded_and_short():
    data = to_data(a_plan(*(case_change(f"c{number}") for number in range(50))))
    for change in data["targets"][0]["changes"]:
        change["title"] = ["x" * 1_000]
    found = schema_errors("plan", data, most=7)
    assert len(found) == 7
    assert all(len(complaint) < 400 for complaint in found)
