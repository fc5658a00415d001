"""Plans of several jobs become one; what does not belong together is told."""

from dataclasses import replace

import pytest

from reconciler.errors import ReconcilerError
from reconciler.model.plan import Mode
from reconciler.plan.joining import joined
from tests.builders import a_plan, case_change, target_plan

US = a_plan(target_plan(case_change("c1"), name="us"))
EU = a_plan(target_plan(case_change("c1"), name="eu"), target_plan(name="uk"))


def test_all_targets_are_in_one_plan_that_ends_with_the_first(tmp_path):
    later = replace(EU, created_at="2026-12-01T10:00:00Z", expires_at="2026-12-01T11:00:00Z")
    found = joined([US, later])
    assert [one.name for one in found.targets] == ["us", "eu", "uk"]
    assert found.created_at == US.created_at
    assert found.expires_at == "2026-12-01T11:00:00Z"
    assert found.changed_cases == 2


def test_a_part_of_a_plan_is_none_of_the_whole():
    assert joined([replace(US, part_of="0" * 64), EU]).part_of == ""
    assert not joined([US, replace(EU, vouched=False)]).vouched


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(EU, git=replace(EU.git, commit="f" * 40)), "of different commits"),
        (replace(EU, spec_digest="0" * 64), "differ in their specs"),
        (replace(EU, mode=Mode.BULK), "differ in their mode"),
        (replace(EU, rollback_of="0" * 64), "differ in their apply to roll back"),
        (US, "target us is in two of the plans"),
    ],
)
def test_what_does_not_belong_together_is_not_joined(other, said):
    with pytest.raises(ReconcilerError, match=said):
        joined([US, other])
