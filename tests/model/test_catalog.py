"""What a field may hold, and who may write it."""

import pytest

from reconciler.model.catalog import READ_ONLY
from reconciler.model.fieldtypes.table import max_length
from reconciler.model.value import FieldType
from tests.builders import a_catalog, a_field, system


@pytest.mark.parametrize(
    ("field", "length"),
    [
        pytest.param(system("title"), 500, id="title"),
        pytest.param(system("summary"), 3_000, id="summary"),
        pytest.param(a_field("note"), 500, id="single-line"),
        pytest.param(a_field("story", multiline=True), 4_100, id="multi-line"),
        pytest.param(a_field("link", FieldType.URL), 4_100, id="url"),
        pytest.param(a_field("agent", FieldType.USER), 4_100, id="user"),
    ],
)
def test_the_longest_value_depends_on_the_field(field, length):
    assert max_length(field) == length


@pytest.mark.parametrize("field_id", sorted(READ_ONLY))
def test_what_the_service_fills_itself_is_read_only(field_id):
    assert system(field_id).read_only


@pytest.mark.parametrize("field_id", ["title", "status", "customer_id", "summary"])
def test_other_system_fields_may_be_written(field_id):
    assert not system(field_id).read_only


def test_a_catalog_finds_its_fields_by_id():
    catalog = a_catalog()
    assert catalog.by_id["vip"].name == "VIP"
