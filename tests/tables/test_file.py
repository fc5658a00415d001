"""Tables: safe to open, read back exactly, and refused with every mistake in its cell."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.diagnostic import Source
from reconciler.model.spec import Header
from reconciler.model.value import NUMBER
from reconciler.tables.cells import armoured, bare
from reconciler.tables.file import csv_text, read_csv
from reconciler.tables.rows import TableRules
from reconciler.tables.spec import read_table
from reconciler.yaml.checks import Page

CELLS = st.lists(
    st.sampled_from(["#N/A", "None", "1E+05", "##", *" 0=+-@\t\r\n'\",;＝\x00x1é👍\u2028", "\r\n"]),
    max_size=6,
).map("".join)


@given(cell=CELLS)
def test_armour_comes_off_exactly(cell):
    assert bare(armoured(cell)) == cell


@given(cell=CELLS)
def test_no_cell_begins_as_a_formula_does(cell):
    shown = armoured(cell)
    assert not shown.startswith(tuple("=+-@\t\r\n＝＋－＠")) or NUMBER.fullmatch(shown)


@pytest.mark.parametrize(
    "cell",
    ["'tis", "''", "'", "-5", "-1.5e3", "x=1", "", "it's", "#1 priority", "#12", "#URGENT!", "none",
     "N/A yet", "None of these", "nan bread", "1e5", "007", "NAME", "#", "5E10"],
)  # fmt: skip
def test_what_is_harmless_stays_as_it_is(cell):
    assert armoured(cell) == cell


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("-2+3", "'-2+3"),
        ("'=x", "''=x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+5", "'+5"),
    ],
)
def test_a_formula_becomes_a_text(cell, shown):
    assert armoured(cell) == shown


def _is_a_name(name):
    return name.strip() and name == name.strip(" ") and not name.startswith("#")


def nodes(text, **rules):
    """Each row as its key and its fields, and the problems."""
    problems = []
    found = []
    for node in read_csv(text, Page("t.csv", problems), TableRules(**rules)):
        fields = node.entries["fields"][2].entries
        [key] = [entry[2].text for name, entry in node.entries.items() if name != "fields"]
        found.append((key, {name: entry[2].text for name, entry in fields.items()}))
    return found, problems


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
    text = csv_text(["case_id", *names], [[f"c{n}", *row] for n, row in enumerate(rows)])
    found, problems = nodes(text)
    assert problems == []
    assert found == [
        (f"c{n}", {name: cell for name, cell in zip(names, row, strict=True) if cell})
        for n, row in enumerate(rows)
    ]


def test_it_is_rfc_4180():
    assert csv_text(["a", "b"], [['say "x"', "1\n2"]]) == 'a,b\r\n"say ""x""","1\n2"\r\n'
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


def test_an_empty_cell_leaves_its_field_alone_unless_it_is_to_clear():
    text = "id,note,score\nc1,,5\nc2,,\nc3,(none),\n"
    assert nodes(text)[0] == [("c1", {"score": "5"}), ("c3", {"note": "(none)"})]
    assert nodes(text, clear_empty=True)[0] == [
        ("c1", {"note": "null", "score": "5"}),
        ("c2", {"note": "null", "score": "null"}),
        ("c3", {"note": "(none)", "score": "null"}),
    ]
    assert nodes(text, null="(none)")[0] == [("c1", {"score": "5"}), ("c3", {"note": "null"})]


LEFTOVERS = [
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#NV", "#BEZUG!",
    "#ÜBERLAUF!", "#¿NOMBRE?", "#Н/Д", " #N/A ", "####", "Err:502", "NULL", "nan", "None", "N/A",
    "NA", "<NA>", "NaT", r"\N", "1.23E+05", "1,23E+05", '"=""0123"""', "(null)",
]  # fmt: skip


@pytest.mark.parametrize("cell", LEFTOVERS)
def test_what_stands_for_no_value_is_refused_at_its_cell_and_is_text_behind_an_apostrophe(cell):
    found, [problem] = nodes(f"id;note;score\nc1;;5\nc2;{cell};6\n")
    assert found == [("c1", {"score": "5"}), ("c2", {"score": "6"})]
    assert (problem.code, problem.at) == ("spreadsheet-leftover", Source("t.csv", 3, 2))
    assert "apostrophe" in problem.hint
    meant = csv.reader([cell]).__next__()[0].strip() if cell[0] == '"' else cell.strip()
    assert nodes(csv_text(["id", "note"], [["c1", meant]])) == ([("c1", {"note": meant})], [])


@pytest.mark.parametrize("cell", ["#N/A", "1.23E+05", "10023417.0", "nan", "###"])
def test_a_case_is_never_named_by_a_leftover(cell):
    _, problems = nodes(f"reference,note\n{cell},x\n")
    assert [(one.code, one.at.column) for one in problems] == [("spreadsheet-leftover", 1)]


@pytest.mark.parametrize("cell", ["#1 priority", "#12", "5E10", "none", "N/A yet", "“quoted”", "ü"])
def test_a_text_that_only_looks_like_a_leftover_is_a_text(cell):
    assert nodes(f"id;note\nc1;{cell}\n") == ([("c1", {"note": cell})], [])


def test_a_word_for_nothing_clears_where_it_is_said_to():
    assert nodes("id,note\nc1,None\n", null="None") == ([("c1", {"note": "null"})], [])


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


