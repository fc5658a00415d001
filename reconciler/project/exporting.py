"""Export live cases: which ones a command line means, and what is read of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reconciler.config.model import Config, Target
from reconciler.edit.export import Exported, ExportOrder, export
from reconciler.edit.export_files import (
    BY_TEMPLATE,
    Shape,
    Spelling,
    Tally,
    schema_from,
)
from reconciler.errors import AuthorErrors, WrongArgument
from reconciler.model.argument import argument
from reconciler.model.condition import Select
from reconciler.model.diagnostic import Problem, Source
from reconciler.model.plan import Mode, UnreadableCase
from reconciler.model.progress import Progress, no_progress
from reconciler.model.source import Written
from reconciler.model.spec import Header, PolicySpec
from reconciler.project.connections import Connections
from reconciler.project.home import names
from reconciler.specs.reading.where_option import read_where
from reconciler.yaml.checks import Page

FORMATS = ("yaml", "csv", "jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The cases that a command line is about; nothing at all means every case."""

    cases: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    template: str | None = None
    tags: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        template = () if self.template is None else (f"template {self.template}",)
        parts = (*template, *(f"tag {key}={value}" for key, value in self.tags), *self.where)
        return ", ".join(parts) or ("named cases" if self.cases else "all cases")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a call says of the cases, and of what is made of them."""

    cases: tuple[str, ...]
    where: tuple[str, ...]
    template: str | None
    tags: tuple[tuple[str, str], ...]
    everything: bool
    fields: tuple[str, ...]
    format: str
    name: str
    reason: str | None
    split: str
    bom: bool
    limit: int
    mode: str
    folder: str | Path | None


class Export:
    """Live cases in an author's words, before they are written anywhere.

    Example:
        >>> project.export(cases=case_id).cases
        1
    """

    def __init__(self, exported: Exported, target: str, shape: Shape) -> None:
        self._exported = exported
        self._spelling = Spelling(exported, target, shape)
        self._counted: Tally | None = None

    @property
    def files(self) -> Mapping[str, bytes]:
        """The content of each file, by its name."""
        return {name: b"".join(parts) for name, parts in self.parts().items()}

    def parts(self) -> Mapping[str, Iterator[bytes]]:
        """The same in parts, for exports that are too large to be held whole."""
        tally = Tally()
        files = dict(self._spelling.files(tally))
        left = set(files)

        def counted(name: str, parts: Iterator[bytes]) -> Iterator[bytes]:
            yield from parts
            left.discard(name)
            if not left:
                self._counted = tally

        return {name: counted(name, parts) for name, parts in files.items()}

    def _tally(self) -> Tally:
        """What was counted while the files were written, else what would be."""
        if self._counted is None:
            self._counted = Tally()
            for _ in self._spelling.cases(self._exported.cases.ids(), self._counted):
                pass
        return self._counted

    @property
    def cases(self) -> int:
        """How many cases were read."""
        return len(self._exported.cases)

    @property
    def values(self) -> int:
        """How many values are written."""
        return self._tally().values

    @property
    def bare(self) -> int:
        """How many of the cases hold none of the fields."""
        return self._tally().bare

    @property
    def withheld(self) -> tuple[str, ...]:
        """The names of the sensitive fields, which are never written."""
        return tuple(field.name for field in self._exported.withheld)

    @property
    def left_out(self) -> Mapping[tuple[str, str], int]:
        """How many values no spec can ask for, by the field's name and the reason's code."""
        known = self._exported.catalog.by_id
        found = self._tally().left_out.items()
        return {(known[key].name, code): count for (key, code), count in found}

    @property
    def unreadable(self) -> tuple[UnreadableCase, ...]:
        """The cases that could not be read, each with `case`, `reason` and `detail`."""
        return self._exported.unreadable

    @property
    def strategy(self) -> tuple[str, ...]:
        """How the cases were read, a line each."""
        return self._exported.strategy


def named(argument: str, given: Any) -> tuple[str, ...]:
    """Names as a tuple; None means that none is named."""
    return tuple(map(str, names(argument, given)))


def pairs(given: Any) -> tuple[tuple[str, str], ...]:
    """Keys and values, of a mapping or as pairs."""
    found = given.items() if isinstance(given, Mapping) else given or ()
    return tuple((str(key), str(value)) for key, value in found)


def chosen_of(asked: Asked) -> Chosen:
    """The cases that are meant, when they are chosen in one way."""
    selecting = bool(asked.where or asked.template or asked.tags)
    if selecting + bool(asked.cases) + asked.everything != 1:
        raise WrongArgument(
            "cases", "say which: cases; or where, template and tags; or everything; one of these"
        )
    if asked.format not in FORMATS:
        raise WrongArgument("format", f"found {asked.format!r}, expected {', '.join(FORMATS)}")
    return Chosen(cases=asked.cases, where=asked.where, template=asked.template, tags=asked.tags)


def shape_of(asked: Asked, config: Config, target: Target, chosen: Chosen) -> Shape:
    """How the export is written."""
    split = asked.split
    if split and split != BY_TEMPLATE and not (split.isdecimal() and int(split)):
        raise WrongArgument("split", f'"{split}" is neither "template" nor a number of cases')
    # Where the values are from; conditions may hold sensitive ones, and are then not repeated.
    reason = f"exported from {target.name}" + ("" if target.sensitive else f": {chosen}")
    return Shape(
        format=asked.format,
        name=asked.name,
        reason=asked.reason or reason,
        schema=schema_from(config, None if asked.folder is None else Path(asked.folder)),
        split=split,
        bom=asked.bom,
    )


def selections(chosen: Chosen) -> tuple[PolicySpec, ...]:
    """A policy without fields for each part of the selection, so that each has its own place."""
    problems: list[Problem] = []
    found: list[PolicySpec] = []
    for number, text in enumerate(chosen.where, 1):
        page = Page(_place(number, len(chosen.where)), problems)
        found.append(_selection(page.file, Select(where=read_where(text, page))))
    if chosen.template is not None:
        template = Written(chosen.template, False, 1, 1)
        found.append(_selection(argument("template"), Select(template=template)))
    if problems:
        raise AuthorErrors(problems)
    if not chosen.cases:
        found.append(_selection(argument("tags"), Select(tags=chosen.tags)))
    return tuple(found)


def _place(number: int, most: int) -> str:
    return argument("where") + (f" {number}" if most > 1 else "")


def _selection(place: str, select: Select) -> PolicySpec:
    header = Header(at=Source(place), name="export")
    return PolicySpec(header=header, select=select, fields=())


def export_now(
    target: Target, order: ExportOrder, connections: Connections, progress: Progress = no_progress
) -> Exported:
    """The cases as they are now."""
    return export(replace(order, progress=progress), connections.plan_access(target))


def order_for(
    chosen: Chosen, fields: Sequence[str], shape: Shape, mode: Mode, limit: int
) -> ExportOrder:
    """What is to be read; mistakes in conditions are raised before any call."""
    return ExportOrder(
        selections=selections(chosen),
        cases=chosen.cases,
        fields=tuple(fields),
        templates=shape.format == "csv" or shape.split == BY_TEMPLATE,
        mode=mode,
        limit=limit,
    )
