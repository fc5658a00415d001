"""What a row says of its case: which cells are values, which clear, and which nobody meant."""

import csv

import pytest

from reconciler.model.diagnostic import Source
from reconciler.tables.file import csv_rows
from tests.tables.reading import nodes

LEFTOVERS = [
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#NV", "#BEZUG!",
    "#ÜBERLAUF!", "#¿NOMBRE?", "#Н/Д", " #N/A ", "####", "Err:502", "NULL", "nan", "None", "N/A",
    "NA", "<NA>", "NaT", r"\N", "1.23E+05", "1,23E+05", '"=""0123"""', "(null)",
]  # fmt: skip


def test_an_empty_cell_leaves_its_field_alone_unless_it_is_to_clear():
    text = "id,note,score\nc1,,5\nc2,,\nc3,(none),\n"
    assert nodes(text)[0] == [("c1", {"score": "5"}), ("c3", {"note": "(none)"})]
    assert nodes(text, clear_empty=True)[0] == [
        ("c1", {"note": "null", "score": "5"}),
        ("c2", {"note": "null", "score": "null"}),
        ("c3", {"note": "(none)", "score": "null"}),
    ]
    assert nodes(text, null="(none)")[0] == [("c1", {"score": "5"}), ("c3", {"note": "null"})]


@pytest.mark.parametrize("cell", LEFTOVERS)
def test_what_stands_for_no_value_is_refused_at_its_cell_and_is_text_behind_an_apostrophe(cell):
    found, [problem] = nodes(f"id;note;score\nc1;;5\nc2;{cell};6\n")
    assert found == [("c1", {"score": "5"}), ("c2", {"score": "6"})]
    assert (problem.code, problem.at) == ("spreadsheet-leftover", Source("t.csv", 3, 2))
    assert "apostrophe" in problem.hint
    meant = csv.reader([cell]).__next__()[0].strip() if cell[0] == '"' else cell.strip()
    assert nodes("".join(csv_rows(["id", "note"], [["c1", meant]]))) == (
        [("c1", {"note": meant})],
        [],
    )


@pytest.mark.parametrize("cell", ["#N/A", "1.23E+05", "10023417.0", "nan", "###"])
def test_a_case_is_never_named_by_a_leftover(cell):
    _, problems = nodes(f"reference,note\n{cell},x\n")
    assert [(one.code, one.at.column) for one in problems] == [("spreadsheet-leftover", 1)]


@pytest.mark.parametrize("cell", ["#1 priority", "#12", "5E10", "none", "N/A yet", "“quoted”", "ü"])
def test_a_text_that_only_looks_like_a_leftover_is_a_text(cell):
    assert nodes(f"id;note\nc1;{cell}\n") == ([("c1", {"note": cell})], [])


def test_a_word_for_nothing_clears_where_it_is_said_to():
    assert nodes("id,note\nc1,None\n", null="None") == ([("c1", {"note": "null"})], [])


def test_a_column_for_the_reader_is_passed_over():
    assert nodes("id,#title,note,#title\nc1,x,y,z\n")[0] == [("c1", {"note": "y"})]
