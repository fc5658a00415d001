"""How a problem reads, and how a stranger's text is quoted in it."""

import pytest

from reconciler.model.diagnostic import Problem, Source, quoted


def test_a_problem_reads_place_code_message_and_hint():
    problem = Problem(Source("specs/vip.yaml", 7, 9), "unknown-field", "no such field", "see x")
    assert str(problem) == "specs/vip.yaml:7:9: unknown-field: no such field (see x)"


def test_a_problem_without_a_hint_has_no_brackets():
    assert str(Problem(Source("a.yaml"), "code", "message")) == "a.yaml:1:1: code: message"


def test_problems_sort_by_file_then_line_then_column():
    places = [("b", 1, 1), ("a", 10, 1), ("a", 9, 5), ("a", 9, 4)]
    problems = sorted(Problem(Source(*place), "c", "m") for place in places)
    assert [(p.at.file, p.at.line, p.at.column) for p in problems] == sorted(places)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain", '"plain"', id="plain"),
        pytest.param("a\x1b[31mb", '"a\\x1b[31mb"', id="escape-sequence"),
        pytest.param("a\u202eb", '"a\\u202eb"', id="bidi"),
        pytest.param("a\nb", '"a\\nb"', id="newline"),
        pytest.param("x" * 61, '"' + "x" * 59 + '…"', id="long"),
    ],
)
def test_text_from_a_file_is_quoted_short_and_visible(text, expected):
    assert quoted(text) == expected
