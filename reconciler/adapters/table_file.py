"""Write tables for spreadsheets, and read them as the cases they stand for (csv's one door).

A cell that a spreadsheet would run as a formula gets an apostrophe in front, and a cell that looks
like such an escape gets one more, so that reading undoes exactly what writing did.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from reconciler.adapters.spec_checks import Page
from reconciler.adapters.table_rows import Cells, Columns, TableRules
from reconciler.adapters.yaml_reader import MapNode
from reconciler.model.value import NUMBER

BOM = "\ufeff"
DELIMITERS = (",", ";", "\t")

# What spreadsheets take for the beginning of a formula; a plain number, such as -5, is none.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def armoured(cell: str) -> str:
    """The cell as it is safe to open in a spreadsheet."""
    risky = _FORMULA.match(cell) and not NUMBER.fullmatch(cell)
    return f"'{cell}" if risky else cell


def bare(cell: str) -> str:
    """The cell that was meant."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as RFC 4180 has it, every cell armoured."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    for row in (columns, *rows):
        writer.writerow([armoured(cell) for cell in row])
    return made.getvalue()


def read_csv(text: str, page: Page, rules: TableRules) -> Iterator[MapNode]:
    """Each row as a case of a spec; what is wrong goes to the page, and the rest is read on."""
    records = _records(text, _delimiter(text, rules), page)
    first = next(records, None)
    if first is None:
        page.refuse((1, 1), "empty-table", "found no row, expected a row of column names", _HEADER)
        return
    columns = Columns([bare(name) for name in first[1]], page, rules)
    if columns.key is None:
        return
    for line, row in records:
        if not any(row):
            continue
        if len(row) != len(first[1]):
            page.refuse(
                (line, 1),
                "ragged-row",
                f"found {len(row)} cells, expected {len(first[1])}, one for each column",
                "put quotes around a cell that holds the delimiter, and keep empty cells",
            )
            continue
        node = columns.case(Cells(line, tuple(bare(cell) for cell in row)))
        if node is not None:
            yield node


_HEADER = "name the columns in the first row: case_id or reference, and the fields"


def _records(text: str, delimiter: str, page: Page) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not a blank line, and the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            page.refuse(
                (line, 1),
                "not-csv",
                f"found a row that is not CSV: {error}",
                'put cells that hold quotes, delimiters or line ends in quotes, and double each " '
                "in them",
            )
            return
        if row is None:
            return
        if row:
            yield line, row


def _delimiter(text: str, rules: TableRules) -> str:
    """The delimiter with which the first row names the case, of several the one with most cells.

    Nothing else about the file is guessed.
    """
    best = (False, 0, DELIMITERS[0])
    for delimiter in reversed(DELIMITERS):
        try:
            row = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        except csv.Error:
            continue
        named = any(rules.is_key(bare(cell)) for cell in row)
        best = max(best, (named, len(row), delimiter), key=lambda found: found[:2])
    return best[2]
