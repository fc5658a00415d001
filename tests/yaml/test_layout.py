"""One canonical layout: nothing that a file says, or that its authors noted, gets lost."""

from textwrap import dedent

import pytest
from hypothesis import given, settings

from reconciler.yaml.layout import WIDTH, laid_out
from reconciler.yaml.meaning import meaning
from tests.yaml.texts import comments_in, files


def layout(text):
    found, problems = laid_out(dedent(text).encode(), "f.yaml")
    assert problems == []
    return found.decode()


@settings(max_examples=300, deadline=None)
@given(files())
def test_any_file_keeps_its_meaning_and_every_comment(text):
    before, problems = meaning(text.encode(), "f.yaml")
    assert problems == []
    found, problems = laid_out(text.encode(), "f.yaml")
    assert problems == []
    assert meaning(found, "f.yaml") == (before, [])
    assert comments_in(found.decode()) == comments_in(text)
    assert laid_out(found, "f.yaml") == (found, [])


def test_known_keys_come_in_one_order_with_their_comments_and_others_after_them():
    assert layout("""\
        # about the file
        kind: Cases
        later: 1
        # the cases
        cases:
        - fields: {b: 1, a: 2}   # not sorted
          id: c2
        - {reference: r1, fields: {}}
        # whose
        metadata:
           owner: me
           name: fix  # unique
        apiVersion: reconcile/v1
        """) == dedent("""\
        # about the file
        apiVersion: reconcile/v1
        kind: Cases
        # whose
        metadata:
          name: fix  # unique
          owner: me
        # the cases
        cases:
          - id: c2
            fields: {b: 1, a: 2}   # not sorted
          - {reference: r1, fields: {}}
        later: 1
        """)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("High", "High", id="plain"),
        pytest.param('"High"', "High", id="needless-quotes"),
        pytest.param("'two words'", "two words", id="needless-single-quotes"),
        pytest.param("'x: y'", '"x: y"', id="single-to-double"),
        pytest.param("'say \"so\" \\'", 'say "so" \\', id="quotes-inside"),
        pytest.param("NO", '"NO"', id="a-word-of-yaml-1.1"),
        pytest.param("0773098", '"0773098"', id="a-number-to-others"),
        pytest.param("1:30", '"1:30"', id="sixty-to-others"),
        pytest.param("2026-01-02", '"2026-01-02"', id="a-date-to-others"),
        pytest.param("5", "5", id="a-number-stays-one"),
        pytest.param('"5"', '"5"', id="a-text-of-digits-stays-one"),
        pytest.param("'5'", '"5"', id="in-double-quotes"),
        pytest.param("true", "true", id="true-stays-one"),
        pytest.param("'true'", '"true"', id="a-text-true-stays-one"),
        pytest.param("~", "~", id="null-as-written"),
        pytest.param('"null"', '"null"', id="a-text-null"),
        pytest.param("''", '""', id="an-empty-text"),
        pytest.param('"\\u00e9\\t"', '"\\u00e9\\t"', id="escapes-as-written"),
        pytest.param("{a: 'b,c',d: e}", '{a: "b,c", d: e}', id="in-brackets"),
        pytest.param("[ ]", "[]", id="empty"),
    ],
)
def test_quoting_follows_one_rule(written, expected):
    assert layout(f"note: {written}\n") == f"note: {expected}\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: { b: c, d: { e: 1 } }\n", id="spaces-in-braces"),
        pytest.param("a: {b: c, d: [x, y]}\n", id="no-spaces"),
        pytest.param("a: [{ b: c }, { d: e }]\n", id="braces-in-a-list"),
        pytest.param("- { a: 1 } # c\n- [x] # d\n", id="items"),
        pytest.param(f"a:\n  {{ b: {'x' * 71} }}\n", id="below-its-key"),
        pytest.param("a: '\"x\": y'\n", id="double-quotes-inside"),
        pytest.param('a: "it\'s: \\u00e9 \\"x\\""\n', id="escapes"),
        pytest.param("a: 'b\\c: d'\n", id="a-backslash-in-single-quotes"),
        pytest.param('a: "b\\\\c: d"\n', id="a-backslash-in-double-quotes"),
    ],
)
def test_what_prettier_writes_is_left_as_it_is(text):
    assert layout(text) == text


def test_what_prettier_spreads_becomes_a_block_that_it_leaves():
    text = "a:\n  {\n    b: " + "x" * 70 + ",\n    c: a word,\n  }\n"
    assert layout(text) == "a:\n  b: " + "x" * 70 + "\n  c: a word\n"
    assert layout("a: {\n  b: c,\n}\n") == "a: { b: c }\n"


