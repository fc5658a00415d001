"""Names become ids, scalars become values, and mistakes become problems with a place."""

import pytest

from reconciler.model.condition import All, AnyOf, Not
from reconciler.model.filter import Check, Every, Some, Unless
from reconciler.model.spec import CasesSpec
from reconciler.specs.resolve import resolve, selects_in_use
from tests.builders import (
    FIELDS,
    a_catalog,
    a_field,
    cases_spec,
    header,
    leaf,
    only_if,
    policy_spec,
    spec_case,
    spec_field,
    written,
)

CATALOG = a_catalog()


def resolved(*specs, sensitive=frozenset(), catalog=CATALOG):
    return resolve(specs, catalog, frozenset(sensitive))


def resolved_fields(*specs):
    found = resolved(*specs)
    assert found.problems == ()
    return [
        (desired_field.key, {entry.field: entry.value for entry in desired_field.fields})
        for desired_field in found.named
    ]


def codes(*specs, **more):
    return [problem.code for problem in resolved(*specs, **more).problems]


def rule_of(where):
    found = resolved(policy_spec(where=where, note="x"))
    assert found.problems == ()
    return found.policies[0].selection.rule


# -- named cases ---------------------------------------------------------------------------


def test_names_and_spellings_become_ids_and_values():
    case = spec_case("c1", priority="high", VIP="true", Score="4.5", Due="2026-12-01T10:00+01:00")
    assert resolved_fields(cases_spec(case)) == [
        ("c1", {"due": "2026-12-01T09:00:00Z", "priority": "p1", "score": 4.5, "vip": True})
    ]


def test_every_wish_keeps_its_place():
    spec = cases_spec(spec_case("c1", note=spec_field("note", "x", line=12, column=7)))
    [desired_field] = resolved(spec).named
    assert str(desired_field.fields[0].at) == "specs/a.yaml:12:7"
    assert str(desired_field.at) == "specs/a.yaml:6:3"


def test_cases_keep_the_order_they_were_written_in():
    assert [
        key for key, _ in resolved_fields(cases_spec(spec_case("b", note="1"), spec_case("a")))
    ] == [
        "b",
        "a",
    ]


def test_one_case_in_two_specs_is_one_wish():
    specs = cases_spec(spec_case("c1", note="x")), cases_spec(spec_case("c1", vip="true"))
    assert resolved_fields(*specs) == [("c1", {"note": "x", "vip": True})]


def test_an_id_and_a_reference_of_the_same_letters_are_two_cases():
    spec = cases_spec(spec_case("1", note="x"), spec_case("1", by_reference=True, note="y"))
    assert [
        (desired_field.key, desired_field.by_reference) for desired_field in resolved(spec).named
    ] == [
        ("1", False),
        ("1", True),
    ]


def test_the_same_value_twice_is_fine_however_it_is_spelled():
    specs = cases_spec(spec_case("c1", priority="High")), cases_spec(spec_case("c1", Priority="p1"))
    assert resolved_fields(*specs) == [("c1", {"priority": "p1"})]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("priority", "priority", id="by-id-and-id"),
        pytest.param("priority", "Priority", id="by-id-and-name"),
        pytest.param("PRIORITY", "Priority", id="by-name-and-name-in-other-case"),
    ],
)
def test_different_values_for_one_field_are_a_problem_that_names_both_places(first, second):
    specs = (
        cases_spec(spec_case("c1", a=spec_field(first, "High", line=10))),
        cases_spec(spec_case("c1", b=spec_field(second, "Low", line=20)), file="specs/b.yaml"),
    )
    [problem] = resolved(*specs).problems
    assert problem.code == "conflicting-values"
    assert str(problem.at) == "specs/b.yaml:20:5"
    assert "specs/a.yaml:10:5" in problem.message


def test_one_field_twice_in_one_case_by_id_and_by_name_is_compared_too():
    case = spec_case("c1", a=spec_field("vip", "true"), b=spec_field("VIP", "false", line=8))
    assert codes(cases_spec(case)) == ["conflicting-values"]


def test_a_mistake_in_shared_defaults_is_reported_once():
    shared = spec_field("nonsense", "x")
    spec = cases_spec(*(spec_case(f"c{number}", shared=shared) for number in range(5)))
    assert codes(spec) == ["unknown-field"]


def test_shared_defaults_are_wanted_of_every_case():
    shared = spec_field("note", "x")
    spec = cases_spec(spec_case("a", shared=shared), spec_case("b", shared=shared))
    assert resolved_fields(spec) == [("a", {"note": "x"}), ("b", {"note": "x"})]


