"""Editors know a domain's fields, options and templates, and take what `validate` takes."""

import pytest
from jsonschema import Draft202012Validator

from reconciler.files.schema_check import schema_data
from reconciler.model.catalog import Option
from reconciler.model.value import FieldType
from reconciler.specs.catalog_schema import domain_schema
from tests.builders import FIELDS, OPTIONS, TEMPLATES, a_catalog, a_field

HEAD = {"apiVersion": "reconcile/v1", "kind": "Cases", "metadata": {"name": "x"}}


@pytest.fixture(scope="module")
def schema():
    return domain_schema(schema_data("spec"), a_catalog())


@pytest.fixture(scope="module")
def accepts(schema):
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema).is_valid


def cases(**fields):
    return {**HEAD, "cases": [{"id": "c1", "fields": fields}]}


@pytest.mark.parametrize(
    ("fields", "good"),
    [
        pytest.param({"note": "x"}, True, id="by-id"),
        pytest.param({"Note": "x"}, True, id="by-name"),
        pytest.param({"NOTE": "x"}, True, id="in-any-case"),
        pytest.param({"notte": "x"}, False, id="unknown"),
        pytest.param({"note": 12}, True, id="a-text-that-yaml-takes-for-a-number"),
        pytest.param({"note": None}, True, id="clear"),
        pytest.param({"note": "x" * 501}, False, id="too-long"),
        pytest.param({"title": None}, False, id="a-case-has-a-title"),
        pytest.param({"last_updated_datetime": "2026-12-01T09:00:00Z"}, False, id="read-only"),
        pytest.param({"score": 4.5}, True, id="number"),
        pytest.param({"score": "4.5"}, False, id="a-number-in-quotes"),
        pytest.param({"VIP": True}, True, id="boolean"),
        pytest.param({"VIP": "yes"}, False, id="no-boolean"),
        pytest.param({"due": "2026-12-01T09:00:00+01:00"}, True, id="time"),
        pytest.param({"due": "2026-12-01"}, False, id="a-day-is-no-time"),
        pytest.param({"link": "https://example.com/1"}, True, id="url"),
        pytest.param({"link": "example.com"}, False, id="no-url"),
        pytest.param({"agent": "arn:aws:connect:x:1:instance/a/agent/b"}, True, id="user"),
        pytest.param({"agent": "Ann"}, False, id="no-user"),
        pytest.param({"priority": "High"}, True, id="an-option-by-name"),
        pytest.param({"priority": "p1"}, True, id="an-option-by-value"),
        pytest.param({"priority": "hIGH"}, True, id="an-option-in-any-case"),
        pytest.param({"priority": "Highest"}, False, id="no-option"),
        pytest.param({"priority": "Ancient"}, False, id="an-inactive-option"),
        pytest.param({"priority": {"value": "High", "only_if": "empty"}}, True, id="only-if-empty"),
        pytest.param({"priority": {"value": "p2", "only_if": ["Ancient", None]}}, True, id="live"),
        pytest.param({"priority": {"value": "High", "only_if": ["Lowest"]}}, False, id="only-if"),
        pytest.param({"priority": {"value": "High", "when": "x"}}, False, id="long-form"),
    ],
)
def test_fields_and_values_are_those_of_the_domain(accepts, fields, good):
    assert accepts(cases(**fields)) is good
    assert accepts({**HEAD, "defaults": fields, "cases": [{"id": "c1"}]}) is good
    policy = {**HEAD, "kind": "Policy", "select": {"template": "Outage"}, "fields": fields}
    assert accepts(policy) is good


@pytest.mark.parametrize(
    ("select", "good"),
    [
        pytest.param({"template": "Outage"}, True, id="template"),
        pytest.param({"template": "tpl-2"}, True, id="template-id"),
        pytest.param({"template": "billing"}, True, id="in-any-case"),
        pytest.param({"template": "Outrage"}, False, id="no-template"),
        pytest.param({"where": {"field": "Note", "equals": "x"}}, True, id="field"),
        pytest.param({"where": {"not": {"field": "nota", "equals": "x"}}}, False, id="no-field"),
        pytest.param(
            {"where": {"field": "last_updated_datetime", "empty": False}}, True, id="read-only"
        ),
    ],
)
def test_selections_name_what_the_domain_has(accepts, select, good):
    policy = {**HEAD, "kind": "Policy", "select": select, "fields": {"note": "x"}}
    assert accepts(policy) is good


def test_every_option_says_its_other_name(schema):
    found = schema["$defs"]["field.priority"]["anyOf"][0]["oneOf"]
    assert {"const": "High", "description": "The option High (p1)."} in found
    assert {"const": "p1", "description": "The option High (p1)."} in found
    assert schema["$defs"]["field.priority"]["description"] == (
        "Priority (SingleSelect), field id priority. Options: High (p1), Medium (p2), Low (p3)."
    )


def test_a_name_that_two_fields_have_is_none():
    twins = (a_field("one", name="Same (a.b)*"), a_field("two", name="same (A.B)*"))
    made = domain_schema(schema_data("spec"), a_catalog((*FIELDS, *twins), OPTIONS, TEMPLATES))
    accepts = Draft202012Validator(made).is_valid
    assert accepts(cases(one="x", two="y", **{"Same (a.b)*": "x", "same (A.B)*": "y"}))
    assert not accepts(cases(**{"SAME (a.b)*": "x"}))
    assert not accepts(cases(**{"Same (aXb)*": "x"}))


def test_options_that_editors_take_for_something_else_may_stand_plain():
    options = {"kind": (Option("1", "One", True), Option("true", "true", True))}
    fields = (*FIELDS, a_field("kind", FieldType.SINGLE_SELECT))
    made = domain_schema(schema_data("spec"), a_catalog(fields, options, ()))
    accepts = Draft202012Validator(made).is_valid
    assert [accepts(cases(kind=one)) for one in (1, "1", True, "One", 2, False)] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


def test_a_domain_without_templates_has_no_name_for_one():
    made = domain_schema(schema_data("spec"), a_catalog(templates=()))
    policy = {**HEAD, "kind": "Policy", "fields": {"note": "x"}, "select": {"template": "Outage"}}
    assert not Draft202012Validator(made).is_valid(policy)
