"""Put exported cases into files: a spec, or a table for `reconcile import`."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.config.model import Config
from reconciler.edit.export import Exported
from reconciler.errors import ReconcilerError
from reconciler.files.whole_file import replace_file, replaces
from reconciler.model.argument import argument
from reconciler.model.catalog import Field
from reconciler.model.value import FieldId
from reconciler.specs.spelling import Spelled, Speller
from reconciler.specs.writing import SCHEMA, CaseText, Heading, spec_text
from reconciler.tables.file import BOM, csv_text
from reconciler.tables.json_lines import json_lines
from reconciler.tables.rows import COMMENT, TableRules

BY_TEMPLATE = "template"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How an export is written; `split` is `template`, a number of cases, or nothing."""

    format: str = "yaml"
    name: str = "export"
    reason: str = ""
    schema: str = SCHEMA
    split: str = ""
    bom: bool = False


@dataclass(frozen=True, slots=True)
class Spelling:
    """The cases in an author's words, before a format decides how they are written."""

    exported: Exported
    speller: Speller
    cases: tuple[Spelled, ...]

    @classmethod
    def of(cls, exported: Exported) -> "Spelling":
        """Every case spelled."""
        speller = Speller(exported.catalog)
        cases = tuple(speller.case(live, exported.fields) for live in exported.cases)
        return cls(exported, speller, cases)


def texts(spelling: Spelling, target: str, shape: Shape) -> Iterator[tuple[str, bytes]]:
    """Each file's name and bytes."""
    for name, cases in _groups(spelling, shape):
        part = Spelling(spelling.exported, spelling.speller, tuple(cases))
        if shape.format == "csv":
            text = (BOM if shape.bom else "") + csv_text(*_table(part))
        elif shape.format == "jsonl":
            text = json_lines(
                (one.live.case_id, {part.speller.name(key): value for key, value in one.fields})
                for one in part.cases
            )
        else:
            text = _spec(part, target, name, shape)
        yield f"{name}.{shape.format}", text.encode()


def _spec(part: Spelling, target: str, name: str, shape: Shape) -> str:
    withheld = part.exported.withheld
    heading = Heading(
        name=name,
        reason=shape.reason,
        target=target,
        schema=shape.schema if shape.schema.isprintable() else SCHEMA,
        comments=tuple(f"left out, sensitive: {field.name}" for field in withheld),
    )
    return spec_text(heading, (_case_text(one, part) for one in part.cases if one.fields))


def _case_text(one: Spelled, part: Spelling) -> CaseText:
    """The case for a spec, with a comment that tells a person which one it is."""
    held = one.live.values
    return CaseText(
        one.live.case_id,
        [(part.speller.name(field), value) for field, value in one.fields],
        comment=" ".join(str(held[key]) for key in part.exported.comments if key in held),
        left_out=tuple(f"{each.field.name} ({each.code})" for each in one.unsayable),
    )


def _table(part: Spelling) -> tuple[list[str], Iterator[list[str]]]:
    """Columns and rows; what is for the reader alone has a column that import passes over."""
    exported = part.exported
    names = _template_names(exported)
    aside = [key for key in exported.comments if exported.catalog.by_id[key] not in exported.fields]
    columns = [
        "case_id",
        *(COMMENT + key for key in aside),
        COMMENT + BY_TEMPLATE,
        *(_column(part.speller, field) for field in exported.fields),
    ]

    def row(one: Spelled) -> list[str]:
        held = {field.id: value.text for field, value in one.fields}
        return [
            one.live.case_id,
            *(str(one.live.value_of(key) or "") for key in aside),
            names.get(one.live.template_id, one.live.template_id),
            *(held.get(field.id, "") for field in exported.fields),
        ]

    return columns, map(row, part.cases)


def _column(speller: Speller, field: Field) -> str:
    """A name that reads as this field, not as a comment or as the case."""
    name = speller.name(field)
    return field.id if name.startswith(COMMENT) or TableRules.is_key(name) else name


def _template_names(exported: Exported) -> Mapping[str, str]:
    return {template.id: template.name for template in exported.catalog.templates}


def _groups(spelling: Spelling, shape: Shape) -> Iterator[tuple[str, Sequence[Spelled]]]:
    """The cases of each file, under a name that no other has."""
    cases = spelling.cases
    if not shape.split:
        yield shape.name, cases
    elif shape.split == BY_TEMPLATE:
        yield from _by_template(spelling, shape.name)
    else:
        size = int(shape.split)
        width = max(3, len(str(-(-len(cases) // size))))
        for number, at in enumerate(range(0, len(cases), size), 1):
            yield f"{shape.name}-{number:0{width}}", cases[at : at + size]


def _by_template(spelling: Spelling, name: str) -> Iterator[tuple[str, Sequence[Spelled]]]:
    names = _template_names(spelling.exported)
    groups: dict[str, list[Spelled]] = {}
    for one in spelling.cases:
        groups.setdefault(one.live.template_id, []).append(one)
    taken: set[str] = set()
    for key in sorted(groups, key=lambda key: (names.get(key, key).casefold(), key)):
        slug = "-".join(re.findall("[a-z0-9]+", names.get(key, key).casefold())) or key
        while slug in taken:
            slug += "-2"
        taken.add(slug)
        yield f"{name}-{slug}", groups[key]


def schema_from(config: Config, folder: Path | None) -> str:
    """The way from a file in this folder to the schema that `reconcile init` puts into `root`."""
    if folder is None:
        return SCHEMA
    schema = config.root / "schemas" / "spec.schema.json"
    return Path(os.path.relpath(schema, folder.resolve())).as_posix()


def save(files: Mapping[Path, bytes], *, force: bool) -> None:
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


def unsayable(spelling: Spelling) -> Mapping[tuple[FieldId, str], int]:
    """How many values of each field no spec can ask for, and why."""
    counts: dict[tuple[FieldId, str], int] = {}
    for one in spelling.cases:
        for entry in one.unsayable:
            key = (entry.field.id, entry.code)
            counts[key] = counts.get(key, 0) + 1
    return counts
