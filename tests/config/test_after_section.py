"""Which targets come before which: unknown names and circles are told at their place."""

import pytest

from reconciler.config.file import read_config
from reconciler.errors import AuthorErrors

HEAD = "apiVersion: reconcile/v1\nkind: Config\ntargets:\n"


def written(path, **after):
    lines = [f"  {name}: {{sandbox: x, domain: d, after: {one}}}" for name, one in after.items()]
    (path / "reconcile.yaml").write_text(HEAD + "\n".join(lines) + "\n")
    return path / "reconcile.yaml"


def refused(path, **after):
    with pytest.raises(AuthorErrors) as caught:
        read_config(written(path, **after))
    return [(one.code, one.at.line, one.message) for one in caught.value.problems]


def test_a_target_names_those_before_it(tmp_path):
    found = read_config(written(tmp_path, a="[]", b="[a]", c="[b, a]", d='["a"]'))
    assert {name: one.after for name, one in found.targets.items()} == {
        "a": (), "b": ("a",), "c": ("b", "a"), "d": ("a",),
    }  # fmt: skip


def test_one_may_come_after_a_target_that_the_config_names_later(tmp_path):
    assert read_config(written(tmp_path, a="[b]", b="[]")).targets["a"].after == ("b",)


@pytest.mark.parametrize(
    ("after", "code", "line"),
    [
        ({"a": "[]", "b": "[c]"}, "unknown-target", 5),
        ({"a": "[]", "b": "[A]"}, "unknown-target", 5),
        ({"a": "[a]", "b": "[]"}, "circle", 4),
        ({"a": "[b]", "b": "[a]"}, "circle", 5),
        ({"a": "[c]", "b": "[a]", "c": "[b]"}, "circle", 5),
        ({"a": "[]", "b": "[a, a]"}, "repeated-name", 5),
        ({"a": "[]", "b": "a"}, "wrong-shape", 5),
        ({"a": "[]", "b": "{a: b}"}, "wrong-shape", 5),
        ({"a": "[]", "b": ""}, "wrong-shape", 5),
        ({"a": "[]", "b": "null"}, "wrong-shape", 5),
        ({"a": "[]", "b": '[""]'}, "empty-name", 5),
        ({"a": "[]", "b": "[[a]]"}, "wrong-shape", 5),
    ],
)
def test_what_is_no_order_is_refused_at_its_line(tmp_path, after, code, line):
    [found] = refused(tmp_path, **after)
    assert found[:2] == (code, line), found


def test_a_circle_is_told_once_and_in_words(tmp_path):
    [(_, _, message)] = refused(tmp_path, a="[c]", b="[a]", c="[b]", d="[a]")
    assert "a after c after b after a" in message


def test_two_circles_are_two_problems(tmp_path):
    found = refused(tmp_path, a="[b]", b="[a]", c="[d]", d="[c]")
    assert [one[0] for one in found] == ["circle", "circle"]
