"""Specs that want what only somebody else's spec may change."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reconciler.config.model import OwnerRule
from reconciler.model.argument import as_flags, as_names
from reconciler.model.diagnostic import Source
from reconciler.model.ignore import IgnoreRule
from reconciler.model.spec import IgnoreSpec, SpecSet
from reconciler.specs.checking.owners import not_owners
from tests.builders import cases_spec, policy_spec, spec_case, spec_field, written

CARE = OwnerRule(owner="care-ops", specs=("specs/care/**",), fields=("note",))
PLATFORM = OwnerRule(owner="platform", fields=("status",))
RULES = (CARE, PLATFORM)


def of(spec, owner):
    return replace(spec, header=replace(spec.header, metadata={"owner": owner}))


def ignoring(field):
    rule = IgnoreRule(
        field=written(field, line=5, column=12),
        reason="r",
        until=written("2026-12-31"),
        ends=datetime(2027, 1, 1, tzinfo=UTC),
        at=Source("specs/a.yaml", 5, 5),
    )
    return IgnoreSpec(header=cases_spec().header, rules=(rule,))


def found(*specs, allowed=(), rules=RULES):
    wanting = tuple(one for one in specs if not isinstance(one, IgnoreSpec))
    ignores = tuple(one for one in specs if isinstance(one, IgnoreSpec))
    some = SpecSet(specs=wanting, digest="", files=(), ignores=ignores)
    return [(p.code, p.at.line, p.at.column) for p in not_owners(some, rules, allowed)]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param(cases_spec(spec_case(score="1")), [], id="free"),
        pytest.param(cases_spec(spec_case(note="x"), file="specs/care/a.yaml"), [], id="theirs"),
        pytest.param(of(cases_spec(spec_case(status="x")), "platform"), [], id="theirs-by-name"),
        pytest.param(cases_spec(spec_case(status="x")), [("not-owner", 7, 5)], id="nobodys"),
        pytest.param(cases_spec(spec_case(Status="x")), [("not-owner", 7, 5)], id="but-for-case"),
        pytest.param(policy_spec(status="x"), [("not-owner", 7, 5)], id="a-policys"),
        pytest.param(ignoring("status"), [("not-owner", 5, 12)], id="a-rules"),
        pytest.param(ignoring("score"), [], id="a-free-rules"),
        pytest.param(
            of(cases_spec(spec_case(score="1"), file="specs/care/a.yaml"), "platform"),
            [("not-owner", 3, 1)],
            id="anothers-file",
        ),
        pytest.param(
            of(cases_spec(spec_case(status="1"), file="specs/care/a.yaml"), "x"),
            [("not-owner", 3, 1), ("not-owner", 7, 5)],
            id="both",
        ),
    ],
)
def test_a_spec_that_wants_what_is_anothers_is_told_with_its_place(spec, expected):
    assert found(spec) == expected


def test_a_field_is_told_where_it_first_stands_however_often_it_does():
    fields = [spec_case(f"c{n}", status=spec_field("status", "x", line=10 + n)) for n in range(3)]
    assert found(cases_spec(*fields)) == [("not-owner", 10, 5)]


def test_what_an_owner_lets_pass_is_no_problem():
    spec = of(cases_spec(spec_case(status="1"), file="specs/care/a.yaml"), "x")
    assert len(found(spec, allowed=["care-ops"])) == 1
    assert found(spec, allowed=["care-ops", "platform"]) == []


def test_without_rules_nothing_is_anybodys():
    assert found(cases_spec(spec_case(status="x")), rules=()) == []


def test_a_problem_says_who_may_and_how_to_let_it_pass():
    some = SpecSet(specs=(cases_spec(spec_case(status="x")),), digest="", files=())
    (problem,) = not_owners(some, RULES, ())
    assert 'with no owner, and only specs of "platform" may' in problem.message
    assert problem.worded(as_names).hint.endswith("once: owners platform")
    assert problem.worded(as_flags).hint.endswith("once: --allow-owner platform")


def test_what_lets_a_spec_pass_is_nothing_that_a_shell_expands():
    some = SpecSet(specs=(cases_spec(spec_case(status="x")),), digest="", files=())
    (problem,) = not_owners(some, (OwnerRule(owner="$(id) x", fields=("status",)),), ())
    assert problem.worded(as_flags).hint.endswith("once: --allow-owner '$(id) x'")
