"""Each live value has one place in the specs, or a reason why it has none."""

import pytest

from reconciler.edit.accepting import (
    Acceptance,
    Choice,
    Decider,
    Declined,
    chosen,
    unclassified,
    without_contradictions,
)
from reconciler.model.classes import ChangeClass
from reconciler.model.diagnostic import Source
from reconciler.model.plan import Sealed
from tests.builders import (
    a_catalog,
    a_plan,
    case_change,
    cases_spec,
    field_change,
    policy_spec,
    spec_case,
    spec_field,
    target_plan,
)

AT = Source("specs/a.yaml", 7, 5)


def decide(*specs, case_id="c1", **change):
    entry = field_change(**{"source": AT, **change})
    decider = Decider(specs, [(case_change(case_id, entry), entry)], a_catalog())
    return decider.decide(case_id, entry)


def own(**fields):
    return cases_spec(spec_case("c1", **fields))


def test_a_value_goes_where_the_field_is_named():
    found = decide(own(note="wanted"), before="live")
    assert isinstance(found, Acceptance)
    assert (found.at, found.into_case, found.name) == (AT, False, "note")
    assert (found.text, found.plain) == ("live", False)


@pytest.mark.parametrize(
    ("id", "wanted", "before", "text", "plain"),
    [
        pytest.param("note", "x", None, "null", True, id="empty"),
        pytest.param("score", "1", 5.0, "5", True, id="number"),
        pytest.param("vip", "true", False, "false", True, id="boolean"),
        pytest.param("priority", "p1", "p2", "p2", False, id="option-by-value"),
        pytest.param("priority", "High", "p2", "Medium", False, id="option-by-name"),
        pytest.param("due", "2026-12-01T09:00:00Z", "2026-12-02T09:00:00Z",
                     "2026-12-02T09:00:00Z", False, id="time"),
    ],
)  # fmt: skip
def test_a_value_is_spelled_as_specs_spell_it(id, wanted, before, text, plain):
    after = {"High": "p1", "1": 1.0, "true": True}.get(wanted, wanted)
    found = decide(own(**{id: wanted}), id=id, before=before, after=after)
    assert (found.text, found.plain) == (text, plain)


@pytest.mark.parametrize(
    ("spec", "change", "reason"),
    [
        pytest.param(own(note="x"), {"before": Sealed("ab" * 32), "after": Sealed("cd" * 32)},
                     "the field is sensitive", id="sensitive"),
        pytest.param(own(story="x"), {"source": Source("specs/a.yaml", 9, 9)},
                     "found no field at specs/a.yaml:9:9", id="moved"),
        pytest.param(policy_spec(file="specs/a.yaml", note="x"), {},
                     "the policy rule wants this of every case", id="policy"),
        pytest.param(own(priority="p1"), {"id": "priority", "before": "p9", "after": "p1"},
                     "a spec cannot say its live value", id="inactive-option"),
        pytest.param(own(due="x"), {"id": "due", "before": "2026-01-01T00:00:00.123456Z"},
                     "a spec cannot say its live value", id="too-fine-a-time"),
    ],
)  # fmt: skip
def test_what_has_no_place_is_declined(spec, change, reason):
    found = decide(spec, **change)
    assert isinstance(found, Declined)
    assert found.reason.startswith(reason)
    assert found.advice


def with_defaults(*cases):
    """Cases that share a default note on line 4."""
    shared = spec_field("note", "wanted", line=4, column=3)
    return cases_spec(
        *(
            type(case)(case.key, case.by_reference, (shared, *case.fields), case.line, 3, 1)
            for case in cases
        )
    )


def test_a_default_is_overridden_in_the_case_alone():
    spec = with_defaults(spec_case("c0", line=6), spec_case("c1", line=8))
    found = decide(spec, source=Source("specs/a.yaml", 4, 3), before="live")
    assert (found.at, found.into_case) == (Source("specs/a.yaml", 8, 3), True)


def test_a_default_of_a_case_that_is_named_by_reference_is_declined():
    spec = with_defaults(spec_case("R1", by_reference=True))
    found = decide(spec, source=Source("specs/a.yaml", 4, 3))
    assert "comes from `defaults`" in found.reason
    assert found.paste.name == "note"


def test_a_field_that_is_set_twice_is_declined_with_the_other_place():
    other = cases_spec(spec_case("c1", Note=spec_field("Note", "x", line=3)), file="specs/b.yaml")
    found = decide(own(note="x"), other)
    assert "set at specs/b.yaml:3:5 too" in found.reason


def test_what_two_targets_want_different_of_one_place_is_declined():
    one, same, other = (decide(own(note="x"), before=text) for text in ("a", "a", "b"))
    assert without_contradictions([one, same]) == (one,)
    found = without_contradictions([one, other])
    assert all("whose live values differ" in one.reason for one in found)


DRIFT, NEW, CONFLICT = ChangeClass.DRIFT, ChangeClass.NEW, ChangeClass.CONFLICT
PLAN = a_plan(
    target_plan(
        case_change("c1", field_change(change_class=DRIFT), field_change("story")),
        case_change("c2", field_change(change_class=NEW), field_change("vip", True, False)),
        case_change("c3", field_change(change_class=CONFLICT)),
    )
)


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        pytest.param({"cases": {"c1"}}, ["c1 note", "c1 story"], id="case"),
        pytest.param({"fields": {"NOTE"}}, ["c1 note", "c2 note", "c3 note"], id="field"),
        pytest.param({"fields": {"VIP"}}, ["c2 vip"], id="display-name"),
        pytest.param({"cases": {"c2"}, "fields": {"note"}}, ["c2 note"], id="both"),
        pytest.param({"drifted_only": True}, ["c1 note", "c3 note"], id="drift-and-conflict"),
        pytest.param({"drifted_only": True, "cases": {"c3"}}, ["c3 note"], id="narrowed"),
        pytest.param({"cases": {"c9"}}, [], id="none"),
    ],
)
def test_cases_fields_and_drift_narrow_each_other(choice, found):
    entries = chosen(PLAN, Choice(**choice))["prod"]
    assert [f"{change.case_id} {entry.id}" for change, entry in entries] == found


@pytest.mark.parametrize(
    ("choice", "count"),
    [({"drifted_only": True}, 2), ({"drifted_only": True, "cases": {"c1"}}, 1), ({}, 0)],
)
def test_what_no_history_was_read_of_is_counted(choice, count):
    assert unclassified(PLAN, Choice(**choice)) == count
