"""A stamp says which plan wrote, from which commit, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.history.stamp import Stamp, read_stamp, stamp

digests = st.text("0123456789abcdef", min_size=64, max_size=64)
commits = st.just("") | st.text("0123456789abcdef", min_size=40, max_size=40)


@given(digest=digests, commit=commits, rollback=st.booleans())
def test_what_was_stamped_is_read_back(digest, commit, rollback):
    expected = Stamp(digest[:12], commit[:12], rollback)
    assert read_stamp(stamp(digest, commit, rollback=rollback)) == expected


def test_how_stamps_read():
    assert stamp("a" * 64, "b" * 40) == "reconcile:aaaaaaaaaaaa:bbbbbbbbbbbb"
    assert stamp("a" * 64, "") == "reconcile:aaaaaaaaaaaa:none"
    assert stamp("a" * 64, "", rollback=True) == "reconcile:aaaaaaaaaaaa:none:rollback"


@pytest.mark.parametrize(
    "entity",
    [
        "",
        "Router bot",
        "reconcile",
        "reconcile:aaaaaaaaaaaa",
        "reconcile:aaaaaaaaaaaa:--output=x",
        "reconcile:aaaaaaaaaaaa:HEAD",
        "reconcile:aaaaaaaaaaaa:none:rollforward",
        " reconcile:aaaaaaaaaaaa:none",
        "reconcile:aaaaaaaaaaaa:none\n",
        "arn:aws:connect:us-west-2:111122223333:instance/i/agent/a",
    ],
)
def test_anything_else_is_no_stamp(entity):
    assert read_stamp(entity) is None