@pytest.mark.parametrize("head", ["|", "|-", "|+", ">", ">-"])
@pytest.mark.parametrize("spaces", ["   ", "      "])
@pytest.mark.parametrize("rest", ["", "\n", "\n\n", "\nb: 1\n", "\n\n# c\nb: 1\n", "\n   \n"])
@pytest.mark.parametrize("start", ["a: ", "a:\n- "])
def test_spaces_that_are_left_over_below_a_text_are_laid_out_too(head, spaces, rest, start):
    data = f"{start}{head}\n  x\n{spaces}{rest}".encode()
    found, problems = laid_out(data, "f")
    assert problems == []
    assert meaning(found, "f") == meaning(data, "f")
    assert laid_out(found, "f") == (found, [])


def test_what_does_not_fit_on_one_line_becomes_a_block():
    words = ", ".join(["a word"] * 20)
    assert layout(f"a: [{words}]\n") == "a:\n" + "  - a word\n" * 20
    fits = "x" * (WIDTH - len("a: []"))
    assert layout(f"a: [{fits}]\n") == f"a: [{fits}]\n"
    assert layout(f"a: [{fits}x]\n") == f"a:\n  - {fits}x\n"


def test_brackets_with_comments_become_a_block_that_has_room_for_them():
    assert layout("""\
        a: { # one
          b: 1, # two
          # three
          c: 2
          # four
        }
        """) == dedent("""\
        a: # one
          b: 1 # two
          # three
          c: 2
          # four
        """)


def test_a_comment_below_a_case_stays_with_what_it_is_indented_like():
    text = """\
        cases:
          - id: c1
            fields:
              note: x
              # status: Open
            # of the case
          # - id: c2
          - id: c3
        # the end
        """
    assert layout(text) == dedent(text)


def test_texts_over_several_lines_move_without_changing():
    assert layout("""\
        a:
         - b: |  # kept
             one
              two

             three
           c: >-
             folded
        """) == dedent("""\
        a:
          - b: |  # kept
              one
               two

              three
            c: >-
              folded
        """)


def test_blank_lines_are_the_authors_but_never_two():
    assert layout("\n\na: 1\n\n\n\nb: 2\n\n") == "a: 1\n\nb: 2\n"


@pytest.mark.parametrize("header", ["|", "|-", "|+", ">", ">-", ">+"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n  \n", "\n# c"])
def test_a_file_may_end_in_any_way(header, end):
    data = f"a: {header}\n   x{end}".encode()
    found, problems = laid_out(data, "f")
    assert problems == []
    assert found.endswith(b"\n")
    assert meaning(found, "f") == meaning(data, "f")
    assert laid_out(found, "f") == (found, [])


def test_ends_of_lines_stay_as_they_are():
    assert laid_out(b"a:   1\r\nb: |\r\n   x\r\n", "f")[0] == b"a: 1\r\nb: |\r\n  x\r\n"


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\n"])
def test_a_file_that_holds_nothing_is_left_alone(text):
    assert laid_out(text.encode(), "f") == (text.encode(), [])


@pytest.mark.parametrize(
    ("text", "position", "code"),
    [
        pytest.param("a: [1\n", (1, 4), "yaml-syntax", id="syntax"),
        pytest.param("a: 1\na: 2\n", (2, 1), "repeated-key", id="repeated"),
        pytest.param("a: 1\nb: !x y\n", (2, 4), "tag", id="tag"),
        pytest.param("a: &x 1\n", (1, 4), "anchor", id="anchor"),
        pytest.param("a:\nb: 1\n", (1, 3), "empty-value", id="nothing"),
        pytest.param("a: {b: 1, c: }\n", (1, 14), "empty-value", id="nothing-in-brackets"),
        pytest.param("a: x\n  y\n", (1, 4), "folded-text", id="folded"),
        pytest.param("a: x #y\n", (1, 4), "cut-text", id="cut"),
        pytest.param("%YAML 1.1\n---\na: 1\n", (1, 1), "unknown-layout", id="directive"),
        pytest.param("a: \x07\n", (1, 4), "encoding", id="control"),
    ],
)
def test_what_is_no_good_yaml_is_left_alone_and_told_with_its_place(text, position, code):
    found, [problem] = laid_out(text.encode(), "f.yaml")
    assert found == text.encode()
    assert (problem.at.line, problem.at.column, problem.code) == (*position, code)
