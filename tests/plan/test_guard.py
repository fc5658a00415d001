"""Which plans are refused, with which numbers, and which flag lets them through."""

import pytest

from reconciler.config.model import Limits
from reconciler.plan.guard import Allowances, blockers, flag_of
from tests.builders import case_change, field_change, target_plan


def plan(count, *fields, managed=1_000, **more):
    changes = [case_change(f"c{number}", *fields) for number in range(count)]
    return target_plan(*changes, managed=managed, **more)


def tripped(target, limits=None, allowed=None):
    return blockers(target, limits or Limits(), allowed or Allowances())


CLEAR = field_change("note", "old", None)
BY_POLICY = field_change("note", "old", "new", policy="p")


@pytest.mark.parametrize(
    ("target", "limits", "guard", "found", "limit", "override"),
    [
        pytest.param(plan(101), Limits(), "cases", 101, 100, "--allow-cases 101", id="cases"),
        pytest.param(plan(1), Limits(cases=0), "cases", 1, 0, "--allow-cases 1", id="no-cases"),
        pytest.param(plan(11, CLEAR), Limits(), "clears", 11, 10, "--allow-clears 11", id="clears"),
        pytest.param(
            plan(31, managed=100),
            Limits(percent=30),
            "percent",
            31.0,
            30,
            "--allow-percent 31",
            id="percent",
        ),
        pytest.param(
            plan(1, managed=30),
            Limits(percent=3),
            "percent",
            3.33,
            3,
            "--allow-percent 4",
            id="percent-with-a-fraction",
        ),
        pytest.param(
            plan(20, managed=20),
            Limits(percent=99.5),
            "percent",
            100.0,
            99.5,
            "--allow-percent 100",
            id="all-of-them",
        ),
        pytest.param(
            plan(3), Limits(fields={"note": 2}), "field", 3, 2, "--allow-field note=3", id="field"
        ),
        pytest.param(
            plan(3),
            Limits(fields={"Note": 2}),
            "field",
            3,
            2,
            "--allow-field Note=3",
            id="field-by-name",
        ),
        pytest.param(
            plan(3), Limits(fields={"NOTE": 2}), "field", 3, 2, "--allow-field note=3", id="by-case"
        ),
        pytest.param(
            plan(3, field_change("reference_number")),
            Limits(fields={"Reference number": 2}),
            "field",
            3,
            2,
            '--allow-field "Reference number=3"',
            id="a-name-with-a-space-is-quoted",
        ),
        pytest.param(
            plan(6, BY_POLICY, policy_limits={"p": 5}),
            Limits(),
            "policy-cases",
            6,
            5,
            "--allow-cases 6",
            id="a-policys-own-limit",
        ),
    ],
)
def test_a_guard_says_what_it_found_and_the_exact_flag(
    target, limits, guard, found, limit, override
):
    [blocker] = tripped(target, limits)
    assert (blocker.guard, blocker.found, blocker.limit) == (guard, found, limit)
    assert flag_of(blocker) == override
    assert "prod" in blocker.scope
    numbers = blocker.message.replace(",", "")
    assert f"{limit:g}" in numbers
    assert (f"{found:.1f}" if guard == "percent" else f"{found}") in numbers


@pytest.mark.parametrize(
    ("target", "limits", "allowed"),
    [
        pytest.param(plan(100), Limits(), Allowances(), id="a-hundred-cases"),
        pytest.param(plan(10, CLEAR), Limits(), Allowances(), id="ten-clears"),
        pytest.param(plan(101), Limits(), Allowances(cases=101), id="cases-allowed"),
        pytest.param(plan(11, CLEAR), Limits(), Allowances(clears=11), id="clears-allowed"),
        pytest.param(
            plan(31, managed=100), Limits(percent=30), Allowances(percent=31), id="percent-allowed"
        ),
        pytest.param(plan(30, managed=100), Limits(percent=30), Allowances(), id="percent-reached"),
        pytest.param(
            plan(9, managed=9), Limits(percent=1), Allowances(), id="percent-of-nine-says-nothing"
        ),
        pytest.param(plan(100, managed=100), Limits(), Allowances(), id="no-percent-by-default"),
        pytest.param(
            plan(3), Limits(fields={"note": 2}), Allowances(fields={"note": 3}), id="field-allowed"
        ),
        pytest.param(
            plan(3),
            Limits(fields={"note": 2}),
            Allowances(fields={"Note": 3}),
            id="field-allowed-by-name",
        ),
        pytest.param(plan(3), Limits(fields={"score": 2}), Allowances(), id="another-field"),
        pytest.param(
            plan(200, BY_POLICY, policy_limits={"p": 500}),
            Limits(),
            Allowances(),
            id="a-policy-with-a-limit-of-its-own-does-not-count-as-general",
        ),
        pytest.param(
            plan(6, BY_POLICY, policy_limits={"p": 5}),
            Limits(),
            Allowances(cases=6),
            id="policy-cases-allowed",
        ),
        pytest.param(
            plan(1, BY_POLICY, policy_limits={"q": 0}), Limits(), Allowances(), id="another-policy"
        ),
    ],
)
def test_what_is_within_its_limits_passes(target, limits, allowed):
    assert tripped(target, limits, allowed) == ()


