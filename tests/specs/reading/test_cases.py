"""How named cases are written."""

import pytest

from tests.specs.texts import CASES, good, read_text, refused


def named(spec) -> list[tuple]:
    return [
        (case.key, case.by_reference, {field.name: field.value.text for field in case.fields})
        for case in spec.cases
    ]


def test_a_case_is_named_by_its_id_or_by_its_reference(tmp_path):
    text = CASES + "cases:\n- {id: a-1, fields: {x: 1}}\n- fields: {y: 2}\n  reference: 0012\n"
    spec = good(tmp_path, text)
    assert named(spec) == [("a-1", False, {"x": "1"}), ("0012", True, {"y": "2"})]
    assert [(case.line, case.column) for case in spec.cases] == [(5, 3), (6, 3)]


@pytest.mark.parametrize("order", ["before", "after"])
def test_defaults_stand_below_every_case_and_a_cases_own_value_wins(tmp_path, order):
    defaults = "defaults: {x: 0, y: 0}\n"
    cases = "cases:\n- {id: a, fields: {x: 1}}\n- {id: b}\n- {id: c, fields: {}}\n"
    text = CASES + (defaults + cases if order == "before" else cases + defaults)
    assert named(good(tmp_path, text)) == [
        ("a", False, {"y": "0", "x": "1"}),
        ("b", False, {"x": "0", "y": "0"}),
        ("c", False, {"x": "0", "y": "0"}),
    ]


def test_defaults_are_the_same_objects_in_every_case(tmp_path):
    text = CASES + "defaults: {x: 0}\ncases:\n- {id: a}\n- {id: b, fields: {y: 1}}\n"
    first, second = good(tmp_path, text).cases
    assert first.fields[0] is second.fields[0]


def test_there_may_be_no_case_at_all(tmp_path):
    assert good(tmp_path, CASES + "cases: []\n").cases == ()


@pytest.mark.parametrize("key", ["a" * 500, "A-Z._/:#=+9", "1e3", "true", "012", "-"])
def test_an_id_is_taken_as_it_is_written(tmp_path, key):
    (case,) = good(tmp_path, CASES + f"cases:\n- {{id: '{key}', fields: {{x: 1}}}}\n").cases
    assert case.key == key


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "hint"),
    [
        pytest.param(
            "{id: a, reference: b, fields: {x: 1}}", "id-and-reference", 5, 11, "keep the id"
        ),
        pytest.param("{fields: {x: 1}}", "missing-key", 5, 3, "`id: ...` or `reference: ...`"),
        pytest.param("{id: , fields: {x: 1}}", "not-a-case-id", 5, 8, "letters, digits"),
        pytest.param("{id: null, fields: {x: 1}}", "not-a-case-id", 5, 8, "letters, digits"),
        pytest.param("{id: '', fields: {x: 1}}", "not-a-case-id", 5, 8, "letters, digits"),
        pytest.param("{id: a b, fields: {x: 1}}", "not-a-case-id", 5, 8, "letters, digits"),
        pytest.param("{id: é, fields: {x: 1}}", "not-a-case-id", 5, 8, "letters, digits"),
        pytest.param('{id: "a\\n", fields: {x: 1}}', "not-a-case-id", 5, 8, "letters, digits"),
        pytest.param("{id: [a], fields: {x: 1}}", "not-a-case-id", 5, 8, "letters, digits"),
        pytest.param(f"{{id: {'a' * 501}, fields: {{x: 1}}}}", "not-a-case-id", 5, 8, "letters"),
        pytest.param(
            f"{{reference: {'a' * 51}, fields: {{x: 1}}}}", "not-a-case-id", 5, 15, "letters"
        ),
        pytest.param("{id: a}", "no-fields", 5, 3, "add `fields:`"),
        pytest.param("{id: a, fields: {}}", "no-fields", 5, 3, "remove the case"),
        pytest.param("{id: a, fields: }", "wrong-shape", 5, 19, "fill it in"),
        pytest.param("{id: a, fields: [x]}", "wrong-shape", 5, 19, "`key: value`"),
        pytest.param(
            "{id: a, feilds: {x: 1}, fields: {x: 1}}", "unknown-key", 5, 11, "did you mean `fields`"
        ),
        pytest.param("{id: a, status: open, fields: {x: 1}}", "unknown-key", 5, 11, "remove it"),
        pytest.param("a", "wrong-shape", 5, 3, "`key: value`"),
        pytest.param("", "wrong-shape", 5, 2, "fill it in"),
        pytest.param("*a", "alias", 5, 3, "write the value out"),
    ],
)
def test_a_case_that_could_be_misread_is_refused(tmp_path, text, code, line, column, hint):
    found = refused(tmp_path, CASES + f"cases:\n- {text}\n")
    assert found[:3] == (code, line, column)
    assert hint in found[3]


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("cases: {id: a}", "wrong-shape", 4, 8),
        ("cases:", "wrong-shape", 4, 7),
        ("cases: none", "wrong-shape", 4, 8),
        ("defaults: [x]\ncases: [{id: a}]", "wrong-shape", 4, 11),
        ("defaults:\ncases: [{id: a}]", "wrong-shape", 4, 10),
        ("defaults: {x: [1]}\ncases: [{id: a}]", "wrong-shape", 4, 15),
        ("defaults: {}\ncases: [{id: a}]", "no-fields", 5, 9),
    ],
)
def test_cases_and_defaults_have_one_shape_each(tmp_path, text, code, line, column):
    assert refused(tmp_path, CASES + text)[:3] == (code, line, column)


def test_every_case_is_looked_at_whatever_is_wrong_with_the_one_before(tmp_path):
    text = CASES + "cases:\n- 1\n- {id: '!'}\n- {id: a, fields: {x: [], y: 2}}\n- *b\n- {id: c}\n"
    found, problems = read_text(tmp_path, text)
    assert [(p.code, p.at.line) for p in problems] == [
        ("wrong-shape", 5),
        ("no-fields", 6),
        ("not-a-case-id", 6),
        ("wrong-shape", 7),
        ("alias", 8),
        ("no-fields", 9),
    ]
    assert [case.key for spec in found.specs for case in spec.cases] == ["a", "c"]
