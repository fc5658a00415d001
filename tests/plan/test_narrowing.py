"""What selectors name narrows what is wanted; a name that stands for nothing is an error."""

from dataclasses import dataclass

import pytest

from reconciler.errors import ReconcilerError
from reconciler.model.catalog import Catalog
from reconciler.model.selectors import Selectors
from reconciler.plan.narrowing import check_cases, check_fields, narrowed, of_chosen_specs
from reconciler.specs.resolve import Resolution, resolve
from tests.builders import FIELDS, a_catalog, a_field, cases_spec, policy_spec, spec_case

FIX = cases_spec(
    spec_case("c1", note="x", score="1"),
    spec_case("c2", note="y"),
    spec_case("100", by_reference=True, note="z"),
    name="fix",
)
RULE = policy_spec("rule", score="2", link="https://a.example")


@dataclass(frozen=True)
class Scope:
    specs: tuple
    catalog: Catalog
    resolution: Resolution


def scope(*specs, catalog=None):
    catalog = catalog or a_catalog()
    return Scope(specs, catalog, resolve(specs, catalog))


BOTH = scope(FIX, RULE)


def refusal(check, *asked):
    with pytest.raises(ReconcilerError) as raised:
        check(*asked)
    return str(raised.value)


# -- specs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        pytest.param({}, ["fix", "rule"], id="none-named"),
        pytest.param({"specs": ("fix",)}, ["fix"], id="a-spec"),
        pytest.param({"specs": ("rule",)}, ["rule"], id="a-policy-is-a-spec"),
        pytest.param({"policies": ("rule",)}, ["rule"], id="a-policy"),
        pytest.param({"specs": ("fix",), "policies": ("rule",)}, ["fix", "rule"], id="either"),
    ],
)
def test_the_specs_that_are_named_are_read(chosen, names):
    found = of_chosen_specs(Selectors(**chosen), (FIX, RULE))
    assert [one.header.name for one in found] == names


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        pytest.param(
            {"specs": ("fixx",)}, "specs fixx: these targets have no such spec", id="spec"
        ),
        pytest.param({"policies": ("fix",)}, "policies fix: .* no such policy", id="not-a-policy"),
        pytest.param({"specs": ("fix", "x")}, "specs x: ", id="one-of-two"),
    ],
)
def test_a_spec_that_there_is_not_is_an_error(chosen, said):
    with pytest.raises(ReconcilerError, match=said):
        of_chosen_specs(Selectors(**chosen), (FIX, RULE))


# -- fields --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "named", "policies"),
    [
        pytest.param(
            (), {"c1": "note score", "c2": "note", "100": "note"}, ["link score"], id="all"
        ),
        pytest.param(("note",), {"c1": "note", "c2": "note", "100": "note"}, [], id="one"),
        pytest.param(("NOTE",), {"c1": "note", "c2": "note", "100": "note"}, [], id="any-case"),
        pytest.param(("Score", "link"), {"c1": "score"}, ["link score"], id="two"),
    ],
)
def test_only_the_wishes_for_named_fields_are_left(fields, named, policies):
    found = narrowed(Selectors(fields=fields), BOTH)
    assert {one.key: " ".join(each.field for each in one.fields) for one in found.named} == named
    assert [" ".join(each.field for each in one.fields) for one in found.policies] == policies


def test_a_field_that_any_target_sets_is_found():
    check_fields(Selectors(fields=("link",)), [scope(FIX), BOTH])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("nope", "fields nope: the specs set no such field", id="no-field"),
        pytest.param("story", "fields story: the specs set no such field", id="set-by-nobody"),
        pytest.param("scor", "Score", id="with-a-hint"),
    ],
)
def test_a_field_that_no_spec_sets_is_an_error(name, said):
    assert said in refusal(check_fields, Selectors(fields=("note", name)), [BOTH])


def test_a_name_of_two_fields_is_an_error_that_says_so():
    catalog = a_catalog((*FIELDS, a_field("note2", name="Note")))
    twice = scope(cases_spec(spec_case("c1", score="1")), catalog=catalog)
    said = refusal(check_fields, Selectors(fields=("Note",)), [twice])
    assert said.startswith("fields Note: ")
    assert "note2" in said


@pytest.mark.parametrize(
    ("chosen", "fits"),
    [
        ({"fields": ("note",), "specs": ("fix",)}, True),
        ({"fields": ("link",), "policies": ("rule",)}, True),
        ({"fields": ("link",), "specs": ("fix",)}, False),
        ({"fields": ("note",), "specs": ("rule",)}, False),
        ({"fields": ("note", "score"), "specs": ("rule",)}, True),
    ],
)
def test_a_named_spec_must_set_a_named_field(chosen, fits):
    if fits:
        check_fields(Selectors(**chosen), [BOTH])
    else:
        said = refusal(check_fields, Selectors(**chosen), [BOTH])
        assert said.startswith("no spec that is named sets a field that is named")


# -- cases ---------------------------------------------------------------------------------


def test_cases_that_the_specs_are_about_are_found():
    check_cases(Selectors(cases=("c1", "c9")), [BOTH], {"c1", "c9"})


def test_every_case_that_they_are_not_about_is_named_with_what_may_be_meant():
    said = refusal(check_cases, Selectors(cases=("c1", "c3", "zzzz")), [BOTH], {"c1"}).splitlines()
    assert len(said) == 2
    assert said[0].startswith("cases c3: no spec that is chosen names this case")
    assert 'did you mean "c' in said[0] or said[0].endswith("; known: c1, c2")
    assert said[1].startswith("cases zzzz: ")
    assert said[1].endswith("no policy selects it; known: c1, c2")


def test_a_reference_is_no_hint_for_an_id():
    said = refusal(check_cases, Selectors(cases=("101",)), [BOTH], ())
    assert said.endswith("; known: c1, c2")
