"""Text in Markdown: whatever strangers write arrives whole, and does nothing."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.report.escaping import visible
from reconciler.report.markdown.escaping import (
    code,
    cut,
    fence,
    link,
    marker,
    moment,
    size,
    span,
    table,
    words,
)
from tests.report.scenes import HOSTILE

MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": False})
PARTS = st.sampled_from([*"`|\\ \n@#<>*_~[]()!&$\u202e\u200b", "`" * 5, "\\|", "GH-1", "www.", "x"])
texts = st.lists(PARTS | st.characters(), max_size=12).map("".join) | st.sampled_from(HOSTILE)


def leaves(text):
    """The types and contents of everything that was rendered, in order."""
    for token in MARKDOWN.parse(text):
        if token.type == "inline":
            yield from ((child.type, child.content) for child in token.children)
        elif not token.type.endswith(("_open", "_close")):
            yield token.type, token.content


@given(texts)
@example("")
@example(" ")
@example(" `a` ")
@example("`" * 300)
@example("\\|")
def test_code_in_a_sentence_is_the_visible_text_and_nothing_else(text):
    expected = (visible(text) or " ").replace("\\u0060", "`")
    found = [
        (kind, content.replace("\\u0060", "`")) for kind, content in leaves(f"a {code(text)} b")
    ]
    assert found == [("text", "a "), ("code_inline", expected), ("text", " b")]


def test_code_with_a_run_of_ticks_of_every_length_spells_them_out():
    text = " ".join("`" * number for number in range(1, 10))
    assert code(text) == "`" + text.replace("`", "\\u0060") + "`"


@given(texts, texts)
@example("a\\", "|b")
@example("`|", "|`")
def test_code_stays_in_its_cell_of_a_table(one, two):
    lines = table(["x", "n:"], [[code(one), code(two)], ["", "c"]])
    found = [content for kind, content in leaves("\n".join(lines)) if kind == "code_inline"]
    assert [cell.replace("\\u0060", "`") for cell in found] == [
        (visible(text) or " ").replace("\\u0060", "`") for text in (one, two)
    ]
    assert list(leaves("\n".join(lines)))[-1] == ("text", "c")


@given(st.lists(texts.map(lambda text: f"- {visible(text)}"), min_size=1, max_size=4))
def test_a_fence_holds_its_lines_and_ends_after_them(lines):
    found = list(leaves("\n".join([*fence(lines), "", "after"])))
    assert found == [("fence", "\n".join(lines) + "\n"), ("text", "after")]


def test_a_fence_is_a_diff():
    assert fence(["- a ````"]) == ["`````diff", "- a ````", "`````"]


@pytest.mark.parametrize(
    "text",
    [
        "300 cases would change, and at most 100 may",
        "that is 75.0 %, and at most 50 % may",
        "not-found",
        "AccessDeniedException",
        "2027-01-31",
    ],
)
def test_plain_words_are_left_as_they_are(text):
    assert words(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *HOSTILE,
        "",
        "1. a list",
        "- a list",
        "a_b_c",
        "see CHG-7",
        "see a.b",
        "two  spaces",
        "a\nb",
        "@me",
        "x" * 301,
    ],
)
def test_any_other_words_are_code(text):
    assert words(text).startswith("`")


@given(texts)
def test_words_are_plain_or_code(text):
    kinds = {kind for kind, _ in leaves(words(text))}
    assert kinds == {"code_inline"} or (kinds == {"text"} and text.isascii())


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/a/b#L7", "[`a`](https://x.example/a/b#L7)"),
        ("", "`a`"),
        ("javascript:alert(1)", "`a`"),
        ("https://x.example/a b", "`a`"),
        ("https://x.example/)[y](z", "`a`"),
        ("https://x.example/<b>", "`a`"),
        ("https://x.example/\n", "`a`"),
        ("https://x.example/" + "a" * 1_000, "`a`"),
    ],
)
def test_only_a_plain_address_is_a_link(url, expected):
    assert link("`a`", url) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01T09:00:00Z", "2026-12-01 09:00 UTC"),
        ("2026-12-01T09:00:00.123Z", "2026-12-01 09:00 UTC"),
        ("yesterday", "`yesterday`"),
        ("@me", "`@me`"),
    ],
)
def test_a_moment_is_told_to_the_minute(text, expected):
    assert moment(text) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["prod"], "prod"),
        (["test", "prod"], "prod,test"),
        ([], ""),
        (["a b", "a--b", "-->"], "%2D%2D%3E,a%20b,a%2D%2Db"),
        (["\ud800"], "%5Cud800"),
    ],
)
def test_the_marker_names_the_targets(names, expected):
    assert marker(names) == f"<!-- reconcile:{expected} -->"


@given(st.lists(texts, max_size=3))
def test_the_marker_is_one_short_hidden_line(names):
    made = marker(names)
    assert made == marker(reversed(names))
    assert len(made) < 300
    assert [kind for kind, _ in leaves(made)] == ["html_block"]
    assert "--" not in made[4:-3]


@pytest.mark.parametrize(
    ("text", "expected"), [("a", 1), ("é", 1), ("日", 1), ("👩", 2), ("\ud800", 1)]
)
def test_size_counts_utf_16(text, expected):
    assert size(text) == expected


def test_what_is_cut_says_so():
    assert (cut("abcd", 4), cut("abcde", 4)) == ("abcd", "abc…")


def test_a_span_of_spaces_keeps_them():
    assert [span("   "), span(" a "), span("`")] == ["`   `", "`  a  `", "`` ` ``"]
