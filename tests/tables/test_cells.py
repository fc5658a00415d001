"""A cell in armour is safe to open in a spreadsheet, and read back exactly."""

import pytest
from hypothesis import given

from reconciler.model.value import NUMBER
from reconciler.tables.cells import armoured, without_apostrophe
from tests.tables.reading import CELLS


@given(cell=CELLS)
def test_armour_comes_off_exactly(cell):
    assert without_apostrophe(armoured(cell)) == cell


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
