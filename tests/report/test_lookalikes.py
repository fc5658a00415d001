"""A difference that is shown can be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.diagnostic import Source
from reconciler.model.plan import FieldChange
from reconciler.model.value import FieldId, FieldType
from reconciler.report.lookalikes import told_apart
from reconciler.report.markdown.target import change_cell
from reconciler.report.sentences import change_words
from reconciler.report.text.styled import diff_spans
from reconciler.report.values import OptionValue, both, word_diff


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        pytest.param("é", "e\u0301", ("\\u00e9", "e\\u0301"), id="composed-or-not"),
        pytest.param("Pay", "P\u0430y", ("Pay", "P\\u0430y"), id="cyrillic"),
        pytest.param("a b", "a  b", ("a b", "a \\u0020b"), id="two-blanks"),
        pytest.param("x", "x ", ("x", "x\\u0020"), id="a-blank-at-the-end"),
        pytest.param("x y", "x\u00a0y", ("x y", "x\\u00a0y"), id="a-hard-space"),
        pytest.param("a-b", "a\u2011b", ("a-b", "a\\u2011b"), id="a-hard-hyphen"),
        pytest.param("A", "\uff21", ("A", "\\uff21"), id="full-width"),
        pytest.param("x", "x\u200b", ("x", "x\\u200b"), id="zero-width"),
        pytest.param("a\nb", "a\r\nb", ("a\\nb", "a\\r\\nb"), id="ends-of-lines"),
        pytest.param("Müller", "Mueller", ("Müller", "Mueller"), id="seen-without-help"),
        pytest.param("a\\b", "a/b", ("a\\\\b", "a/b"), id="a-backslash"),
    ],
)
def test_what_looks_alike_is_spelled(before, after, shown):
    assert told_apart(before, after) == shown


ODD = st.text(st.sampled_from("aе é\u0301e\u00a0 \u200b-\u2011\\\n"), max_size=6)


@given(ODD, ODD)
def test_two_texts_never_read_the_same(before, after):
    old, new = told_apart(before, after)
    assert (old == new) == (before == after)
    assert (old + new).isprintable()


def change(before, after, type=FieldType.TEXT):
    at = Source("a.yaml")
    return FieldChange(
        id=FieldId("note"), name="Note", type=type, before=before, after=after, source=at
    )


@pytest.mark.parametrize("type", [FieldType.TEXT, FieldType.URL, FieldType.USER])
@pytest.mark.parametrize("length", [0, 200])
def test_every_report_says_what_differs(type, length):
    start = "same " * (length // 5)
    one = change(start + "caf\u00e9", start + "cafe\u0301", type)
    words = "".join(text for text, _ in diff_spans(one.before, one.after))
    for text in (change_words(one), change_cell(one), words):
        assert "\\u00e9" in text, text
        assert "e\\u0301" in text, text
    assert [piece.kind for piece in word_diff(one.before, one.after) if piece.kind != "kept"] == [
        "removed",
        "added",
    ]


def test_options_of_one_name_show_their_values():
    pair = OptionValue("p1", "High"), OptionValue("p2", "High")
    assert both(*pair, FieldType.SINGLE_SELECT) == ("High (p1)", "High (p2)")
    other = OptionValue("p3", "Low")
    assert both(pair[0], other, FieldType.SINGLE_SELECT) == ("High", "Low")
