"""Live values in an author's words, and what no words exist for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.catalog import Option
from reconciler.model.fieldtypes.table import coerce
from reconciler.model.value import FieldType, as_text
from reconciler.specs.spelling import Speller
from tests.builders import BY_ID, FIELDS, OPTIONS, a_catalog, a_field, live, system

SPELLER = Speller(a_catalog())


def spelled(field_id, value, catalog=None):
    """The text, or in brackets the code of why there is none."""
    catalog = catalog or a_catalog()
    one = Speller(catalog).case(live("c1", **{field_id: value}), [catalog.by_id[field_id]])
    return one.fields[0][1].text if one.fields else f"({one.unsayable[0].code})"


@pytest.mark.parametrize(
    ("field_id", "value", "text"),
    [
        pytest.param("score", 5.0, "5", id="a-whole-number-has-no-point"),
        pytest.param("score", -0.25, "-0.25", id="fraction"),
        pytest.param("score", 1e300, "1e+300", id="large"),
        pytest.param("vip", True, "true", id="truth"),
        pytest.param("due", "2026-12-01T09:00:00.5Z", "2026-12-01T09:00:00.5Z", id="instant"),
        pytest.param("priority", "p1", "High", id="option-by-name"),
        pytest.param("priority", "p9", "(inactive-option)", id="inactive"),
        pytest.param("priority", "gone", "(unknown-option)", id="option-that-is-gone"),
        pytest.param("note", "null", "null", id="the-word-null"),
        pytest.param("note", "x" * 501, "(too-long)", id="longer-than-allowed-now"),
        pytest.param("note", "\ud800", "(not-text)", id="half-a-character"),
        pytest.param("link", "ftp://x", "(not-a-url)", id="no-url"),
        pytest.param("agent", "somebody", "(not-an-arn)", id="no-arn"),
        pytest.param("due", "tomorrow", "(not-a-date-time)", id="no-time"),
        pytest.param("due", "2026-12-01T09:00:00.123456Z", "(too-precise)", id="too-precise"),
    ],
)
def test_a_value_is_said_as_an_author_says_it_or_left_out_with_the_reason(field_id, value, text):
    assert spelled(field_id, value) == text


def test_an_option_whose_name_means_another_is_said_by_value():
    options = (Option("low", "high", True), Option("high", "Top", True), Option("x", "Top", True))
    catalog = a_catalog(options={"priority": options})
    assert [spelled("priority", one, catalog) for one in ("low", "high", "x")] == [
        "low",
        "high",
        "x",
    ]


VALUES = {
    FieldType.TEXT: st.text(max_size=20),
    FieldType.NUMBER: st.floats(allow_nan=False, allow_infinity=False).map(lambda n: n + 0.0),
    FieldType.BOOLEAN: st.booleans(),
    FieldType.SINGLE_SELECT: st.sampled_from(["p1", "p2", "p3", "p9", "High", "no"]),
}


@given(
    data=st.data(), field=st.sampled_from([BY_ID[k] for k in ("note", "score", "vip", "priority")])
)
def test_what_is_said_reads_as_the_value_itself(data, field):
    value = data.draw(VALUES[field.type].filter(lambda one: one != ""))
    for _, said in SPELLER.case(live("c1", **{field.id: value}), [field]).fields:
        assert coerce(said, field, OPTIONS) == value
        assert said.text == as_text(value) or field.type is FieldType.SINGLE_SELECT


@pytest.mark.parametrize(
    ("field", "name"),
    [
        pytest.param(system("status"), "status", id="system-fields-by-id"),
        pytest.param(a_field("1", name="Next step"), "Next step", id="custom-by-name"),
        pytest.param(a_field("1", name="Status"), "1", id="name-of-two"),
        pytest.param(a_field("1", name="note"), "1", id="id-of-another"),
        pytest.param(a_field("1", name=" x"), "1", id="ends-not-seen"),
        pytest.param(a_field("1", name="a\u202eb"), "1", id="not-printable"),
        pytest.param(a_field("1", name="created_by"), "1", id="means-a-read-only-field"),
    ],
)
def test_fields_are_named_as_an_author_names_them(field, name):
    others = () if field.id == "status" else tuple(one for one in FIELDS if one.id != field.id)
    assert Speller(a_catalog((field, *others))).name(field) == name
