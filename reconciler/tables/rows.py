"""Turn rows of text into the cases of a spec: which column is the case, which are fields."""

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.model.diagnostic import quoted
from reconciler.model.source import Written
from reconciler.model.value import NUMBER
from reconciler.tables.cells import left_behind, without_apostrophe
from reconciler.yaml.checks import Page
from reconciler.yaml.reader import Entry, MapNode

COMMENT = "#"  # begins the name of a column that is for the reader alone
KEYS = {"case_id": "id", "case id": "id", "id": "id", "reference": "reference"}


@dataclass(frozen=True, slots=True)
class TableRules:
    """What cells that hold nothing mean: leave the field alone, or clear it."""

    clear_empty: bool = False
    null: str | None = None  # a cell of exactly these characters clears its field

    @staticmethod
    def is_key(name: str) -> bool:
        """Whether a column of this name says which case a row is about."""
        return name.strip().casefold() in KEYS


@dataclass(frozen=True, slots=True)
class Cells:
    """One row, and the line on which it begins."""

    line: int
    cells: tuple[str, ...]


class Columns:
    """The first row of a table, read once."""

    def __init__(self, names: Sequence[str], page: Page, rules: TableRules, line: int = 1) -> None:
        self._page = page
        self._rules = rules
        self._line = line
        self._nameless: set[int] = set()
        self.key: tuple[int, str] | None = None
        self._fields: list[tuple[int, str]] = []
        seen: dict[str, int] = {}
        for at, name in enumerate(names):
            if name.startswith(COMMENT):
                continue
            if name in seen and name:
                self._repeated(at, name, seen[name])
            elif rules.is_key(name):
                self._take_key(at, name)
            elif not name.strip():
                self._nameless.add(at)  # spreadsheets keep columns that hold nothing
            else:
                self._fields.append((at, name))
            seen.setdefault(name, at)
        if self.key is None:
            found = ", ".join(quoted(name) for name in names)
            self._refuse(
                0,
                "missing-column",
                f"found the columns {found}, expected one of case_id, id and reference",
                "say in one column which case each row is",
            )

    def case(self, row: Cells) -> MapNode | None:
        """The case that a row stands for; None when it says nothing of it."""
        assert self.key is not None
        at, word = self.key
        self._check(row)
        key = Written(without_apostrophe(row.cells[at]), False, row.line, at + 1)
        if not key.text.strip():
            self._page.refuse(
                (row.line, at + 1),
                "missing-key",
                f"found a row whose {quoted(word)} is empty, expected the case that it is about",
                "fill it in, or remove the row",
            )
            return None
        fields: dict[str, Entry] = {}
        for column, name in self._fields:
            cell = self._cell(row.cells[column], row.line, column + 1)
            if cell is not None:
                fields[name] = (self._line, column + 1, cell)  # where its name stands
        if not fields:
            return None
        inner = MapNode(row.line, 1, fields)
        return MapNode(row.line, 1, {word: (row.line, at + 1, key), "fields": (row.line, 1, inner)})

    def _cell(self, text: str, line: int, column: int) -> Written | None:
        nothing = not text.strip()
        if text == self._rules.null or (nothing and self._rules.clear_empty):
            return Written("null", True, line, column)
        if nothing:
            return None
        wrong = left_behind(text)
        if wrong is not None:
            self._page.refuse((line, column), *wrong)
            return None
        # Only now: with the apostrophe a leftover such as #N/A is the text itself.
        text = without_apostrophe(text)
        plain = NUMBER.fullmatch(text) is not None or text in ("true", "false")
        return Written(text, plain, line, column)

    def _check(self, row: Cells) -> None:
        """Refuse a key that no author wrote, and the first value in a column without a name."""
        assert self.key is not None
        wrong = left_behind(row.cells[self.key[0]], is_key=True)
        if wrong is not None:
            self._page.refuse((row.line, self.key[0] + 1), *wrong)
        for at in sorted(self._nameless):
            if row.cells[at].strip():
                self._nameless.discard(at)
                self._page.refuse(
                    (row.line, at + 1),
                    "empty-name",
                    "found a value in a column without a name",
                    f"name it in the first row, or begin its name with {COMMENT} to have it "
                    "passed over",
                )

    def _take_key(self, at: int, name: str) -> None:
        if self.key is None:
            self.key = (at, KEYS[name.strip().casefold()])
        else:
            self._refuse(
                at,
                "repeated-column",
                f"found {quoted(name)}, and column "
                f"{self.key[0] + 1} says already which case a row is about",
                f"keep one of the two, or begin the other's name with {COMMENT}",
            )

    def _repeated(self, at: int, name: str, first: int) -> None:
        self._refuse(
            at,
            "repeated-column",
            f"found the column {quoted(name)} again, first as column {first + 1}",
            "keep one of the two",
        )

    def _refuse(self, at: int, code: str, message: str, hint: str) -> None:
        self._page.refuse((self._line, at + 1), code, message, hint)
