"""How a policy says which cases it is about."""

import pytest

from reconciler.model.condition import All, AnyOf, Not
from reconciler.model.condition import Test as Leaf
from reconciler.model.operators import OPERATORS
from tests.specs.texts import POLICY, good, read_text, refused

AFTER = "fields: {x: 1}\n"


def select(folder, text):
    return good(folder, POLICY + f"select: {text}\n" + AFTER).select


def said(condition):
    """A condition as nested plain values."""
    match condition:
        case All(parts):
            return ("all", *map(said, parts))
        case AnyOf(parts):
            return ("any", *map(said, parts))
        case Not(part):
            return ("not", said(part))
        case Leaf(field, operator, operands):
            return (field.text, operator, *(operand.text for operand in operands))


def test_template_tags_and_conditions_are_read(tmp_path):
    found = select(
        tmp_path,
        "{template: Outage, tags: {team: billing, a: ''}, "
        "where: {all: [{field: s, equals: open}, {not: {any: [{field: t, empty: true}]}}]}}",
    )
    assert found.template.text == "Outage"
    assert found.tags == (("a", ""), ("team", "billing"))
    assert said(found.where) == (
        "all",
        ("s", "equals", "open"),
        ("not", ("any", ("t", "empty", "true"))),
    )


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_is_known(tmp_path, operator):
    value = {"empty": "false", "in": "[a, 'b']"}.get(operator, "a")
    found = select(tmp_path, f"{{where: {{{operator}: {value}, field: s}}}}")
    operands = {"empty": ("false",), "in": ("a", "b")}.get(operator, ("a",))
    assert said(found.where) == ("s", operator, *operands)


@pytest.mark.parametrize(
    ("text", "code", "column", "hint"),
    [
        pytest.param("{}", "missing-key", 9, "say which cases", id="nothing"),
        pytest.param("", "wrong-shape", 8, "fill it in", id="null"),
        pytest.param("[a]", "wrong-shape", 9, "`key: value`", id="list"),
        pytest.param(
            "{template: , tags: {a: b}}", "empty-name", 20, "write the name", id="template"
        ),
        pytest.param("{template: [a]}", "wrong-shape", 20, "one value", id="template-list"),
        pytest.param("{tags: {}}", "missing-key", 16, "add a tag", id="no-tags"),
        pytest.param("{tags: {a: }}", "wrong-shape", 20, "fill it in", id="tag-null"),
        pytest.param("{tags: {'': b}}", "empty-name", 17, "write the name", id="tag-key"),
        pytest.param("{tags: {a: [b]}}", "wrong-shape", 20, "one value", id="tag-list"),
        pytest.param("{tags: [a]}", "wrong-shape", 16, "`key: value`", id="tags-list"),
        pytest.param("{tag: {a: b}, template: T}", "unknown-key", 10, "`tags`", id="unknown"),
    ],
)
def test_a_selection_that_could_be_misread_is_refused(tmp_path, text, code, column, hint):
    found = refused(tmp_path, POLICY + f"select: {text}\n" + AFTER)
    assert found[:3] == (code, 4, column)
    assert hint in found[3]


