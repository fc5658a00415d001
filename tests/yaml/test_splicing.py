"""A value is written like the one before it, a field is added where its neighbours stand."""

import pytest

from reconciler.yaml.edit import edited
from reconciler.yaml.splicing import Addition, CannotEditError, Edit

NULL, FIVE = ("null", True), ("5", True)


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        pytest.param("note: old # c", "new", "note: new # c", id="plain"),
        pytest.param("note: 'old'", "it's", "note: 'it''s'", id="single-quotes-stay"),
        pytest.param('note: "old"', "new", 'note: "new"', id="double-quotes-stay"),
        pytest.param("note: 'old'", "a\nb", 'note: "a\\nb"', id="lines-need-double-quotes"),
        pytest.param("note: old", "x: y", 'note: "x: y"', id="quotes-where-needed"),
        pytest.param("note: old", "5", 'note: "5"', id="a-text-of-digits"),
        pytest.param("note: 12", "13", "note: 13", id="digits-as-before"),
        pytest.param("note: DE", "NO", 'note: "NO"', id="a-word-of-yaml-1.1"),
        pytest.param("note: NO", "on", "note: on", id="as-the-author-wrote-one"),
        pytest.param("note: 2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z",
                     "note: 2026-01-03T00:00:00Z", id="a-time"),
        pytest.param("note: old", "null", 'note: "null"', id="a-text-null"),
        pytest.param("note: 12", "null", 'note: "null"', id="a-text-null-for-digits"),
        pytest.param("note: old", NULL, "note: null", id="clear"),
        pytest.param("note: 'old'", NULL, "note: null", id="clear-quoted"),
        pytest.param("{note: a}", "b, c", '{note: "b, c"}', id="in-brackets"),
        pytest.param("note: {value: old, only_if: empty}", "new",
                     "note: {value: new, only_if: empty}", id="long-form"),
        pytest.param("note:\n  only_if: [a]\n  value: old # c", "new",
                     "note:\n  only_if: [a]\n  value: new # c", id="long-form-block"),
        pytest.param("note: |  # c\n   old\n   text\n\nb: 1", "new\nlines\n",
                     "note: |  # c\n   new\n   lines\n\nb: 1", id="a-block-stays-one"),
        pytest.param("note: |\n  old\n\n# c", "a\nb", "note: |-\n  a\n  b\n\n# c", id="its-end"),
        pytest.param("note: |-  # c\n  old\n  text\nb: 1", "one line",
                     "note: one line  # c\nb: 1", id="a-block-with-one-line"),
        pytest.param("note: |\n  old\nb: 1", "  a\nb\n", 'note: "  a\\nb\\n"\nb: 1', id="indented"),
        pytest.param("note: >-\n  one\n  two\n", "three", "note: three\n", id="folded"),
        pytest.param("note: a\r\nb: |\r\n  x\r\n", "c", "note: c\r\nb: |\r\n  x\r\n", id="crlf"),
        pytest.param("\ufeffnote: a", "b", "\ufeffnote: b", id="byte-order-mark"),
        pytest.param("note: a", "\u202eb", 'note: "\\u202eb"', id="hidden-characters-show"),
    ],
)  # fmt: skip
def test_a_value_is_written_like_the_one_before(before, new, after):
    new = new if isinstance(new, tuple) else (new, False)
    line, column = 1, before.removeprefix("\ufeff").find("note") + 1
    assert edited(before.encode(), [Edit((line, column), *new)]).decode() == after


def test_several_values_change_at_once():
    text = "a: 1\nb: {c: x, d: y}\n"
    made = edited(
        text.encode(), [Edit((2, 11), "z"), Edit((1, 1), "2", True), Edit((2, 5), "null", True)]
    )
    assert made.decode() == "a: 2\nb: {c: null, d: z}\n"


def test_json_stays_json():
    text = '{"a": "\\ud83d\\ude00 x", "note": "old", "n": 5}'
    changes = [
        Edit((1, text.index('"note"') + 1), 'new "\x07'),
        Edit((1, text.index('"n"') + 1), "null", True),
    ]
    made = edited(text.encode(), changes, is_json=True)
    assert made.decode() == '{"a": "\\ud83d\\ude00 x", "note": "new \\"\\u0007", "n": null}'


@pytest.mark.parametrize(
    ("before", "at", "after"),
    [
        pytest.param("- id: c # x\n  fields:\n    a: 1 # y\n\n# z\n- id: d\n", (1, 3),
                     "- id: c # x\n  fields:\n    a: 1 # y\n    b b: new\n\n# z\n- id: d\n",
                     id="below-the-last"),
        pytest.param("- id: c\n  fields:\n    a: |\n      x\n\n- id: d\n", (1, 3),
                     "- id: c\n  fields:\n    a: |\n      x\n    b b: new\n\n- id: d\n",
                     id="below-a-block"),
        pytest.param("- id: c\n  fields: {a: 1} # y\n", (1, 3),
                     "- id: c\n  fields: {a: 1, b b: new} # y\n", id="in-brackets"),
        pytest.param("- id: c\n  fields: {}\n", (1, 3),
                     "- id: c\n  fields: {b b: new}\n", id="in-empty-brackets"),
        pytest.param("- id: c # x\n- id: d\n", (1, 3),
                     "- id: c # x\n  fields: {b b: new}\n- id: d\n", id="without-fields"),
        pytest.param("- {id: c}\n", (1, 3), "- {id: c, fields: {b b: new}}\n", id="brackets"),
        pytest.param("- id: c", (1, 3), "- id: c\n  fields: {b b: new}", id="at-the-end"),
    ],
)  # fmt: skip
def test_a_field_is_added_to_a_case(before, at, after):
    assert edited(before.encode(), [Addition(at, "b b", "new")]).decode() == after


def test_several_fields_are_added_to_one_case():
    changes = [Addition((1, 3), "b", "x"), Addition((1, 3), "c", *FIVE)]
    assert edited(b"- id: c\n", changes) == b"- id: c\n  fields: {b: x, c: 5}\n"
    text = b"- fields:\n    a: 1\n"
    assert edited(text, changes) == text + b"    b: x\n    c: 5\n"


def test_a_field_is_added_to_json():
    made = edited(b'[{"id": "c"}]', [Addition((1, 2), "b", "NO")], is_json=True)
    assert made == b'[{"id": "c", "fields": {"b": "NO"}}]'


@pytest.mark.parametrize(
    ("text", "change"),
    [
        pytest.param("a: [1]\n", Edit((1, 1), "x"), id="a-list"),
        pytest.param("a: {b: 1}\n", Edit((1, 1), "x"), id="a-mapping"),
        pytest.param("a: 1\n", Edit((2, 1), "x"), id="nothing"),
        pytest.param("a: [1\n", Edit((1, 1), "x"), id="no-yaml"),
        pytest.param("a:\n", Edit((1, 1), "x"), id="no-value"),
        pytest.param("a: 1\n", Addition((2, 1), "b", "x"), id="no-case"),
        pytest.param("fields: 1\n", Addition((1, 1), "b", "x"), id="no-mapping"),
        pytest.param("fields: {a: 1}\n", Addition((1, 1), "a", "x"), id="there-already"),
    ],
)
def test_what_cannot_be_written_is_refused(text, change):
    with pytest.raises(CannotEditError):
        edited(text.encode(), [change])
