"""What is written reads as what was meant, and nothing in it can break out of its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.source import Written
from reconciler.specs.writing import CaseText, Heading, one_line, spec_text
from reconciler.yaml.layout import laid_out
from tests.specs.texts import read_text

# Anything that UTF-8 can carry, with what YAML gives a meaning drawn often.
# fmt: off
ODD = st.sampled_from([
    "", " ", "  ", "\n", "\n\n", "\t", "\r", ":", ": ", "#", " #", "-", "- ", "---", "...", "?",
    '"', "\\", "&a", "*a", "!!int", "|", ">", "%", "@", "`", "{", "}", "[", "]", ",", "<<", "~",
    "null", "Null", "true", "NO", "012", "1:30", "\x00", "\x85", "\u2028", "\u200d", "\ufeff",
    "\xa0", "=", "'", "👍", "\U0010ffff", "key: value", "é",
])
# fmt: on
CHARACTERS = st.characters(exclude_categories=("Cs",))
TEXTS = st.lists(ODD | st.text(CHARACTERS, max_size=5), max_size=8).map("".join)
SOME_TEXT = TEXTS.filter(str.strip)


def written(text, plain=False):
    return Written(text, plain, 1, 1)


def spec_of(folder, *cases, heading=None):
    found, problems = read_text(folder, spec_text(heading or Heading(name="n"), cases).encode())
    assert problems == ()
    [spec] = found.specs
    return spec


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("specs")


@given(values=st.dictionaries(SOME_TEXT, TEXTS.filter(bool), min_size=1, max_size=4))
def test_names_and_values_are_read_as_they_were_meant(folder, values):
    fields = [(name, written(text)) for name, text in values.items()]
    [case] = spec_of(folder, CaseText("c1", fields)).cases
    assert {one.name: one.value.text for one in case.fields} == values
    assert not any(one.value.is_null for one in case.fields)


@given(
    name=SOME_TEXT, reason=SOME_TEXT, target=SOME_TEXT, comment=TEXTS, left_out=TEXTS, above=TEXTS
)
def test_no_heading_and_no_comment_breaks_out(
    folder, name, reason, target, comment, left_out, above
):
    heading = Heading(name=name, reason=reason, target=target, comments=(above,))
    case = CaseText("c1", [("note", written("x"))], comment=comment, left_out=(left_out,))
    spec = spec_of(folder, case, case, heading=heading)
    assert (spec.header.name, spec.header.metadata) == (name, {"reason": reason})
    assert spec.header.targets == (target,)
    assert [[(one.name, one.value.text) for one in found.fields] for found in spec.cases] == [
        [("note", "x")]
    ] * 2


@given(key=st.from_regex(r"[A-Za-z0-9\-._/:#=+]{1,50}", fullmatch=True), by_reference=st.booleans())
def test_every_key_that_the_service_may_give_is_read_as_itself(folder, key, by_reference):
    case = CaseText(key, [("note", written("x"))], by_reference=by_reference)
    [found] = spec_of(folder, case).cases
    assert (found.key, found.by_reference) == (key, by_reference)


@pytest.mark.parametrize(
    "text",
    ["-x", "a#b", "a:b", "<", "5 € [ok]", "é👍", "it's", "1 day", "NO REPLY", "tel:+4712345"],
)
def test_what_needs_no_quotes_has_none(text):
    assert one_line(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("NO", '"NO"', id="false-to-others"),
        pytest.param("012", '"012"', id="a-number-to-others"),
        pytest.param("5", '"5"', id="a-number"),
        pytest.param("null", '"null"', id="null"),
        pytest.param("", '""', id="empty"),
        pytest.param(" x", '" x"', id="space"),
        pytest.param("a: b", '"a: b"', id="mapping"),
        pytest.param("it's #1 #2", '"it\'s #1 #2"', id="apostrophe"),
        pytest.param('a: "b\\"', '"a: \\"b\\\\\\""', id="quotes-and-backslashes"),
        pytest.param("a\tb\u200d\x07", '"a\\tb\\u200d\\u0007"', id="unseen-is-escaped"),
    ],
)
def test_quotes_stand_where_yaml_needs_them(text, shown):
    assert one_line(text) == shown


LAYOUT = """\
# yaml-language-server: $schema=../schemas/spec.schema.json
# left out, sensitive: Card
apiVersion: reconcile/v1
kind: Cases
metadata:
  name: fix
  reason: "CHG #1"
target: prod
cases:
  - id: c1 # 42 Wrong router
    # left out: Channel (inactive-option)
    fields:
      status: open
      Next step: |-
        1. check line

          2. call
      note: null
  - reference: "007"
    fields:
      story: "one\\n"
"""


def test_a_spec_looks_as_a_person_would_write_it():
    heading = Heading(
        name="fix", reason="CHG #1", target="prod", comments=("left out, sensitive: Card",)
    )
    one = CaseText(
        "c1",
        [
            ("status", written("open")),
            ("Next step", written("1. check line\n\n  2. call")),
            ("note", written("null", plain=True)),
        ],
        comment="42 Wrong\nrouter",
        left_out=("Channel (inactive-option)",),
    )
    other = CaseText("007", [("story", written("one\n"))], by_reference=True)
    assert spec_text(heading, [one, other]).replace("|\n        one\n", '"one\\n"\n') == LAYOUT


@pytest.mark.parametrize("text", ["a\nb ", "a\n \nb", " a\nb", "\na", "a\n\n", "a\tb\nc", "a\r\nb"])
def test_what_an_editor_would_trim_or_nobody_would_see_is_no_block(text):
    made = spec_text(Heading(name="n"), [CaseText("c1", [("note", written(text))])])
    assert "|" not in made


def test_no_case_is_an_empty_list(folder):
    assert spec_text(Heading(name="n"), []).endswith("\ncases: []\n")
    assert spec_of(folder).cases == ()


@given(
    values=st.dictionaries(SOME_TEXT, TEXTS, min_size=1, max_size=4),
    reason=SOME_TEXT,
    comment=TEXTS,
    left_out=st.lists(TEXTS, max_size=2),
)
def test_it_is_laid_out_as_reconcile_fmt_lays_files_out(values, reason, comment, left_out):
    heading = Heading(name="n", reason=reason, target="prod", comments=("left out: x",))
    fields = [(name, written(text)) for name, text in values.items()]
    cases = [CaseText(key, fields, False, comment, tuple(left_out)) for key in ("c1", "007", "1.0")]
    made = spec_text(heading, cases).encode()
    again, problems = laid_out(made, "a.yaml")
    assert (again.decode(), problems) == (made.decode(), [])