@pytest.mark.parametrize(
    ("text", "code", "column", "hint"),
    [
        pytest.param("", "wrong-shape", 17, "fill it in", id="nothing"),
        pytest.param("[]", "wrong-shape", 17, "`key: value`", id="list"),
        pytest.param("{}", "bad-operator missing-key", 17, "operators: equals", id="empty"),
        pytest.param("{field: s}", "bad-operator", 17, "operators: equals", id="no-operator"),
        pytest.param("{equals: s}", "missing-key", 17, "add `field: ...`", id="no-field"),
        pytest.param("{field: s, after: 1, before: 2}", "bad-operator", 17, "`all`", id="two"),
        pytest.param("{field: s, equal: 1}", "unknown-key", 28, "`equals`", id="near-operator"),
        pytest.param(
            "{field: s, regex: 1}", "unknown-key", 28, "operators:", id="no-such-operator"
        ),
        pytest.param("{field: s, equals: 1, or: 2}", "unknown-key", 39, "operators:", id="extra"),
        pytest.param("{field: , equals: 1}", "empty-name", 25, "write the name", id="field-null"),
        pytest.param("{field: ' ', equals: 1}", "empty-name", 25, "write", id="field-blank"),
        pytest.param("{field: [a], equals: 1}", "wrong-shape", 25, "one value", id="field-list"),
        pytest.param("{all: []}", "bad-operator", 23, "add a condition", id="empty-all"),
        pytest.param("{any: []}", "bad-operator", 23, "add a condition", id="empty-any"),
        pytest.param("{any: {field: s, empty: true}}", "wrong-shape", 23, "`- `", id="any-mapping"),
        pytest.param("{not: [{field: s, empty: true}]}", "wrong-shape", 23, "`key:", id="not-list"),
        pytest.param("{not: {field: s}}", "bad-operator", 23, "operators", id="inside-not"),
        pytest.param("{all: [{any: [{field: s}]}]}", "bad-operator", 31, "operators", id="deep"),
        pytest.param(
            "{all: [{field: s, empty: true}], field: s, equals: 1}",
            "bad-operator",
            17,
            "`all`",
            id="group-and-test",
        ),
        pytest.param(
            "{all: [{field: s, empty: true}], any: [{field: s, empty: true}]}",
            "bad-operator",
            17,
            "`all` list",
            id="two-groups",
        ),
        pytest.param("{field: s, empty: yes}", "bad-operand", 35, "empty: true", id="empty-yes"),
        pytest.param(
            "{field: s, empty: 'true'}", "bad-operand", 35, "empty: true", id="empty-quoted"
        ),
        pytest.param("{field: s, empty: True}", "bad-operand", 35, "empty: true", id="empty-True"),
        pytest.param("{field: s, empty: }", "bad-operand", 35, "empty: true", id="empty-nothing"),
        pytest.param("{field: s, in: a}", "bad-operand", 32, "in: [Low", id="in-text"),
        pytest.param("{field: s, in: []}", "bad-operand", 32, "in: [Low", id="in-nothing"),
        pytest.param("{field: s, in: {a: b}}", "bad-operand", 32, "in: [Low", id="in-mapping"),
        pytest.param("{field: s, in: [a, null]}", "bad-operand", 36, "empty: true", id="in-null"),
        pytest.param("{field: s, in: [[a]]}", "bad-operand", 33, "one value", id="in-list"),
        pytest.param("{field: s, equals: null}", "bad-operand", 36, "empty: true", id="null"),
        pytest.param("{field: s, equals: NULL}", "bad-operand", 36, "empty: true", id="NULL"),
        pytest.param("{field: s, equals: }", "bad-operand", 36, "empty: true", id="no-operand"),
        pytest.param("{field: s, equals: [a]}", "bad-operand", 36, "one value", id="operand-list"),
    ],
)
def test_a_condition_that_could_be_misread_is_refused(tmp_path, text, code, column, hint):
    found, problems = read_text(tmp_path, POLICY + f"select: {{where: {text}}}\n" + AFTER)
    assert " ".join(problem.code for problem in problems) == code
    assert (problems[0].at.line, problems[0].at.column) == (4, column)
    assert hint in problems[0].hint
    assert found.specs[0].select.where == AnyOf(())


def test_operands_are_not_shown_by_problems(tmp_path):
    _, (problem,) = read_text(
        tmp_path, POLICY + "select: {where: {field: s, in: secret}}\n" + AFTER
    )
    assert "secret" not in str(problem)


def test_every_condition_is_looked_at_whatever_is_wrong_with_the_one_before(tmp_path):
    text = "{where: {all: [{field: s}, 1, {any: []}, {field: t, empty: no}]}}"
    _, problems = read_text(tmp_path, POLICY + f"select: {text}\n" + AFTER)
    assert [problem.code for problem in problems] == [
        "bad-operator",
        "wrong-shape",
        "bad-operator",
        "bad-operand",
    ]
