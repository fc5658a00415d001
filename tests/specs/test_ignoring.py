"""Which differences rules leave alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.diagnostic import Source
from reconciler.model.ignore import IgnoreRule
from reconciler.model.spec import IgnoreSpec
from reconciler.specs.diff import Difference
from reconciler.specs.ignoring import Rules, conditions, resolve_rules
from reconciler.specs.resolve import selects_in_use
from tests.builders import a_catalog, a_field, desired_field, header, leaf, live, system, written


def rule(field="note", line=5, **more) -> IgnoreRule:
    given = {"reason": "by hand", "until": written("2026-12-31")}
    return IgnoreRule(
        field=written(field, line=line),
        ends=datetime(2027, 1, 1, tzinfo=UTC),
        at=Source("specs/i.yaml", line, 5),
        **{**given, **more},
    )


def spec(*rules, name="by-hand") -> IgnoreSpec:
    return IgnoreSpec(header=header(name, "specs/i.yaml"), rules=rules)


def rules(*some, catalog=None) -> Rules:
    found, problems = resolve_rules([spec(*some)], catalog or a_catalog())
    assert problems == ()
    return Rules(found)


def differences(**values):
    return tuple(Difference(desired_field(key, "wanted"), values[key]) for key in sorted(values))


def left(some: Rules, case) -> list[str]:
    """The ids of the fields of a case that rules leave alone, note and score differing."""
    return [entry.id for entry in some.split(case, differences(note="x", score=1.0))[1]]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        pytest.param(rule(), ["note"], id="every-case"),
        pytest.param(rule("Note"), ["note"], id="by-name"),
        pytest.param(rule("due"), [], id="another-field"),
        pytest.param(rule(case="c1"), ["note"], id="this-case"),
        pytest.param(rule(case="c2"), [], id="another-case"),
        pytest.param(rule(case="C1"), [], id="ids-are-exact"),
        pytest.param(rule(case="AB-7", by_reference=True), ["note"], id="by-reference"),
        pytest.param(rule(case="c1", by_reference=True), [], id="an-id-is-no-reference"),
        pytest.param(rule(when=leaf("status", "equals", "Open")), ["note"], id="when"),
        pytest.param(rule(when=leaf("status", "equals", "Closed")), [], id="when-not"),
        pytest.param(rule(case="c2", when=leaf("status", "empty", "false")), [], id="both"),
    ],
)
def test_a_rule_is_about_a_field_of_some_cases(one, expected):
    case = live("c1", status="open", reference_number="ab-7", note="x")
    assert left(rules(one), case) == expected


def test_what_is_left_alone_says_why_until_when_and_where():
    _, (entry,) = rules(rule("Note", line=9)).split(live("c1"), differences(note="x"))
    assert (entry.case_id, entry.id, entry.name) == ("c1", "note", "Note")
    assert (entry.reason, entry.until, entry.rule) == ("by hand", "2026-12-31", "by-hand")
    assert entry.source == Source("specs/i.yaml", 9, 5)


def test_the_first_rule_that_holds_is_told():
    some = rules(rule(line=5, case="c2"), rule(line=6), rule(line=7))
    _, (entry,) = some.split(live("c1"), differences(note="x"))
    assert entry.source.line == 6


def test_fields_that_decide_are_read_wherever_the_field_is():
    some = rules(
        rule(case="7", by_reference=True),
        rule("score", when=leaf("status", "equals", "open")),
        rule("score", when=leaf("VIP", "equals", "true")),
        rule("due"),
    )
    assert some.watching == {"note": ("reference_number",), "score": ("status", "vip")}
    assert Rules().watching == {}


def test_both_references_are_looked_at_where_a_domain_has_both():
    catalog = a_catalog([system("reference_number"), system("reference_id"), a_field("note")])
    some = rules(rule(case="7", by_reference=True), catalog=catalog)
    assert some.watching == {"note": ("reference_number", "reference_id")}
    assert left(some, live("c1", reference_id="7")) == ["note"]


@pytest.mark.parametrize(
    ("one", "code", "line", "hint"),
    [
        (rule("nota", line=9), "unknown-field", 9, 'did you mean "Note"'),
        (rule(when=leaf("statsu", "equals", "open")), "unknown-field", 7, "status"),
        (rule(when=leaf("status", "equals", "opne")), "unknown-option", 7, 'mean "Open"'),
        (rule(when=leaf("note", "at_least", "5")), "bad-operator", 7, "Number"),
        (rule(when=leaf("score", "equals", "many")), "not-a-number", 7, "4.5"),
    ],
)
def test_a_name_without_a_meaning_is_a_problem(one, code, line, hint):
    _, (problem,) = resolve_rules([spec(rule(), one)], a_catalog())
    assert (problem.code, problem.at.file, problem.at.line) == (code, "specs/i.yaml", line)
    assert hint in problem.hint


def test_values_of_sensitive_fields_are_not_shown():
    one = spec(rule(when=leaf("score", "equals", "4111-1111")))
    _, (problem,) = resolve_rules([one], a_catalog(), frozenset({"score"}))
    assert "4111" not in str(problem)


def test_options_are_read_for_the_fields_of_conditions():
    some = [spec(rule(when=leaf("priority", "equals", "High")), rule("status"))]
    assert selects_in_use(conditions(some), a_catalog()) == ("priority",)


SOME = st.builds(
    rule,
    st.sampled_from(["note", "Score", "due"]),
    case=st.sampled_from(["", "c1", "c2"]),
    when=st.sampled_from([None, leaf("vip", "equals", "true"), leaf("due", "empty", "true")]),
)
CASES = st.builds(
    live, st.sampled_from(["c1", "c2"]), vip=st.booleans(), due=st.sampled_from([None, "x"])
)


@given(st.lists(SOME), CASES, st.sets(st.sampled_from(["note", "score", "due", "link"])))
def test_every_difference_is_kept_or_left_alone_and_never_both(some, case, names):
    given = differences(**dict.fromkeys(names, "x"))
    kept, ignored = rules(*some).split(case, given)
    ids = [one.desired.field for one in kept]
    assert sorted([*ids, *(one.id for one in ignored)]) == [one.desired.field for one in given]
    assert ids == sorted(ids)


@given(st.lists(SOME), st.lists(SOME), CASES)
def test_more_rules_never_leave_less_alone(some, more, case):
    given = differences(note="x", score=1.0, due="y")
    few = {one.id for one in rules(*some).split(case, given)[1]}
    assert few <= {one.id for one in rules(*some, *more).split(case, given)[1]}
