"""How the fields of a case are written."""

import pytest

from reconciler.model.source import Written
from reconciler.model.spec import OnlyIf, SpecField
from tests.specs.texts import CASES, good, read_text, refused

HEAD = CASES + "cases:\n- id: a\n  fields:\n"
FIRST = 7  # the line of the first field below HEAD


def fields(folder, text) -> dict[str, SpecField]:
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    (case,) = good(folder, HEAD + lines).cases
    return {field.name: field for field in case.fields}


@pytest.mark.parametrize("text", ["null", "null # nothing", "{value: null}"])
def test_a_field_is_cleared_by_a_written_null_alone(tmp_path, text):
    assert fields(tmp_path, f"note: {text}")["note"].value.is_null


@pytest.mark.parametrize(
    "text", ['"null"', "'~'", '"NULL"', "nil", "|\n  null", "Nil", "NaN", "-.inf"]
)
def test_a_quoted_null_is_text_and_other_words_are_theirs(tmp_path, text):
    assert not fields(tmp_path, f"note: {text}")["note"].value.is_null


@pytest.mark.parametrize(
    "text", ["NO", "on", "012", "1:30", "2026-01-02", "1e3", ".nan", "Infinity", "=", "0x1F"]
)
def test_a_value_keeps_the_characters_that_yaml_would_guess_away(tmp_path, text):
    value = fields(tmp_path, f"note: {text}")["note"].value
    assert (value.text, value.plain) == (text, True)


def test_names_and_values_know_their_places(tmp_path):
    found = fields(tmp_path, "note: x\n'Card number':\n  '12'\nlast: {value: y}")
    assert found["note"] == SpecField("note", Written("x", True, 7, 11), None, 7, 5)
    assert found["Card number"] == SpecField("Card number", Written("12", False, 9, 7), None, 8, 5)
    assert found["last"] == SpecField("last", Written("y", True, 10, 19), None, 10, 5)


def test_the_same_layout_in_another_case_has_places_of_its_own(tmp_path):
    text = CASES + "cases:\n- id: a\n  fields: {x: 1}\n\n- id: b\n  fields: {x: 1}\n"
    first, second = (case.fields[0] for case in good(tmp_path, text).cases)
    assert (first.line, first.value.line) == (6, 6)
    assert (second.line, second.value.line) == (9, 9)
    assert first != second


@pytest.mark.parametrize(
    ("only_if", "empty", "texts"),
    [
        ("empty", True, []),
        ("'empty'", True, []),
        ("[Low, 'Medium']", False, ["Low", "Medium"]),
        ("[null, Low]", True, ["Low"]),
        ("[null]", True, []),
        ("['null', '~']", False, ["null", "~"]),
    ],
)
def test_only_if_says_which_live_values_may_be_replaced(tmp_path, only_if, empty, texts):
    field = fields(tmp_path, f"severity: {{value: High, only_if: {only_if}}}")["severity"]
    assert field.value.text == "High"
    assert field.only_if is not None
    assert field.only_if.empty is empty
    assert [written.text for written in field.only_if.values] == texts


