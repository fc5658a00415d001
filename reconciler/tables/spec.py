"""Read a file of rows as one spec of named cases: whatever checks specs then checks it too."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from reconciler.model.argument import argument
from reconciler.model.diagnostic import Problem
from reconciler.model.spec import CasesSpec, Header, SpecCase
from reconciler.specs.reading.cases import CasesReader
from reconciler.specs.reading.fields import FieldsReader
from reconciler.tables.file import read_csv
from reconciler.tables.json_lines import read_json_lines
from reconciler.tables.rows import TableRules
from reconciler.yaml.checks import Page
from reconciler.yaml.reader import MapNode, Node, YamlReader
from reconciler.yaml.source_bytes import FileBytes

_FORMATS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv", ".txt": "csv"}


def read_table(
    path: Path, format: str, header: Header, rules: TableRules
) -> tuple[CasesSpec, tuple[Problem, ...]]:
    """The cases that the rows of a file stand for, and every problem in them, sorted."""
    problems: list[Problem] = []
    page = Page(header.at.file, problems)
    known = format or _FORMATS.get(path.suffix.lower(), "")
    if not known:
        page.refuse(
            (1, 1),
            "unknown-file-type",
            f"found the suffix {path.suffix or 'none'!r}, expected .csv or .jsonl",
            f"save a spreadsheet as CSV UTF-8; or say what it is with {argument('format')}",
        )
    cases: tuple[SpecCase, ...] = ()
    text = _text(path, page) if known else None
    if text is not None:
        rows = read_json_lines(text, page) if known == "jsonl" else read_csv(text, page, rules)
        reader = CasesReader(page, FieldsReader(page))
        reader.read_cases(_Rows(rows))
        cases = _once(reader.finish(), page)
    return CasesSpec(header=header, cases=cases), tuple(sorted(set(problems)))


class _Rows(YamlReader):
    """A table in the place of the list of cases that a YAML file holds."""

    def __init__(self, rows: Iterable[MapNode]) -> None:
        self._rows = rows

    def at_list(self) -> bool:
        """A table is one."""
        return True

    def items(self) -> Iterator[Node]:
        """The rows."""
        yield from self._rows


def _text(path: Path, page: Page) -> str | None:
    """The file's characters, a byte order mark left off; None when it cannot be read."""
    try:
        with path.open("rb") as file:
            if not page.fits(file):
                return None
            data = file.read()
    except OSError as error:
        page.refuse(
            (1, 1),
            "unreadable-file",
            f"found a file that cannot be read: {error.strerror}",
            "check its path and its permissions",
        )
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pieces = FileBytes(io.BytesIO(data), is_json=False, digested=False)
        line, column, message, _ = pieces.fault()
        page.refuse((line, column), "encoding", message, "in Excel: Save As, CSV UTF-8")
        return None


def _once(cases: Iterable[SpecCase], page: Page) -> tuple[SpecCase, ...]:
    """Each case once; its second row is refused, since a reader could not tell which is meant."""
    kept: dict[tuple[bool, str], SpecCase] = {}
    for case in cases:
        first = kept.setdefault((case.by_reference, case.key), case)
        if first is not case:
            page.refuse(
                (case.line, case.column),
                "repeated-row",
                f"found a second row for case {case.key}, first on line {first.line}",
                "keep one of the two",
            )
    return tuple(kept.values())
