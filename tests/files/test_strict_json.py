"""JSON means one thing, or is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.files.strict_json import strict_json

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
DATA = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(DATA)
def test_whatever_json_can_say_is_read_as_it_is(data):
    assert strict_json(json.dumps(data).encode()) == data


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"a": 1, "a": 2}', "a key stands twice"),
        (b'[{"b": {"a": 1, "\\u0061": 1}}]', "a key stands twice"),
        (b"NaN", "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b"1e999", "1e999 is too large a number"),
        (b"[-1e400]", "-1e400 is too large"),
        (b"{'a': 1}", "Expecting property name"),
        (b'"\xff"', "can't decode"),
        (b"", "Expecting value"),
        (b"1 2", "Extra data"),
    ],
)
def test_what_means_two_things_or_none_is_refused(raw, said):
    with pytest.raises(ValueError, match=said):
        strict_json(raw)