def test_only_if_empty_is_held_once_for_all_cases(tmp_path):
    found = fields(tmp_path, "a: {value: 1, only_if: empty}\nb: {only_if: empty, value: null}")
    assert found["a"].only_if is found["b"].only_if == OnlyIf(empty=True)
    assert found["b"].value.is_null


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "hint"),
    [
        pytest.param("note: Null", "ambiguous-null", 7, 11, '"Null" for the text', id="Null"),
        pytest.param("note: NULL", "ambiguous-null", 7, 11, "write null to clear", id="NULL"),
        pytest.param("n: {value: NULL}", "ambiguous-null", 7, 16, "to clear", id="long-NULL"),
        pytest.param(
            "n: {value: 1, only_if: [Null]}", "ambiguous-null", 7, 29, "to clear", id="if-NULL"
        ),
        pytest.param("note: [a]", "wrong-shape", 7, 11, "one value", id="list"),
        pytest.param("note:\n  - a", "wrong-shape", 8, 7, "one value", id="block-list"),
        pytest.param("n: {value: [a]}", "wrong-shape", 7, 16, "one value", id="long-list"),
        pytest.param("n: {value: {a: b}}", "wrong-shape", 7, 16, "one value", id="long-mapping"),
        pytest.param("n: {}", "missing-key", 7, 8, "add `value: ...`", id="empty-mapping"),
        pytest.param("n: {only_if: empty}", "missing-key", 7, 8, "add `value: ...`", id="no-value"),
        pytest.param(
            "n: {value: 1, onlyif: empty}", "unknown-key", 7, 19, "did you mean `only_if`", id="key"
        ),
        pytest.param("n: {value: 1, only_if: Low}", "bad-only-if", 7, 28, "[Low", id="if-text"),
        pytest.param("n: {value: 1, only_if: null}", "bad-only-if", 7, 28, "[Low", id="if-null"),
        pytest.param("n: {value: 1, only_if: ['']}", "empty-text", 7, 29, "null", id="if-empty"),
        pytest.param("n: {value: ''}", "empty-text", 7, 16, "write null", id="long-empty"),
        pytest.param('note: ""', "empty-text", 7, 11, "write null to clear", id="empty"),
        pytest.param("note: |", "empty-text", 7, 11, "write null to clear", id="empty-block"),
        pytest.param("note: >5", "empty-text", 7, 11, "write null to clear", id="folded-nothing"),
        pytest.param("note:", "empty-value", 7, 10, "write null", id="nothing"),
        pytest.param("note: # nothing", "empty-value", 7, 10, "in quotes", id="comment"),
        pytest.param("note: #12", "cut-text", 7, 10, "put quotes", id="hash"),
        pytest.param("note: see #12", "cut-text", 7, 11, "quotes around", id="hash-in-text"),
        pytest.param("note: see   #12", "cut-text", 7, 11, "quotes around", id="hash-after-spaces"),
        pytest.param("note: #12\n  more", "cut-text", 7, 5, "quotes around", id="hash-before"),
        pytest.param("note: ~", "ambiguous-null", 7, 11, '"~" for the text', id="tilde"),
        pytest.param("n: {value: }", "empty-value", 7, 16, "write null", id="long-nothing"),
        pytest.param("n: {value: 1, only_if: [, ]}", "yaml-syntax", 7, 29, "quotes", id="comma"),
        pytest.param("note: one\n  two", "folded-text", 7, 11, "write `|`", id="two-lines"),
        pytest.param("note: 'one\n  two'", "folded-text", 7, 11, "write `|`", id="quoted-lines"),
        pytest.param('note: "one\\\n  two"', "folded-text", 7, 11, "`|`", id="joined-lines"),
        pytest.param("note: &Sons Ltd", "anchor", 7, 11, "quotes around", id="anchor"),
        pytest.param("note: &Sons", "anchor", 7, 11, "quotes around", id="anchor-alone"),
        pytest.param("n: &x {value: 1}", "anchor", 7, 8, "the anchor", id="anchor-of-mapping"),
        pytest.param("&x n: 1", "anchor", 7, 5, "the anchor", id="anchor-of-key"),
        pytest.param("note: !important", "tag", 7, 11, "remove the tag", id="important"),
        pytest.param("n: {value: 1, only_if: }", "bad-only-if", 7, 28, "[Low", id="if-nothing"),
        pytest.param("n: {value: 1, only_if: []}", "bad-only-if", 7, 28, "[Low", id="if-no-value"),
        pytest.param("n: {value: 1, only_if: {}}", "bad-only-if", 7, 28, "[Low", id="if-mapping"),
        pytest.param("n: {value: 1, only_if: [[]]}", "wrong-shape", 7, 29, "one", id="if-list"),
        pytest.param("'': 1", "empty-name", 7, 5, "write the name", id="empty-name"),
        pytest.param("' ': 1", "empty-name", 7, 5, "write the name", id="blank-name"),
        pytest.param("note: 1\nnote: 1", "repeated-key", 8, 5, "keep one", id="repeated"),
        pytest.param("note: 1\nn: *a", "alias", 8, 8, "write the value out", id="alias"),
        pytest.param("note: !!str 1", "tag", 7, 11, "remove the tag", id="tag"),
    ],
)
def test_a_field_that_could_be_misread_is_refused(tmp_path, text, code, line, column, hint):
    lines = "".join(f"    {part}\n" for part in text.splitlines())
    found = refused(tmp_path, HEAD + lines)
    assert found[:3] == (code, line, column)
    assert hint in found[3]


def test_values_are_not_shown_by_problems_with_only_if(tmp_path):
    _, (problem,) = read_text(tmp_path, HEAD + "    n: {value: 1, only_if: secret}\n")
    assert "secret" not in str(problem)
