"""Write cases as JSON Lines, and read such lines as the cases they stand for."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.model.diagnostic import quoted
from reconciler.model.source import Written
from reconciler.model.value import NUMBER
from reconciler.yaml.checks import Page
from reconciler.yaml.reader import Entry, MapNode

KEYS = {"case_id": "id", "id": "id", "reference": "reference"}
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


class _Number(str):
    """A number as it is spelled in the file."""


class _Pairs(list[tuple[str, Any]]):
    """An object with its keys as they stand, repeated ones too."""


def json_lines(cases: Iterable[tuple[str, Mapping[str, Written]]]) -> Iterator[str]:
    """An object a line: case_id and fields, numbers and truths as JSON's own."""
    for key, fields in cases:
        data = {"case_id": key, "fields": {name: _value(one) for name, one in fields.items()}}
        yield json.dumps(data, ensure_ascii=False) + "\n"


def _value(written: Written) -> object:
    text = written.text
    if written.plain and (NUMBER.fullmatch(text) or text in ("true", "false")):
        return json.loads(text)
    return text


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(getattr(error, "msg", error))


def _refuse_constant(name: str) -> object:
    """Another program's word for no value; JSON has only null."""
    raise ValueError(f"found {name}, which JSON does not have; write null or a number")


def read_json_lines(text: str, page: Page) -> Iterator[MapNode]:
    """Each line as a case of a spec; what is wrong goes to the page, and the rest is read on."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            node = _Line(number, page).read(line)
            if node is not None:
                yield node


class _Line:
    """One line; JSON's own reader knows no places, so that its parts stand at the line's start."""

    def __init__(self, number: int, page: Page) -> None:
        self._at = (number, 1)
        self._page = page

    def read(self, line: str) -> MapNode | None:
        """The case; None when the line says nothing of it, or nothing that could be read."""
        try:
            data = json.loads(
                line,
                object_pairs_hook=_Pairs,
                parse_int=_Number,
                parse_float=_Number,
                parse_constant=_refuse_constant,
            )
        except (ValueError, RecursionError) as error:
            column = getattr(error, "colno", 1)
            self._page.refuse(
                (self._at[0], column),
                "not-json",
                f"found a line that is not JSON: {_reason(error)}",
                'write one object a line: {"case_id": "...", "fields": {"status": "open"}}',
            )
            return None
        if not isinstance(data, _Pairs):
            self._refuse("wrong-shape", "found no object", 'write {"case_id": "...", "fields": {}}')
            return None
        return self._case(data)

    def _case(self, data: _Pairs) -> MapNode | None:
        entries: dict[str, Entry] = {}
        for name, value in self._once((KEYS.get(name, name), value) for name, value in data):
            node = self._fields(value) if name == "fields" else self._scalar(value, name)
            entries[name] = (*self._at, node)
        fields = entries.get("fields", (0, 0, None))[2]
        if isinstance(fields, MapNode) and not fields.entries:
            return None
        return MapNode(*self._at, entries)

    def _fields(self, value: object) -> MapNode | Written | None:
        if not isinstance(value, _Pairs):
            return self._scalar(value, "fields")
        found: dict[str, Entry] = {}
        for name, inner in self._once(value):
            scalar = self._scalar(inner, name)
            if scalar is not None:
                found[name] = (*self._at, scalar)
        return MapNode(*self._at, found)

    def _once(self, pairs: Iterable[tuple[str, object]]) -> Iterator[tuple[str, object]]:
        seen: set[str] = set()
        for name, value in pairs:
            if name in seen:
                self._refuse(
                    "repeated-key",
                    f"found {quoted(name)} twice in one object",
                    "keep one of the two",
                )
            elif not _HALF_A_PAIR.search(name):
                yield name, value
            else:
                self._refuse("encoding", f"found half a character in {quoted(name)}", "correct it")
            seen.add(name)

    def _scalar(self, value: object, name: str) -> Written | None:
        if value is None:
            return Written("null", True, *self._at)
        if isinstance(value, bool):
            return Written("true" if value else "false", True, *self._at)
        if isinstance(value, _Number):
            return Written(str(value), NUMBER.fullmatch(value) is not None, *self._at)
        if isinstance(value, str) and not _HALF_A_PAIR.search(value):
            return Written(value, False, *self._at)
        found = "half a character" if isinstance(value, str) else "a list or an object"
        self._refuse(
            "wrong-shape",
            f"found {found} in {quoted(name)}, expected one value",
            "write a text, a number, true, false or null",
        )
        return None

    def _refuse(self, code: str, message: str, hint: str) -> None:
        self._page.refuse(self._at, code, message, hint)
