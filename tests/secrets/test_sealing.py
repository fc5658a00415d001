"""A seal tells equal values from different ones, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.plan import Sealed
from reconciler.secrets.sealing import Sealer

values = st.text(st.characters(), min_size=1) | st.booleans() | st.floats(allow_nan=False)
SEALER = Sealer(b"key", frozenset({"note", "card"}))


def test_values_of_other_fields_are_shown():
    assert SEALER.show("priority", "High") == "High"


def test_empty_is_never_a_secret():
    assert SEALER.show("note", None) is None


@given(values)
def test_a_seal_shows_nothing_of_the_value(value):
    seal = SEALER.show("note", value)
    assert isinstance(seal, Sealed)
    assert len(seal.digest) == 64
    assert set(seal.digest) <= set("0123456789abcdef")


@given(values, values)
def test_equal_values_of_one_field_have_equal_seals_and_others_have_not(one, other):
    same = (one, type(one)) == (other, type(other))
    assert (SEALER.show("note", one) == SEALER.show("note", other)) is same or one == other == 0.0


def test_one_value_in_two_fields_has_two_seals():
    assert SEALER.show("note", "x") != SEALER.show("card", "x")


def test_another_key_makes_another_seal():
    assert Sealer(b"other", frozenset({"note"})).show("note", "x") != SEALER.show("note", "x")


def test_the_vault_finds_a_value_by_its_seal():
    vault = SEALER.vault([("note", "x"), ("card", 5.0), ("priority", "High"), ("note", None)])
    assert vault == {
        SEALER.show("note", "x").digest: "x",
        SEALER.show("card", 5.0).digest: 5.0,
    }


@pytest.mark.parametrize("value", ["x", "日本", "a\ud800b", 1e300])
def test_any_value_can_be_sealed(value):
    assert isinstance(SEALER.show("note", value), Sealed)
