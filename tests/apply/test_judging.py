"""What the case holds right before a write decides whether it is written."""

import pytest

from reconciler.apply.judging import judge
from reconciler.secrets.sealing import Sealer
from tests.builders import field_change, live

OPEN = Sealer(b"", frozenset())


@pytest.mark.parametrize(
    ("held", "to_write", "conflicts"),
    [
        pytest.param({"note": "old"}, ["note"], [], id="as-planned"),
        pytest.param({"note": "new"}, [], [], id="already-done"),
        pytest.param({"note": "other"}, [], ["note"], id="somebody-else-was-there"),
        pytest.param({}, [], ["note"], id="somebody-emptied-it"),
    ],
)
def test_one_field(held, to_write, conflicts):
    verdict = judge([field_change("note", "old", "new")], live(**held), OPEN)
    assert [entry.id for entry in verdict.to_write] == to_write
    assert [conflict.field for conflict in verdict.conflicts] == conflicts


TWO = [field_change("due", None, "2026-12-01T09:00:00Z"), field_change("note", "old", "new")]


def test_of_two_fields_the_one_already_done_is_not_written_again():
    verdict = judge(TWO, live(note="new"), OPEN)
    assert [entry.id for entry in verdict.to_write] == ["due"]


def test_one_conflict_keeps_the_whole_case_from_being_written():
    verdict = judge(TWO, live(note="other"), OPEN)
    assert verdict.to_write == ()
    [conflict] = verdict.conflicts
    assert (conflict.before, conflict.after, conflict.live) == ("old", "new", "other")


def test_sealed_values_are_compared_by_their_seals_and_stay_sealed():
    sealer = Sealer(b"key", frozenset({"note"}))
    change = field_change("note", sealer.show("note", "old"), sealer.show("note", "new"))
    assert judge([change], live(note="old"), sealer).to_write == (change,)
    assert judge([change], live(note="new"), sealer).to_write == ()
    [conflict] = judge([change], live(note="secret"), sealer).conflicts
    assert conflict.live == sealer.show("note", "secret")
    assert "secret" not in str(conflict)
