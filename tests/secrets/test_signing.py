"""An HMAC says that nothing of a file was changed by anybody without the key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.secrets.signing import SIGNATURE, is_signed, signed, unsigned

KEY, OTHER = b"k" * 32, b"o" * 32
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
DATA = st.dictionaries(st.text(max_size=5).filter(lambda one: one != SIGNATURE), VALUES)


@given(DATA)
def test_what_is_signed_is_proven_by_the_same_key_alone(data):
    made = signed(data, KEY)
    assert is_signed(made, KEY)
    assert not is_signed(made, OTHER)
    assert unsigned(made) == data


@given(DATA, DATA)
def test_a_signature_is_of_this_data_and_of_no_other(data, other):
    moved = {**other, SIGNATURE: signed(data, KEY)[SIGNATURE]}
    same = [(key, type(one), one) for key, one in sorted(data.items())]
    assert is_signed(moved, KEY) is (
        same == [(key, type(one), one) for key, one in sorted(other.items())]
    )


@given(DATA)
def test_signing_again_changes_nothing_and_a_new_key_replaces_the_old_one(data):
    once = signed(data, KEY)
    assert signed(once, KEY) == once
    assert is_signed(signed(once, OTHER), OTHER)


def test_without_a_key_nothing_is_signed_and_no_old_signature_is_kept():
    assert signed({"a": 1, SIGNATURE: "x"}, None) == {"a": 1}


@pytest.mark.parametrize("signature", [None, 7, "", "x", "\udcff", ["a"], "é" * 64])
def test_what_is_no_signature_proves_nothing_and_is_no_error(signature):
    assert not is_signed({"a": 1, SIGNATURE: signature}, KEY)


def test_data_nested_deeper_than_any_of_ours_is_not_signed():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert not is_signed({"a": deep, SIGNATURE: "0" * 64}, KEY)
