"""A diff of lines says exactly how one text becomes the other, however many lines differ."""

import difflib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.files.line_diff import changes, unified

LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d 1\n", "d 2\n", "d 3\n"]), max_size=30)


def patched(old, diff):
    """The old text with a unified diff carried out on it, each line of it looked at."""
    made, at = [], 0
    for line in diff[2:]:
        if match := re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n", line):
            start = int(match[1]) - (match[2] != "0")
            made += old[at:start]
            at = start
            assert len(made) == int(match[3]) - (match[4] != "0")
        elif line[0] == "+":
            made.append(line[1:])
        else:
            assert old[at] == line[1:]
            made += [] if line[0] == "-" else [old[at]]
            at += 1
    return made + old[at:]


@given(LINES, LINES)
def test_a_diff_carried_out_gives_the_new_text(old, new):
    assert patched(old, list(unified(old, new, "a", "b"))) == new


@given(LINES)
def test_nothing_is_said_of_texts_that_are_the_same(lines):
    assert list(unified(lines, lines, "a", "b")) == []


@given(LINES, LINES)
def test_nothing_is_replaced_by_the_same(old, new):
    for a, x, b, y in changes(old, new):
        assert old[a:x] != new[b:y]


@pytest.mark.parametrize("at", [0, 1, 5, 18, 19])
def test_one_changed_line_is_shown_as_difflib_shows_it(at):
    old = [f"line {number}\n" for number in range(20)]
    new = [*old[:at], "another\n", *old[at + 1 :]]
    assert list(unified(old, new, "a", "b")) == list(difflib.unified_diff(old, new, "a", "b"))


def test_every_second_case_of_a_long_file_may_differ():
    old = [line for n in range(20_000) for line in (f"- id: {n}\n", "  fields: {severity: Low}\n")]
    new = list(old)
    new[1::4] = ["  fields: {severity: High}\n"] * 10_000
    diff = list(unified(old, new, "a", "b"))
    assert sum(line.startswith("+ ") for line in diff) == 10_000
    assert patched(old, diff) == new
