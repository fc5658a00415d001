"""Write tables for spreadsheets, and read them as the cases they stand for (csv's one door)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from reconciler.tables.cells import armoured, without_apostrophe
from reconciler.tables.rows import Cells, Columns, TableRules
from reconciler.yaml.checks import Page
from reconciler.yaml.marks import MERGE_CONFLICT
from reconciler.yaml.reader import MapNode
from reconciler.yaml.syntax import is_conflict

BOM = "\ufeff"
DELIMITERS = (",", ";", "\t")


def csv_rows(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table as RFC 4180 has it, every cell armoured; a row at a time, with its line end."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, lineterminator="\r\n")
    for row in chain((columns,), rows):
        writer.writerow([armoured(cell) for cell in row])
        yield made.getvalue()
        made.seek(0)
        made.truncate()


def read_csv(text: str, page: Page, rules: TableRules) -> Iterator[MapNode]:
    """Each row as a case of a spec; what is wrong goes to the page, and the rest is read on."""
    records = _records(text, _delimiter(text, rules), page)
    first = next(records, None)
    if first is not None and _SEPARATOR.fullmatch(text[: text.find("\n")]):
        first = next(records, None)
    if first is None:
        page.refuse((1, 1), "empty-table", "found no row, expected a row of column names", _HEADER)
        return
    columns = Columns(
        [without_apostrophe(name.strip(_AROUND)) for name in first[1]], page, rules, first[0]
    )
    if columns.key is None:
        return
    width = len(first[1])
    for line, row in records:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < width or any(cell.strip() for cell in row[width:]):
            page.refuse(
                (line, 1),
                "ragged-row",
                f"found {len(row)} cells, expected {width}, one for each column",
                "put quotes around a cell that holds the delimiter, and keep empty cells",
            )
            continue
        node = columns.case(Cells(line, tuple(row[:width])))
        if node is not None:
            yield node


_AROUND = " \u00a0"  # what is typed around names by accident
# A spreadsheet's own word for its delimiter, in a line above the table.
_SEPARATOR = re.compile('"?sep=([,;\t|])"?[,;\t|]*\r?', re.IGNORECASE)
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
        if row and is_conflict(row[0]):
            page.refuse((line, 1), *MERGE_CONFLICT)
            return
        if row:
            yield line, row


def _delimiter(text: str, rules: TableRules) -> str:
    """The delimiter with which the first row names the case, of several the one with most cells.

    Nothing else about the file is guessed.
    """
    # Excel obeys such a line; other programs show it as a row.
    said = _SEPARATOR.fullmatch(text[: text.find("\n")])
    if said is not None:
        return said[1]
    best = (False, 0, DELIMITERS[0])
    for delimiter in reversed(DELIMITERS):
        try:
            row = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        except csv.Error:
            continue
        named = any(rules.is_key(without_apostrophe(cell)) for cell in row)
        best = max(best, (named, len(row), delimiter), key=lambda found: found[:2])
    return best[2]
