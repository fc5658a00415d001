"""Pieces of text that several reports share, and that say the same without colour."""

from hypothesis import given
from hypothesis import strategies as st

from reconciler.report.escaping import visible
from reconciler.report.text.styled import diff_spans, target_line

WORDS = st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, max_size=6).map(" ".join)


def test_words_taken_and_given_are_marked_without_colour():
    text = "".join(text for text, _ in diff_spans("say yes now", "say no now"))
    assert text == "say [-yes-]{+no+} now"


@given(WORDS, WORDS)
def test_what_was_kept_has_no_style_and_all_else_has_one(before, after):
    for text, style in diff_spans(before, after):
        marked = text.startswith(("[-", "{+"))
        assert bool(style) is marked


def test_a_target_is_told_with_its_place_and_what_is_not_known_of_it():
    assert target_line("prod", "support", "1111", "us-west-2").plain == (
        "target prod   domain support   account 1111   Region us-west-2"
    )
    assert target_line("prod", "support", "", "").plain.endswith("account ?   Region ?")
    hostile = "\x1b[31m\n"
    assert target_line(hostile, hostile, hostile, hostile).plain.count(visible(hostile)) == 4