def test_percent_counts_from_ten_managed_cases():
    assert [o.guard for o in tripped(plan(1, managed=10), Limits(percent=9))] == ["percent"]


def test_a_flag_can_also_tighten_a_guard():
    assert [o.guard for o in tripped(plan(6), allowed=Allowances(cases=5))] == ["cases"]
    assert [o.guard for o in tripped(plan(6), allowed=Allowances(fields={"note": 5}))] == ["field"]


def test_a_flag_lifts_its_own_guard_and_no_other():
    limits = Limits(cases=1, clears=1, percent=1, fields={"note": 1})
    target = plan(20, CLEAR, managed=100)
    assert [o.guard for o in tripped(target, limits)] == ["cases", "percent", "clears", "field"]
    generous = {"cases": 20, "percent": 20.0, "clears": 20, "fields": {"note": 20}}
    for name, value in generous.items():
        left = [o.guard for o in tripped(target, limits, Allowances(**{name: value}))]
        assert len(left) == 3
        assert name.rstrip("s") not in [guard.rstrip("s") for guard in left]


def test_what_every_objection_asks_for_lifts_all_of_them():
    limits = Limits(cases=1, clears=1, percent=1, fields={"note": 1})
    target = plan(7, CLEAR, managed=30)
    flags = dict(flag_of(o).split(" ", 1) for o in tripped(target, limits))
    name, number = flags["--allow-field"].split("=")
    allowed = Allowances(
        cases=int(flags["--allow-cases"]),
        percent=float(flags["--allow-percent"]),
        clears=int(flags["--allow-clears"]),
        fields={name: int(number)},
    )
    assert tripped(target, limits, allowed) == ()


def test_a_case_that_a_policy_and_a_named_spec_change_counts_for_both():
    both = case_change("c1", field_change("due", None, "2026-12-01T09:00:00Z"), BY_POLICY)
    target = target_plan(both, policy_limits={"p": 0})
    assert [o.guard for o in tripped(target, Limits(cases=0))] == ["cases", "policy-cases"]


def test_each_policy_is_counted_alone():
    one = [case_change(f"a{n}", field_change(policy="p")) for n in range(3)]
    two = [case_change(f"b{n}", field_change(policy="q")) for n in range(3)]
    target = target_plan(*one, *two, policy_limits={"p": 2, "q": 3})
    assert [o.scope for o in tripped(target)] == ["prod, policy p"]


def of_policies(**counts):
    return [
        case_change(f"{name}{number}", field_change(policy=name))
        for name, count in counts.items()
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("own", "limits", "found", "limit"),
    [
        pytest.param(10**9, Limits(), 1_001, 1_000, id="a-thousand-by-default"),
        pytest.param(2_000, Limits(policy_cases=1_000), 1_001, 1_000, id="the-configs-is-smaller"),
        pytest.param(500, Limits(policy_cases=1_000), 501, 500, id="the-policys-is-smaller"),
        pytest.param(5, Limits(policy_cases=0), 1, 0, id="none-at-all"),
    ],
)
def test_a_policys_own_limit_lifts_nothing_beyond_the_configs(own, limits, found, limit):
    target = target_plan(*of_policies(p=found), policy_limits={"p": own})
    assert [(o.guard, o.found, o.limit) for o in tripped(target, limits)] == [
        ("policy-cases", found, limit)
    ]
    assert tripped(target_plan(*of_policies(p=limit), policy_limits={"p": own}), limits) == ()


def test_many_policies_lift_no_more_than_one():
    target = target_plan(*of_policies(p=6, q=6), policy_limits={"p": 10, "q": 10})
    [blocker] = tripped(target, Limits(policy_cases=11))
    assert blocker.message == (
        "all policies with a limit of their own would change 12 cases, and at most 11 may"
    )
    assert tripped(target, Limits(policy_cases=12)) == ()
    assert tripped(target, Limits(policy_cases=11), Allowances(cases=12)) == ()


def test_a_field_that_goes_by_many_names_counts_once_for_each_case():
    changes = [case_change(f"c{n}", field_change(name=f"Note {n}")) for n in range(3)]
    [blocker] = tripped(target_plan(*changes), Limits(fields={"note": 2}))
    assert blocker.found == 3


def test_large_numbers_are_readable():
    [blocker] = tripped(plan(1_200), Limits(cases=1_000))
    assert blocker.message == "1,200 cases would change, and at most 1,000 may"
