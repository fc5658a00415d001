"""Which mistakes show only when all specs and the config are seen together."""

from pathlib import Path

import pytest

from reconciler.config.model import Config, Target
from reconciler.model.catalog import READ_ONLY
from reconciler.model.condition import Select
from reconciler.model.diagnostic import Source
from reconciler.model.source import Written
from reconciler.model.spec import (
    CasesSpec,
    Header,
    OnlyIf,
    PolicySpec,
    SpecCase,
    SpecField,
    SpecSet,
)
from reconciler.specs.checking.lint import lint


def written(text: str, plain: bool = True, line: int = 1) -> Written:
    return Written(text, plain, line, 20)


def field(name: str, value: str | Written, line: int = 5, only_if: OnlyIf | None = None):
    value = value if isinstance(value, Written) else written(value, line=line)
    return SpecField(name, value, only_if, line, 7)


def case(key: str, *fields: SpecField, by_reference: bool = False) -> SpecCase:
    return SpecCase(key, by_reference, fields, 3, 5)


def header(name: str, targets: tuple[str, ...], file: str) -> Header:
    return Header(
        at=Source(file),
        name=name,
        targets=targets,
        name_at=Source(file, 2, 9),
        targets_at=tuple(Source(file, 4, 1 + position) for position in range(len(targets))),
    )


def cases(name: str, *named: SpecCase, targets: tuple[str, ...] = (), file: str = "") -> CasesSpec:
    return CasesSpec(header=header(name, targets, file or f"{name}.yaml"), cases=named)


def policy(name: str, *fields: SpecField, targets: tuple[str, ...] = ()) -> PolicySpec:
    return PolicySpec(header=header(name, targets, f"{name}.yaml"), select=Select(), fields=fields)


def found(*specs, targets=("demo", "prod"), default="demo", chosen=None) -> list[tuple]:
    config = Config(
        root=Path("/r"),
        path=Path("/r/reconcile.yaml"),
        specs=Path("/r/specs"),
        targets={name: Target(name=name, domain="d") for name in targets},
        default_target=default,
    )
    problems = lint(SpecSet(specs=specs, digest="", files=()), config, chosen)
    assert list(problems) == sorted(set(problems))
    assert all(problem.message.startswith("found ") and problem.hint for problem in problems)
    return [(problem.code, str(problem.at)) for problem in problems]


def messages(*specs, **options) -> str:
    config = Config(
        root=Path("/r"),
        path=None,
        specs=Path("/r/specs"),
        targets={name: Target(name=name, domain="d") for name in ("demo", "prod")},
        default_target="demo",
    )
    problems = lint(SpecSet(specs=specs, digest="", files=()), config, options.get("chosen"))
    return "\n".join(map(str, problems))


def test_good_specs_and_no_specs_have_no_problems():
    assert found() == []
    assert found(cases("a", case("1", field("x", "1"))), policy("b", field("x", "2"))) == []


def test_a_target_must_be_one_of_the_config():
    spec = cases("a", targets=("demo", "prdo"))
    assert found(spec) == [("unknown-target", "a.yaml:4:2")]
    assert '"prod"' in messages(spec)


def test_a_spec_without_a_target_needs_a_default_one():
    assert found(cases("a"), default=None) == [("missing-target", "a.yaml:1:1")]
    assert found(cases("a", targets=("prod",)), default=None) == []


def test_two_specs_of_one_name_are_refused_naming_both_places():
    first, second = cases("n", file="a.yaml"), policy("n")
    assert found(first, second) == [("repeated-name", "n.yaml:2:9")]
    assert "a.yaml:2:9" in messages(first, second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(field("x", "1"), field("x", "2", 9), id="text"),
        pytest.param(field("x", "null"), field("x", written("null", plain=False), 9), id="null"),
        pytest.param(field("x", "1"), field("x", "1", 9, OnlyIf(empty=True)), id="only-if"),
        pytest.param(
            field("x", "1", 5, OnlyIf(empty=False, values=(written("a"),))),
            field("x", "1", 9, OnlyIf(empty=False, values=(written("b"),))),
            id="only-if-values",
        ),
    ],
)
def test_one_field_of_one_case_set_to_different_values_is_refused(one, other):
    first, second = cases("a", case("1", one)), cases("b", case("1", other))
    assert found(first, second) == [("conflicting-values", "b.yaml:9:7")]
    assert "a.yaml:5:7" in messages(first, second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(field("x", "1"), field("x", written("1", plain=False), 9), id="quotes"),
        pytest.param(field("x", "null"), field("x", "~", 9), id="null"),
        pytest.param(
            field("x", "1", 5, OnlyIf(empty=True, values=(written("a"), written("b")))),
            field("x", "1", 9, OnlyIf(empty=True, values=(written("b"), written("a")))),
            id="only-if",
        ),
        pytest.param(field("x", "1"), field("y", "2", 9), id="other-field"),
        pytest.param(field("x", "1"), field("X", "2", 9), id="other-case-of-letters"),
    ],
)
def test_the_same_value_twice_is_fine(one, other):
    assert found(cases("a", case("1", one)), cases("b", case("1", other))) == []


def test_values_are_compared_within_one_target_and_one_way_of_naming():
    one, other = case("1", field("x", "1")), case("1", field("x", "2", 9))
    by_reference = case("1", field("x", "3"), by_reference=True)
    assert found(cases("a", one), cases("b", other, targets=("prod",))) == []
    assert found(cases("a", one), cases("b", by_reference)) == []
    both = cases("b", other, targets=("prod", "demo"))
    assert found(cases("a", one), both) == [("conflicting-values", "b.yaml:9:7")]


def test_a_case_twice_in_one_spec_is_compared_too():
    spec = cases("a", case("1", field("x", "1")), case("1", field("x", "2", 9)))
    assert found(spec) == [("conflicting-values", "a.yaml:9:7")]


def test_a_conflict_over_defaults_names_the_default():
    shared = field("x", "0", 2)
    first = cases("a", case("1", shared), case("2", shared))
    second = cases("b", case("2", field("x", "1", 9)), case("2", shared))
    assert found(first, second) == [
        ("conflicting-values", "b.yaml:9:7"),
    ]


def test_policies_may_say_something_else_than_cases():
    assert found(cases("a", case("1", field("x", "1"))), policy("b", field("x", "2"))) == []


def test_values_are_never_shown():
    first = cases("a", case("1", field("x", "secret-1")))
    assert "secret" not in messages(first, cases("b", case("1", field("x", "secret-2", 9))))


@pytest.mark.parametrize("name", sorted(READ_ONLY))
def test_fields_that_only_the_service_writes_are_refused(name):
    assert found(cases("a", case("1", field(name, "x")))) == [("read-only-field", "a.yaml:5:7")]
    assert found(policy("a", field(name, "x"))) == [("read-only-field", "a.yaml:5:7")]


def test_a_title_may_be_set_and_not_cleared():
    assert found(cases("a", case("1", field("title", "x")))) == []
    assert found(cases("a", case("1", field("title", "null")))) == [
        ("required-field", "a.yaml:5:7")
    ]
    assert found(policy("a", field("title", ""))) == [("required-field", "a.yaml:5:7")]


def test_fields_are_checked_for_the_chosen_targets_alone():
    wrong = cases("a", case("1", field("title", "null")), targets=("prod",))
    assert found(wrong, chosen=["demo"]) == []
    assert found(wrong, chosen=["prod"]) == [("required-field", "a.yaml:5:7")]
    assert found(cases("b", targets=("x",)), chosen=["demo"]) == [("unknown-target", "b.yaml:4:1")]
