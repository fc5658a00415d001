"""A saved catalog means what the domain offered."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reconciler.files.schema_check import schema_errors
from reconciler.model.catalog import Catalog, Field, Option, Template
from reconciler.model.value import FieldType
from reconciler.service.catalog_data import catalog_data, catalog_from
from tests.builders import TEMPLATES, a_catalog

texts = st.text(max_size=8)
fields = st.lists(
    st.builds(
        Field,
        id=texts,
        name=texts,
        type=st.sampled_from(FieldType),
        namespace=st.sampled_from(["System", "Custom"]),
        multiline=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda field: field.id,
)


@st.composite
def catalogs(draw):
    found = draw(fields)
    options = {
        field.id: tuple(draw(st.lists(st.builds(Option, texts, texts, st.booleans()), max_size=2)))
        for field in found
        if draw(st.booleans())
    }
    required = st.frozensets(texts, max_size=2)
    templates = draw(
        st.lists(st.builds(Template, id=texts, name=texts, required=required), max_size=2)
    )
    return Catalog(
        domain_id=draw(texts),
        domain_name=draw(texts),
        account=draw(texts),
        region=draw(texts),
        fields=tuple(found),
        options=options,
        templates=tuple(templates),
    )


def in_order(catalog):
    return replace(
        catalog,
        fields=tuple(sorted(catalog.fields, key=lambda one: one.id)),
        templates=tuple(sorted(catalog.templates, key=repr)),
    )


@given(catalogs())
def test_a_catalog_is_read_back_as_it_was_written(catalog):
    data = json.loads(json.dumps(catalog_data(catalog)))
    assert schema_errors("catalog", data) == ()
    assert in_order(catalog_from(data)) == in_order(catalog)


def test_system_fields_come_first_and_then_names_in_order():
    names = [(entry["namespace"], entry["name"]) for entry in catalog_data(a_catalog())["fields"]]
    assert names == sorted(names, key=lambda pair: (pair[0] != "System", pair[1].casefold()))


def test_a_field_says_what_may_be_written_to_it():
    by_id = {entry["id"]: entry for entry in catalog_data(a_catalog())["fields"]}
    assert by_id["summary"]["max_length"] == 3_000
    assert by_id["last_updated_user"]["read_only"] is True
    assert [one["value"] for one in by_id["priority"]["options"]] == ["p1", "p2", "p3", "p9"]
    assert "options" not in by_id["note"]


def test_the_order_of_what_was_read_does_not_show():
    catalog = a_catalog()
    mixed = replace(catalog, fields=catalog.fields[::-1], templates=TEMPLATES[::-1])
    assert catalog_data(mixed) == catalog_data(catalog)
