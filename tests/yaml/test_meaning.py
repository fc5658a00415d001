"""What a file means is the same whatever its layout, and another where a value is."""

import pytest

from reconciler.yaml.meaning import meaning


def of(text, **more):
    found, problems = meaning(text.encode(), "f.yaml", **more)
    assert problems == []
    return found


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("a:   {b: x}  # c\n", id="in-brackets"),
        pytest.param("# c\na:\n    b: x\n", id="indented"),
        pytest.param('"a": {"b": "x"}', id="in-quotes"),
        pytest.param("a:\n  b: >-\n    x\n", id="folded"),
    ],
)
def test_layout_quotes_and_comments_mean_nothing(other):
    assert of("a:\n  b: x\n") == of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a: x\n", "a: y\n", id="a-value"),
        pytest.param("a: x\n", "b: x\n", id="a-key"),
        pytest.param("a: 5\n", 'a: "5"\n', id="a-number-and-its-text"),
        pytest.param("a: null\n", "a: 'null'\n", id="nothing-and-its-word"),
        pytest.param("- a\n- b\n", "- b\n- a\n", id="the-order-of-a-list"),
        pytest.param("a: {}\n", "a: []\n", id="a-mapping-and-a-list"),
        pytest.param("a: x\n---\nb: y\n", "a: x\nb: y\n", id="two-documents"),
    ],
)
def test_values_keys_and_what_they_are_read_as_mean_something(one, other):
    assert of(one) != of(other)


def test_the_order_of_keys_means_nothing():
    assert of("a: x\nb: y\n") == of("b: y\na: x\n")


def test_json_means_the_same():
    assert of('{"a": ["x", 5]}', is_json=True) == of("a: [x, 5]\n")


@pytest.mark.parametrize(
    ("text", "position"), [("a:\n", (1, 3)), ("- x\n-\n", (2, 2)), ("a: {b: }\n", (1, 8))]
)
def test_a_place_where_nothing_is_written_is_a_problem(text, position):
    _, [problem] = meaning(text.encode(), "f.yaml")
    assert problem.code == "empty-value"
    assert (problem.at.line, problem.at.column) == position


def test_what_was_understood_before_a_problem_is_given():
    found, problems = meaning(b"a: x\nb: [\n", "f.yaml")
    assert problems
    assert all(one.at.file == "f.yaml" for one in problems)
    assert not found or found[0, "a"] == ("x", False)
