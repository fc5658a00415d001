"""What a name in a spec can stand for, and what is offered when it stands for nothing."""

import pytest

from reconciler.model.catalog import Field, Template
from reconciler.model.diagnostic import UnplacedProblem, nearest
from reconciler.specs.names import FieldNames, find_template
from tests.builders import a_catalog, a_field, system

FIELDS = (
    system("status"),
    a_field("f1", name="Case reason"),
    a_field("f2", name="case Reason"),
    a_field("f3", name="Tier"),
    a_field("f4", name="Twin"),
    a_field("f5", name="Twin"),
    a_field("f6", name="status"),
)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("status", "status", id="an-id-beats-another-fields-name"),
        pytest.param("f3", "f3", id="custom-id"),
        pytest.param("Tier", "f3", id="exact-name"),
        pytest.param("tIER", "f3", id="name-in-other-case"),
        pytest.param("Case reason", "f1", id="exact-beats-other-case"),
        pytest.param("case Reason", "f2", id="the-other-exact"),
    ],
)
def test_a_field_is_found_by_id_or_name(name, found):
    field = FieldNames(a_catalog(FIELDS)).find(name)
    assert isinstance(field, Field)
    assert field.id == found


@pytest.mark.parametrize(
    ("name", "code", "hint"),
    [
        pytest.param("Twin", "ambiguous-field", "f4, f5", id="same-name-twice"),
        pytest.param("CASE REASON", "ambiguous-field", "f1, f2", id="unique-only-with-case"),
        pytest.param("teir", "unknown-field", 'did you mean "Tier"?', id="typing-mistake"),
        pytest.param("Zebra", "unknown-field", "known: ", id="nothing-near"),
        pytest.param("", "unknown-field", "known: ", id="nothing"),
    ],
)
def test_a_name_that_is_not_one_field_says_which_are_meant(name, code, hint):
    found = FieldNames(a_catalog(FIELDS)).find(name)
    assert isinstance(found, UnplacedProblem)
    assert found.code == code
    assert hint in found.hint


@pytest.mark.parametrize(
    ("text", "found"),
    [("t1", "t1"), ("Outage", "t1"), ("oUTAGE", "t1"), ("t3", "t2")],
    ids=["id", "name", "other-case", "a-name-that-looks-like-an-id"],
)
def test_a_template_is_found_by_id_or_name(text, found):
    templates = (Template(id="t1", name="Outage"), Template(id="t2", name="t3"))
    assert find_template(text, templates).id == found


@pytest.mark.parametrize(
    ("text", "code"), [("Same", "ambiguous-template"), ("Outrage", "unknown-template")]
)
def test_a_name_that_is_not_one_template_is_refused(text, code):
    templates = tuple(
        Template(id=key, name=name) for key, name in [("a", "Same"), ("b", "Same"), ("c", "Outage")]
    )
    assert find_template(text, templates).code == code


def test_the_nearest_names_are_offered_whatever_their_case():
    assert nearest("STATSU", ["Status", "Score"]) == 'did you mean "Status"?'


def test_a_long_list_of_names_is_not_poured_out():
    assert nearest("zzz", [f"field {number}" for number in range(13)]) == ""