def test_places_belong_to_their_own_file():
    one = cases_spec(spec_case("a", bad="x"), file="specs/a.yaml")
    two = cases_spec(spec_case("b", bad="x"), file="specs/b.yaml")
    assert [p.at.file for p in resolved(one, two).problems] == ["specs/a.yaml", "specs/b.yaml"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        pytest.param("statsu", "open", "unknown-field", id="unknown-field"),
        pytest.param("last_updated_datetime", "x", "read-only-field", id="read-only"),
        pytest.param("last_updated_user", "null", "read-only-field", id="read-only-clear"),
        pytest.param("title", "null", "required-field", id="a-case-without-a-title"),
        pytest.param("score", "many", "not-a-number", id="type"),
        pytest.param("priority", "Ancient", "inactive-option", id="inactive-option"),
        pytest.param("note", "x" * 501, "too-long", id="length"),
    ],
)
def test_a_field_that_cannot_be_set_is_a_problem(name, value, code):
    assert codes(cases_spec(spec_case("c1", f=spec_field(name, value)))) == [code]


def test_a_quoted_empty_title_is_no_title_either():
    field = spec_field("title", written("", plain=False))
    assert codes(cases_spec(spec_case("c1", f=field))) == ["required-field"]


def test_a_problem_names_the_field_and_its_type():
    [problem] = resolved(cases_spec(spec_case("c1", Score="many"))).problems
    assert problem.message == "Score (Number): many is not a number"


def test_every_problem_of_every_field_is_found_in_one_run():
    spec = cases_spec(spec_case("c1", vip="yes", score="x"), spec_case("c2", bad="x"))
    assert codes(spec) == ["not-a-boolean", "not-a-number", "unknown-field"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param(None, None, id="no-condition"),
        pytest.param(only_if(empty=True), (None,), id="empty"),
        pytest.param(only_if("Low", "p2"), ("p3", "p2"), id="by-name-and-value"),
        pytest.param(only_if("Ancient"), ("p9",), id="live-cases-may-hold-inactive-options"),
        pytest.param(only_if("null"), (None,), id="null-is-empty"),
        pytest.param(only_if("Low", empty=True), (None, "p3"), id="empty-or-low"),
    ],
)
def test_only_if_is_resolved_like_a_value(condition, expected):
    spec = cases_spec(spec_case("c1", priority=spec_field("priority", "High", condition)))
    found = resolved(spec)
    assert found.problems == ()
    assert found.named[0].fields[0].only_if == expected


def test_an_unknown_value_in_only_if_is_a_problem():
    spec = cases_spec(spec_case("c1", p=spec_field("priority", "High", only_if("Lowest"))))
    assert codes(spec) == ["unknown-option"]


# -- policies ------------------------------------------------------------------------------


def test_a_policy_keeps_its_template_tags_limit_and_place():
    spec = policy_spec("p", template="outage", tags=(("team", "x"),), case_limit=7, note="y")
    [policy] = resolved(spec).policies
    assert (policy.selection.template_id, policy.selection.tags) == ("tpl-1", (("team", "x"),))
    assert (policy.name, policy.case_limit, str(policy.at)) == ("p", 7, "specs/p.yaml:3:1")


def test_an_unknown_template_is_a_problem():
    assert codes(policy_spec(template="Outrage", note="x")) == ["unknown-template"]


def test_a_condition_keeps_its_shape():
    where = All((leaf("vip", "equals", "true"), AnyOf((Not(leaf("score", "at_least", "5")),))))
    rule = rule_of(where)
    assert isinstance(rule, Every)
    vip, some = rule.parts
    assert (vip.field.id, vip.operator, vip.operands) == ("vip", "equals", (True,))
    assert isinstance(some, Some)
    assert isinstance(some.parts[0], Unless)
    assert some.parts[0].part.operands == (5.0,)


@pytest.mark.parametrize(
    ("where", "operands"),
    [
        pytest.param(
            leaf("Priority", "in", "High", "p9"), ("p1", "p9"), id="options-also-inactive"
        ),
        pytest.param(leaf("note", "empty", "true"), (True,), id="empty"),
        pytest.param(leaf("note", "empty", "false"), (False,), id="not-empty"),
        pytest.param(leaf("last_updated_user", "contains", "x"), None, id="contains-on-user"),
        pytest.param(
            leaf("last_updated_datetime", "after", "2026-11-01T01:00+01:00"),
            ("2026-11-01T00:00:00Z",),
            id="read-only-fields-may-decide",
        ),
    ],
)
def test_operands_are_read_by_the_fields_type(where, operands):
    if operands is None:
        assert codes(policy_spec(where=where, note="x")) == ["bad-operator"]
    else:
        rule = rule_of(where)
        assert isinstance(rule, Check)
        assert rule.operands == operands