def test_a_column_for_the_reader_is_passed_over():
    assert nodes("id,#title,note,#title\nc1,x,y,z\n")[0] == [("c1", {"note": "y"})]


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


# -- files ---------------------------------------------------------------------------------


def table(folder, data, name="t.csv", format=""):
    """Cases with their fields, and the problems as `line:column code`."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    header = Header(at=Source(name), name="t")
    spec, problems = read_table(path, format, header, TableRules())
    cases = {case.key: {one.name: one.value.text for one in case.fields} for case in spec.cases}
    return cases, [f"{one.at.line}:{one.at.column} {one.code}" for one in problems]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path):
    assert table(tmp_path, b"\xef\xbb\xbfcase_id,note\r\nc1,\xc3\xa9\r\n") == (
        {"c1": {"note": "é"}},
        [],
    )


@pytest.mark.parametrize(
    ("data", "name", "problems"),
    [
        pytest.param(b"id,note\nc1,\xe9\n", "t.csv", ["2:4 encoding"], id="latin-1"),
        pytest.param("id,note\n".encode("utf-16"), "t.csv", ["1:1 encoding"], id="utf-16"),
        pytest.param("id\n", "t.xlsx", ["1:1 unknown-file-type"], id="a-workbook"),
        pytest.param("id,note\nc 1,x\n", "t.csv", ["2:1 not-a-case-id"], id="no-case-id"),
        pytest.param("id,note\nc1,x\nc1,x\n", "t.csv", ["3:1 repeated-row"], id="twice"),
        pytest.param(
            'id,note,note\n,x,\nc1\n"c 2",y,\n',
            "t.csv",
            ["1:3 repeated-column", "2:1 missing-key", "3:1 ragged-row", "4:1 not-a-case-id"],
            id="everything-at-once",
        ),
    ],
)
def test_every_problem_of_a_file_is_found_in_one_reading(tmp_path, data, name, problems):
    assert table(tmp_path, data, name)[1] == problems


def test_a_value_stands_in_its_cell_and_its_name_in_the_first_row(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('id,note,score\nc1,"a\nb",1\nc2,x,5\n')
    spec, _ = read_table(path, "", Header(at=Source("t.csv"), name="t"), TableRules())
    places = [
        (one.line, one.column, one.value.line, one.value.column, one.value.plain)
        for one in spec.cases[1].fields
    ]
    assert places == [(1, 2, 4, 2, False), (1, 3, 4, 3, True)]


def test_a_file_that_is_not_there_is_said_to_be_unreadable(tmp_path):
    header = Header(at=Source("no.csv"), name="t")
    _, [problem] = read_table(tmp_path / "no.csv", "", header, TableRules())
    assert problem.code == "unreadable-file"


def test_the_format_may_be_said_where_the_suffix_says_nothing(tmp_path):
    assert table(tmp_path, "id,note\nc1,x\n", "t.data", "csv")[0] == {"c1": {"note": "x"}}


# -- JSON Lines ----------------------------------------------------------------------------


def test_json_lines_have_types_and_null_clears(tmp_path):
    text = (
        '{"case_id": "c1", "fields": {"note": "5", "score": 4.50, "vip": true, "due": null}}\n'
        '\n{"reference": "42", "fields": {"note": "a\\nb"}}\r\n{"id": "c3", "fields": {}}\n'
    )
    path = tmp_path / "t.jsonl"
    path.write_text(text)
    spec, problems = read_table(path, "", Header(at=Source("t"), name="t"), TableRules())
    assert problems == ()
    assert [(one.key, one.by_reference) for one in spec.cases] == [("c1", False), ("42", True)]
    assert [(one.value.text, one.value.plain) for one in spec.cases[0].fields] == [
        ("5", False),
        ("4.50", True),
        ("true", True),
        ("null", True),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("{", "2:2 not-json", id="broken"),
        pytest.param("[1]", "2:1 wrong-shape", id="a-list"),
        pytest.param('{"id": "c1", "fields": 5}', "2:1 wrong-shape", id="no-fields"),
        pytest.param('{"id": "c1", "fields": {"a": [1]}}', "2:1 wrong-shape", id="a-list-inside"),
        pytest.param('{"id": "c1", "fields": {"a": 1, "a": 2}}', "2:1 repeated-key", id="twice"),
        pytest.param(
            '{"id": "c1", "case_id": "c", "fields": {"a": 1}}', "2:1 repeated-key", id="ids"
        ),
        pytest.param('{"id": "c1", "fields": {"a": "\\ud800"}}', "2:1 wrong-shape", id="half"),
        pytest.param('{"fields": {"a": 1}}', "2:1 missing-key", id="no-case"),
        pytest.param(
            '{"id": "c1", "titel": 1, "fields": {"a": 1}}', "2:1 unknown-key", id="unknown"
        ),
        pytest.param("[" * 100_000, "2:1 not-json", id="nested"),
    ],
)
def test_what_is_wrong_with_a_line_does_not_hide_the_others(tmp_path, line, problem):
    good = '{"id": "good%d", "fields": {"a": 1}}\n'
    cases, problems = table(tmp_path, good % 1 + line + "\n" + good % 2, "t.jsonl")
    assert problems == [problem]
    assert {"good1", "good2"} <= cases.keys()
