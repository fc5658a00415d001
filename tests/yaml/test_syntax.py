"""What an author is told when YAML cannot go on reading."""

import pytest

from reconciler.yaml.syntax import in_our_words, with_unseen
from tests.specs.texts import read_text


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "hint"),
    [
        pytest.param("a: b: c", 1, 5, "a second `: `", "quotes", id="colon-in-text"),
        pytest.param("a: 1\n b: 2", 2, 3, "a second `: `", "indentation", id="key-too-far-in"),
        pytest.param("a:\n\tb: 1", 2, 1, "a tab", "indent with spaces", id="tab"),
        pytest.param("a:\n - b: 1\n\tc: 2", 3, 1, "a tab", "indent with spaces", id="tab-in-list"),
        pytest.param("a: @b", 1, 4, "cannot begin a value", "quotes", id="at-sign"),
        pytest.param("a: `b`", 1, 4, "cannot begin a value", "quotes", id="backtick"),
        pytest.param('x: 1\na: "b\nc: d\n', 2, 4, "never closed", "close it", id="open-quote"),
        pytest.param("a: 'b\n---\n", 1, 4, "never closed", "close it", id="quote-over-documents"),
        pytest.param("a: [b\nc: d", 1, 4, "`[` list", "close the list", id="open-list"),
        pytest.param("a: {b: 1", 1, 4, "`{` mapping", "close the mapping", id="open-mapping"),
        pytest.param('{"a" 1}', 1, 1, "`{` mapping", "with a space", id="json-without-colon"),
        pytest.param("- a\nb: 1", 2, 1, "next `- `", "same column", id="list-then-mapping"),
        pytest.param('a: "x" y', 1, 8, "next key", "same column", id="text-after-quotes"),
        pytest.param("a: 1\nb\nc: 2", 2, 1, "without `:`", "same column", id="no-colon"),
        pytest.param("a: - b", 1, 4, "inside a line", "its own line", id="list-inside-a-line"),
        pytest.param('a: "\\q"', 1, 5, "backslash", "single quotes", id="unknown-escape"),
        pytest.param('a: "\\xzz"', 1, 7, "backslash", "two backslashes", id="not-hexadecimal"),
        pytest.param("a: ]", 1, 4, "where a value was expected", "remove it", id="stray-bracket"),
        pytest.param("{a: 1}}", 1, 7, "after the end", "extra bracket", id="extra-bracket"),
        pytest.param("%YAML 2.0\n---\na: 1", 1, 1, "%YAML", "remove", id="yaml-2"),
        pytest.param("a: | b\n  c", 1, 6, "on the line of `|`", "next line", id="text-after-bar"),
        pytest.param("a: *\n", 1, 4, "begins with `*`", "put quotes", id="no-alias"),
        pytest.param("%TAG x y\n---\n", 1, 6, "YAML does not allow", "look at", id="anything-else"),
    ],
)
def test_a_syntax_error_is_one_problem_in_an_authors_words(
    tmp_path, text, line, column, message, hint
):
    _, problems = read_text(tmp_path, text)
    (problem,) = [problem for problem in problems if problem.code == "yaml-syntax"]
    assert (problem.at.line, problem.at.column) == (line, column)
    assert message in problem.message
    assert hint in problem.hint


def test_a_reason_without_words_of_ours_is_quoted():
    assert "some new reason" in in_our_words("some new reason").message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cases:\n  – id: a\n    x: b\n", "line 2, column 3 holds an en dash (–)"),
        ("cases:\n  — id: a\n    x: b\n", "line 2, column 3 holds an em dash (—)"),
        ("cases:\n  • id: a\n    x: b\n", "line 2, column 3 holds a bullet (•)"),
        ("cases:\n  −\u00a0id: a\n    x: b\n", "line 2, column 3 holds a minus sign (−)"),
        ("cases:\n  -\u00a0id: a\n    x: b\n", "line 2, column 4 holds a blank that is no space"),
        ("cases:\n\u00a0\u00a0- id: a\n    x: b\n", "line 2, column 1 holds a blank that is no"),
        ("a: “b: c”\n", "line 1, column 4 holds a typographic quote (“)"),
        ("“a: b”: c: d\n", "line 1, column 1 holds a typographic quote (“)"),
        ("a:\n  - „b: c: d“\n", "line 2, column 5 holds a typographic quote („)"),
    ],
)
def test_what_a_text_editor_made_of_a_mark_is_named_where_yaml_breaks_off(text, said):
    found = with_unseen("hint", text, text.count("\n"))
    assert found.startswith(said)
    assert "write " in found


@pytest.mark.parametrize(
    "text", ["a: b – c: d\n", "a: it’s: b\n", "# “a”\nb: c: d\n", "- –1: 2: 3\n"]
)
def test_a_mark_within_text_is_no_explanation(text):
    assert with_unseen("hint", text, text.count("\n")) == "hint"
