"""Put exported cases into files: a spec, or a table for `reconcile import`."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from reconciler.config.model import Config
from reconciler.edit.export import Exported
from reconciler.errors import ReconcilerError
from reconciler.files.whole_file import replace_file, replaces
from reconciler.model.argument import argument
from reconciler.model.catalog import Field
from reconciler.model.value import CaseId, FieldId
from reconciler.specs.spelling import Spelled, Speller
from reconciler.specs.writing import SCHEMA, CaseText, Heading, spec_lines
from reconciler.tables.file import BOM, csv_rows
from reconciler.tables.json_lines import json_lines
from reconciler.tables.rows import COMMENT, TableRules

BY_TEMPLATE = "template"
PART = 1 << 16  # characters of one write


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How an export is written; `split` is `template`, a number of cases, or nothing."""

    format: str = "yaml"
    name: str = "export"
    reason: str = ""
    schema: str = SCHEMA
    split: str = ""
    bom: bool = False


@dataclass(slots=True)
class Tally:
    """What was written of the cases, and how many values of each field no spec can ask for."""

    values: int = 0
    bare: int = 0
    left_out: dict[tuple[FieldId, str], int] = field(default_factory=dict)

    def count(self, one: Spelled) -> None:
        """Take one case into account."""
        self.values += len(one.fields)
        self.bare += not one.fields
        for entry in one.unsayable:
            key = (entry.field.id, entry.code)
            self.left_out[key] = self.left_out.get(key, 0) + 1


class Spelling:
    """The cases in an author's words, spelled one by one as a file is written."""

    def __init__(self, exported: Exported, target: str, shape: Shape) -> None:
        self._exported = exported
        self._target = target
        self._shape = shape
        self._speller = Speller(exported.catalog)

    def cases(self, ids: Iterable[CaseId], tally: Tally) -> Iterator[Spelled]:
        """Each of these cases, counted."""
        for case_id in ids:
            one = self._speller.case(self._exported.cases.of(case_id), self._exported.fields)
            tally.count(one)
            yield one

    def files(self, tally: Tally) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each file's name and its content in parts, which count what they write."""
        for name, ids in self._groups():
            lines = self._lines(name, self.cases(ids, tally))
            yield f"{name}.{self._shape.format}", _parts(lines)

    def _lines(self, name: str, cases: Iterator[Spelled]) -> Iterator[str]:
        shape = self._shape
        if shape.format == "csv":
            columns, row = self._columns(), self._row()
            rows = csv_rows(columns, map(row, cases))
            return chain([BOM], rows) if shape.bom else rows
        if shape.format == "jsonl":
            named = self._speller.name
            return json_lines(
                (one.live.case_id, {named(key): value for key, value in one.fields})
                for one in cases
            )
        heading = Heading(
            name=name,
            reason=shape.reason,
            target=self._target,
            schema=shape.schema if shape.schema.isprintable() else SCHEMA,
            comments=tuple(f"left out, sensitive: {one.name}" for one in self._exported.withheld),
        )
        return spec_lines(heading, (self._case_text(one) for one in cases if one.fields))

    def _case_text(self, one: Spelled) -> CaseText:
        """The case for a spec, with a comment that tells a person which one it is."""
        held = one.live.values
        return CaseText(
            one.live.case_id,
            [(self._speller.name(field), value) for field, value in one.fields],
            comment=" ".join(str(held[key]) for key in self._exported.comments if key in held),
            left_out=tuple(f"{each.field.name} ({each.code})" for each in one.unsayable),
        )

    def _aside(self) -> list[FieldId]:
        """What is for the reader alone; it has a column that import passes over."""
        exported = self._exported
        return [
            key for key in exported.comments if exported.catalog.by_id[key] not in exported.fields
        ]

    def _columns(self) -> list[str]:
        return [
            "case_id",
            *(COMMENT + key for key in self._aside()),
            COMMENT + BY_TEMPLATE,
            *(_column(self._speller, field) for field in self._exported.fields),
        ]

    def _row(self) -> Callable[[Spelled], list[str]]:
        names, aside, fields = self._template_names(), self._aside(), self._exported.fields

        def row(one: Spelled) -> list[str]:
            held = {field.id: value.text for field, value in one.fields}
            return [
                one.live.case_id,
                *(str(one.live.value_of(key) or "") for key in aside),
                names.get(one.live.template_id, one.live.template_id),
                *(held.get(field.id, "") for field in fields),
            ]

        return row

    def _template_names(self) -> Mapping[str, str]:
        return {template.id: template.name for template in self._exported.catalog.templates}

    def _groups(self) -> Iterator[tuple[str, Sequence[CaseId]]]:
        """The cases of each file, under a name that no other has."""
        split, name = self._shape.split, self._shape.name
        ids = self._exported.cases.ids()
        if not split:
            yield name, ids
        elif split == BY_TEMPLATE:
            yield from self._by_template(name)
        else:
            size = int(split)
            # As many digits as the last file needs, so that names sort as numbers do.
            width = max(3, len(str(-(-len(ids) // size))))
            for number, at in enumerate(range(0, len(ids), size), 1):
                yield f"{name}-{number:0{width}}", ids[at : at + size]

    def _by_template(self, name: str) -> Iterator[tuple[str, Sequence[CaseId]]]:
        names = self._template_names()
        groups: dict[str, list[CaseId]] = {}
        for live in self._exported.cases:
            groups.setdefault(live.template_id, []).append(live.case_id)
        taken: set[str] = set()
        for key in sorted(groups, key=lambda key: (names.get(key, key).casefold(), key)):
            # File names of other letters would not survive every archive and checkout.
            slug = "-".join(re.findall("[a-z0-9]+", names.get(key, key).casefold())) or key
            while slug in taken:
                slug += "-2"
            taken.add(slug)
            yield f"{name}-{slug}", groups[key]


def _column(speller: Speller, field: Field) -> str:
    """A name that reads as this field, not as a comment or as the case."""
    name = speller.name(field)
    # Import would pass over a column that begins so, or take it for the case.
    return field.id if name.startswith(COMMENT) or TableRules.is_key(name) else name


def _parts(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines put together into writes that are worth their call."""
    waiting: list[str] = []
    length = 0
    for line in lines:
        waiting.append(line)
        length += len(line)
        if length >= PART:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    yield "".join(waiting).encode()


def schema_from(config: Config, folder: Path | None) -> str:
    """The way from a file in this folder to the schema that `reconcile init` puts into `root`."""
    if folder is None:
        return SCHEMA
    schema = config.root / "schemas" / "spec.schema.json"
    return Path(os.path.relpath(schema, folder.resolve())).as_posix()


def save(files: Mapping[Path, bytes | Iterable[bytes]], *, force: bool) -> None:
    """Write all of the files, readable by their owner alone, or none when one is there already."""
    check_free(files, force=force)
    for path, content in files.items():
        replace_file(path, content)


def check_free(paths: Iterable[Path], *, force: bool) -> None:
    """Refuse to overwrite what is there."""
    there = [str(path) for path in paths if replaces(path)]
    if there and not force:
        raise ReconcilerError(
            f"{', '.join(there)}: there already; nothing was written",
            f"choose another name, or overwrite with {argument('force')}",
        )
