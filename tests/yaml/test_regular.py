"""A list of regular cases is laid out without a parser, to the byte as it is with one."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.yaml import layout
from reconciler.yaml.layout import _read_and_laid_out, laid_out
from reconciler.yaml.words import _plain_is_right, means_more, plain_is_right

HEAD = "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: a}\ncases:\n"
HEADS = (
    HEAD,
    "cases:\n",
    "kind: Cases\nlater: 1\ncases:\n",
    "# about it\n\n\nkind: Cases   # kind\n\n# the cases\ncases:\n",
    "kind: Other\n---\nkind: Cases\ncases:\n",
    "note: |\n  text\n  cases:\ncases:\n",
    'note: "\ncases:\n- id: "\ncases:\n',
    "--- |\ncases:\n",
    "limits: {cases: 1}\ncases:\n",
    "cases: []\ncases:\n",
    "\ufeffkind: Cases\ncases:\n",
    "a:\n  b: 1\ncases:\n",
    "[a,\ncases:\n",
)
CASE = "{margin}- id: {name}\n{margin}  fields:\n"
WORDS = st.sampled_from(
    (
        *("x", "open", "High", "1", "1.5", "007", "1e5", "0x1F", "1_000", "12:30:00", "null", "~"),
        *(
            "yes",
            "No",
            "true",
            "True",
            "on",
            "=",
            "-",
            "- a",
            "a - b",
            "a b",
            "a  b",
            "a: b",
            "a:b",
        ),
        *(
            "a #b",
            "a#b",
            "#b",
            "a ",
            "é",
            "ß x",
            "漢字",
            "2026-12-01",
            "2026-12-01T09:00:00Z",
            "a,b",
        ),
        *(
            '"x"',
            '"1"',
            '"null"',
            '""',
            "''",
            "'x'",
            "'a \"b\" c'",
            '"a\\tb"',
            '"a # b"',
            "'it''s'",
        ),
        *('"yes"', '"a: b"', "'- a'", '"a" b', '"open', "|", ">", "&a x", "*a", "!t x", "{a: b}"),
        *("[x]", "a\u00a0b", '"a\u00a0b"', "a\tb", "\u2028", '"\u200b"', "a'b", 'a"b', "(a) b"),
        *(
            "a (b)",
            "x/y",
            "@a",
            "a@b",
            "%a",
            "a%",
            ".5",
            "a.",
            "a.b",
            "+1",
            "Infinity",
            "nan",
            ".nan",
        ),
        *(
            "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4",
            "12345678-1234-1234-1234-123456789012",
            "?",
            "? a",
        ),
    )
) | st.from_regex(r"[A-Za-z0-9_.:/@+ -]{1,8}", fullmatch=True)
KEYS = st.sampled_from(
    (
        "note",
        "Order number",
        "VIP",
        '"x"',
        "'y'",
        "<<",
        "yes",
        "1",
        "é",
        "a:b",
        "id",
        "fields",
        "k" * 300,
    )
) | st.from_regex(r"[A-Za-z0-9 -]{1,5}", fullmatch=True)


@st.composite
def files(draw):
    """Mostly regular files, a few of whose words are anything but."""
    margin = draw(st.sampled_from(("", "  ", " ")))
    text = draw(st.sampled_from(HEADS) if draw(st.booleans()) else st.just(HEAD))
    for _ in range(draw(st.integers(1, 4))):
        name = (
            draw(WORDS)
            if draw(st.booleans())
            else draw(st.from_regex(r"c[0-9]{3}", fullmatch=True))
        )
        text += f"{margin}- {draw(st.sampled_from(('id', 'id', 'id', 'reference')))}: {name}\n"
        text += f"{margin}  fields:\n"
        for key in draw(st.lists(KEYS, min_size=1, max_size=3, unique=draw(st.booleans()))):
            text += f"{margin}    {key}: {draw(WORDS)}\n"
    return text


def same(text):
    data = text.encode("utf-8", "surrogatepass")
    assert laid_out(data, "f.yaml") == _read_and_laid_out(data, "f.yaml")


@settings(max_examples=600, deadline=None)
@given(files())
def test_a_file_is_laid_out_as_by_the_parser(text):
    same(text)


EDITS = (
    "",
    " ",
    "\n",
    "#",
    "# a\n",
    "-",
    ":",
    '"',
    "'",
    "\t",
    "\r",
    "\r\n",
    "|",
    "\ufeff",
    "...\n",
    "---\n",
)


@settings(max_examples=600, deadline=None)
@given(files(), st.floats(0, 1), st.integers(0, 3), st.sampled_from(EDITS))
def test_a_file_with_one_edit_anywhere_is_laid_out_as_by_the_parser(text, spot, gone, new):
    at = int(spot * len(text))
    same(text[:at] + new + text[at + gone :])


@settings(deadline=None)
@given(files())
def test_a_file_with_the_ends_of_lines_of_windows_is_laid_out_as_by_the_parser(text):
    same(text.replace("\n", "\r\n"))


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("margin", ["", "  "])
def test_what_stands_above_a_regular_list_is_for_the_parser(head, margin):
    same(
        head
        + "".join(f"{margin}- id: c{n}\n{margin}  fields:\n{margin}    a: b\n" for n in range(3))
    )


@settings(max_examples=500, deadline=None)
@given(
    st.from_regex(r"[A-Za-z][A-Za-z0-9]{5,9}([ -][A-Za-z0-9]{1,4}){0,3}", fullmatch=True)
    | st.from_regex(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", fullmatch=True)
    | st.from_regex(r"[0-9]{8}(-[0-9]{4}){3}-[0-9]{12}", fullmatch=True)
    | WORDS
)
@example("Infinity")
@example("12345678-1234-1234-1234-123456789012")
def test_what_is_certainly_text_is_what_yaml_reads_as_text(text):
    assert plain_is_right(text, flow=False) == _plain_is_right(text, flow=False)
    assert plain_is_right(text, flow=True) == _plain_is_right(text, flow=True)
    assert not (plain_is_right(text, flow=False) and means_more(text) and text.isalpha())


def test_the_parser_reads_the_head_and_the_first_case_and_no_other(monkeypatch):
    cases = [f"- id: c{n}\n  fields:\n    note: n{n}\n    VIP: true\n" for n in range(500)]
    data, read, meaning = (HEAD + "".join(cases)).encode(), [], layout.meaning
    monkeypatch.setattr(
        layout, "meaning", lambda data, *more: read.append(len(data)) or meaning(data, *more)
    )
    laid_out(data, "f.yaml")
    assert max(read) < len(HEAD) + 100
