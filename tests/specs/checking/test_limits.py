"""A policy that asks for more than the config gives is told, before anything is planned."""

from pathlib import Path

import pytest

from reconciler.config.model import Config, Limits
from reconciler.specs.checking.limits import generous
from tests.builders import a_target, cases_spec, policy_spec, spec_case


def config(**most):
    return Config(
        root=Path("/repo"),
        path=None,
        specs=Path("/repo/specs"),
        targets={
            name: a_target(name, limits=Limits(policy_cases=number))
            for name, number in most.items()
        },
        default_target=next(iter(most)),
    )


def test_a_limit_above_the_configs_is_told_with_both_numbers():
    [warning] = generous([policy_spec(case_limit=5_000)], config(prod=1_000), ())
    assert warning.code == "limit-above-config"
    assert "5,000" in warning.message
    assert "1,000" in warning.message
    assert warning.at.file == "specs/p.yaml"


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(policy_spec(case_limit=1_000), id="as-large"),
        pytest.param(policy_spec(), id="none-of-its-own"),
        pytest.param(cases_spec(spec_case(note="x")), id="no-policy"),
    ],
)
def test_there_is_nothing_to_tell(spec):
    assert list(generous([spec], config(prod=1_000), ())) == []


def test_only_the_targets_that_are_asked_for_are_told_of():
    spec = policy_spec(case_limit=5_000)
    assert list(generous([spec], config(prod=1_000, other=1), ["other"])) == []