FITS = {
    "equals": {"note", "score", "vip", "due", "link", "priority"},
    "not_equals": {"note", "score", "vip", "due", "link", "priority"},
    "in": {"note", "score", "vip", "due", "link", "priority"},
    "contains": {"note", "link"},
    "greater_than": {"score"},
    "at_least": {"score"},
    "less_than": {"score"},
    "at_most": {"score"},
    "after": {"due"},
    "before": {"due"},
}
OPERANDS = {
    "note": "x",
    "score": "5",
    "vip": "true",
    "due": "2026-12-01T09:00:00Z",
    "link": "https://example.com",
    "priority": "High",
}


@pytest.mark.parametrize("operator", sorted(FITS))
@pytest.mark.parametrize("field", sorted(OPERANDS))
def test_an_operator_fits_some_types_only(operator, field):
    where = leaf(field, operator, OPERANDS[field])
    expected = [] if field in FITS[operator] else ["bad-operator"]
    assert codes(policy_spec(where=where, note="x")) == expected


@pytest.mark.parametrize("operator", ["equals", "not_equals", "contains", "in"])
def test_comparing_with_nothing_points_to_empty(operator):
    [problem] = resolved(policy_spec(where=leaf("note", operator, "null"), note="x")).problems
    assert problem.code == "bad-operand"
    assert "empty: true" in problem.hint


def test_a_condition_on_an_unknown_field_is_a_problem():
    assert codes(policy_spec(where=leaf("statsu", "equals", "x"), note="x")) == ["unknown-field"]


# -- what is secret stays secret -----------------------------------------------------------

SECRET = "4111-1111-1111-1111"
ALL_TYPES = ["note", "score", "vip", "due", "link", "agent", "priority"]


@pytest.mark.parametrize("field", ALL_TYPES)
@pytest.mark.parametrize("where", ["value", "only_if", "operand"])
def test_no_problem_ever_shows_a_sensitive_value(field, where):
    value = SECRET * (30 if field == "note" else 1)
    if where == "value":
        spec = cases_spec(spec_case("c1", f=spec_field(field, value)))
    elif where == "only_if":
        spec = cases_spec(spec_case("c1", f=spec_field(field, "null", only_if(value))))
    else:
        spec = policy_spec(where=leaf(field, "equals", value), vip="true")
    problems = resolved(spec, sensitive=ALL_TYPES).problems
    assert problems
    assert SECRET[:9] not in "\n".join(map(str, problems))
    assert "High" not in "\n".join(map(str, problems))


def test_two_sensitive_values_in_conflict_are_not_shown():
    case = spec_case("c1", a=spec_field("note", SECRET), b=spec_field("Note", "other-" + SECRET))
    [problem] = resolved(cases_spec(case), sensitive=["note"]).problems
    assert SECRET not in str(problem)


def test_the_same_mistake_in_an_open_field_shows_what_was_found():
    [problem] = resolved(cases_spec(spec_case("c1", score=SECRET))).problems
    assert SECRET in problem.message


# -- which options are needed --------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "needed"),
    [
        pytest.param(cases_spec(spec_case("c1", Priority="High")), ("priority",), id="by-name"),
        pytest.param(cases_spec(spec_case("c1", note="x")), (), id="no-select"),
        pytest.param(
            policy_spec(where=Not(All((leaf("status", "equals", "open"),))), note="x"),
            ("status",),
            id="in-a-condition",
        ),
        pytest.param(
            policy_spec(where=AnyOf((leaf("bad", "equals", "x"),)), priority="Low"),
            ("priority",),
            id="unknown-names-are-for-later",
        ),
    ],
)
def test_only_the_selects_that_specs_name_are_in_use(spec, needed):
    assert selects_in_use([spec], CATALOG) == needed


def test_nothing_written_is_nothing_wanted():
    found = resolved(CasesSpec(header=header(), cases=()))
    assert (found.named, found.policies, found.problems) == ((), (), ())


def test_an_ambiguous_field_lists_the_ids():
    catalog = a_catalog((*FIELDS, a_field("note2", name="Note")))
    [problem] = resolved(cases_spec(spec_case("c1", Note="x")), catalog=catalog).problems
    assert problem.code == "ambiguous-field"
    assert "note, note2" in problem.hint
