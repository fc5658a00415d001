"""Tables: what is written is read, in every way that spreadsheets save them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.diagnostic import Source
from reconciler.tables.file import csv_rows
from tests.tables.reading import CELLS, nodes


def _is_a_name(name):
    return name.strip() and name == name.strip(" ") and not name.startswith("#")


@given(
    rows=st.lists(st.tuples(CELLS, CELLS).filter(any), max_size=4),
    names=st.lists(
        CELLS.filter(_is_a_name),
        min_size=2,
        max_size=2,
        unique=True,
    ),
)
def test_what_is_written_is_read(rows, names):
    text = "".join(csv_rows(["case_id", *names], [[f"c{n}", *r] for n, r in enumerate(rows)]))
    found, problems = nodes(text)
    assert problems == []
    assert found == [
        (f"c{n}", {name: cell for name, cell in zip(names, row, strict=True) if cell})
        for n, row in enumerate(rows)
    ]


def test_it_is_rfc_4180():
    made = [*csv_rows(["a", "b"], [['say "x"', "1\n2"], ["3", ""]])]
    assert made == ["a,b\r\n", '"say ""x""","1\n2"\r\n', "3,\r\n"]
    assert list(csv.reader(io.StringIO("a,b\r\n"))) == [["a", "b"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("key", ["case_id", "id", "ID", "Case ID", "reference", "Reference"])
def test_delimiters_and_line_ends_are_understood(delimiter, end, key):
    rows = [["Note", key], ["a, b", "c1"], ["x\ny", "c2"], ["", ""], []]
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter, lineterminator=end).writerows(rows)
    found, problems = nodes(made.getvalue())
    assert problems == []
    assert found == [("c1", {"Note": "a, b"}), ("c2", {"Note": "x\ny"})]


def test_a_comma_in_a_name_does_not_hide_the_delimiter():
    found, problems = nodes("case_id;a,b;c,d\nc1;1,5;2\n")
    assert (found, problems) == ([("c1", {"a,b": "1,5", "c,d": "2"})], [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("id,,note,,\nc1,,x,,\n,,,,\nc2,,y,,\n,,,,\n", id="empty-columns-and-rows"),
        pytest.param("id,note\nc1,x,,\nc2,y,\n", id="trailing-separators"),
        pytest.param("id,note,\nc1,x,\n , ,\nc2,y,\u00a0\n", id="blanks"),
        pytest.param("sep=;\r\nid;note\r\nc1;x\r\nc2;y\r\n", id="a-line-that-names-it"),
        pytest.param('"sep=;"\nid;note\nc1;x\nc2;y\n', id="the-same-in-quotes"),
        pytest.param("SEP=|\nid|note\nc1|x\nc2|y\n", id="another-delimiter"),
        pytest.param(" ID ,note \nc1,x\nc2,y\n", id="blanks-around-names"),
        pytest.param("id,\u00a0note\nc1,x\nc2,y\n", id="a-hard-space-before-a-name"),
    ],
)
def test_what_a_spreadsheet_leaves_that_says_nothing_is_passed_over(text):
    assert nodes(text) == ([("c1", {"note": "x"}), ("c2", {"note": "y"})], [])


def test_places_count_the_line_that_names_the_delimiter():
    [problem] = nodes("sep=;\nid;note\nc1;#N/A\n")[1]
    assert problem.at == Source("t.csv", 3, 2)
    [problem] = nodes("sep=;\nid;note;note\nc1;x;y\n")[1]
    assert problem.at == Source("t.csv", 2, 3)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        pytest.param("", "empty-table", 1, 1, id="nothing"),
        pytest.param("note,score\nx,1\n", "missing-column", 1, 1, id="no-case"),
        pytest.param("id,note,note\n", "repeated-column", 1, 3, id="repeated-column"),
        pytest.param("id,reference\n", "repeated-column", 1, 2, id="two-keys"),
        pytest.param("id, ,note\nc1,,x\nc2,y,z\nc3,y,z\n", "empty-name", 3, 2, id="no-name"),
        pytest.param("id,note\nc1\n", "ragged-row", 2, 1, id="too-short"),
        pytest.param("id,note\nc1,a,b\n", "ragged-row", 2, 1, id="too-long"),
        pytest.param('id,note\nc1,"a\nb"\n,x\n', "missing-key", 4, 1, id="after-a-quoted-line-end"),
        pytest.param('id,note\nc1,"a\n', "not-csv", 2, 1, id="a-quote-without-an-end"),
        pytest.param('id,note\nc1,"a"b\n', "not-csv", 2, 1, id="text-after-a-quote"),
        pytest.param("id,note\nc1," + "x" * 140_000, "not-csv", 2, 1, id="a-cell-too-long"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text, code, line, column):
    [problem] = nodes(text)[1]
    assert (problem.code, problem.at) == (code, Source("t.csv", line, column))
    assert problem.message.startswith("found ")
    assert problem.hint
