"""A file of rows is one spec, and every mistake in it is found in one reading."""

import pytest

from reconciler.model.diagnostic import Source
from reconciler.model.spec import Header
from reconciler.tables.rows import TableRules
from reconciler.tables.spec import read_table
from tests.tables.reading import table


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
    positions = [
        (one.line, one.column, one.value.line, one.value.column, one.value.plain)
        for one in spec.cases[1].fields
    ]
    assert positions == [(1, 2, 4, 2, False), (1, 3, 4, 3, True)]


def test_a_file_that_is_not_there_is_said_to_be_unreadable(tmp_path):
    header = Header(at=Source("no.csv"), name="t")
    _, [problem] = read_table(tmp_path / "no.csv", "", header, TableRules())
    assert problem.code == "unreadable-file"


def test_the_format_may_be_said_where_the_suffix_says_nothing(tmp_path):
    assert table(tmp_path, "id,note\nc1,x\n", "t.data", "csv")[0] == {"c1": {"note": "x"}}
