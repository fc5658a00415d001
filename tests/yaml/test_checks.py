"""The sentences that every check has in common."""

import pytest

from reconciler.model.source import Written
from reconciler.yaml.checks import as_count, described, listed, nearest
from reconciler.yaml.reader import ListNode, MapNode


def plain(text: str) -> Written:
    return Written(text, True, 1, 1)


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (MapNode(1, 1, {}), "a mapping"),
        (ListNode(1, 1, ()), "a list"),
        (plain("null"), "nothing"),
        (Written("null", False, 1, 1), '"null"'),
        (plain("a\x1b[1m\u202eb"), '"a\\x1b[1m\\u202eb"'),
        (plain("x" * 100), '"' + "x" * 59 + '…"'),
    ],
)
def test_what_was_found_is_named_and_cannot_harm_a_terminal(node, words):
    assert described(node) == words


def test_known_names_are_listed_as_in_a_sentence():
    assert listed(["a"]) == "`a`"
    assert listed(["a", "b", "c"]) == "`a`, `b` or `c`"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("kinds", "did you mean `kind`?"), ("KIND", "did you mean `kind`?"), ("zzz", "remove it")],
)
def test_the_nearest_known_name_is_offered_when_there_is_one(name, hint):
    assert nearest(name, ("kind", "target"), "remove it") == hint


@pytest.mark.parametrize(
    ("node", "count"),
    [
        (plain("0"), 0),
        (plain("999999999"), 999_999_999),
        (plain("1000000000"), None),
        (plain("-1"), None),
        (plain("1.0"), None),
        (plain("01"), None),
        (plain("١"), None),
        (Written("1", False, 1, 1), None),
        (None, None),
    ],
)
def test_a_count_is_a_plain_whole_number(node, count):
    assert as_count(node) == count
