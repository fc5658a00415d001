"""A right refusal gives the right reason."""

import pytest

from reconciler.tables.file import read_csv
from reconciler.tables.rows import TableRules
from reconciler.yaml.checks import Page
from tests.specs.texts import CASES, read_text

MARKS = "<<<<<<< HEAD\n{0}\n=======\n{0}\n>>>>>>> theirs\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (CASES + "cases:\n" + MARKS.format("  - {id: a, fields: {x: 1}}"), "a.yaml"),
        (CASES + "cases:\n  - id: a\n    fields:\n" + MARKS.format("      x: 1"), "a.yaml"),
        (MARKS.format("kind: Cases") + CASES, "a.yaml"),
        (MARKS.format("kind: Cases").replace("\n", "\r\n"), "a.yaml"),
        ('{"kind": "Cases",\n' + MARKS.format('"metadata": {"name": "n"},') + "}", "a.json"),
    ],
)
def test_an_unfinished_merge_is_called_one(tmp_path, text, name):
    _, problems = read_text(tmp_path, text.encode(), name)
    line = text.replace("\r\n", "\n").split("\n").index("<<<<<<< HEAD") + 1
    assert ("merge-conflict", line) in [(one.code, one.at.line) for one in problems]


def test_an_unfinished_merge_of_a_table_is_called_one():
    problems = []
    text = "id,note\nc1,x\n" + MARKS.format("c2,y")
    list(read_csv(text, Page("t.csv", problems), TableRules()))
    assert [(one.code, one.at.line) for one in problems] == [("merge-conflict", 3)]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("- id: a\n  x\u00a0y\n  b: 1", "U+00A0"),
        ("- id: a\n\u00a0 b: 1: 2", "U+00A0"),
        ("- id: a\n  b: \ufeff'c: d': e", "U+FEFF"),
    ],
)
def test_a_character_that_cannot_be_seen_is_named_where_yaml_breaks_off(tmp_path, line, name):
    _, problems = read_text(tmp_path, (CASES + f"cases:\n{line}\n").encode())
    [problem] = [one for one in problems if one.code == "yaml-syntax"]
    assert name in problem.hint


@pytest.mark.parametrize("text", ["*bold* x", "**", "& co", "* item"])
def test_text_that_begins_like_an_alias_needs_quotes(tmp_path, text):
    _, problems = read_text(tmp_path, CASES + f"cases:\n- id: a\n  fields: {{x: 1}}\n  y: {text}\n")
    [problem] = [one for one in problems if one.code == "yaml-syntax"]
    assert (problem.at.line, problem.at.column) == (7, 6)
    assert problem.hint.startswith("put quotes around the text")
