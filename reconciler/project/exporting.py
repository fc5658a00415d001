"""Export live cases: which ones a command line means, and what is read of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reconciler.config.model import Target
from reconciler.edit.export import Exported, ExportOrder, export
from reconciler.edit.export_files import BY_TEMPLATE, Shape
from reconciler.errors import AuthorErrors
from reconciler.model.argument import argument
from reconciler.model.condition import Select
from reconciler.model.diagnostic import Problem, Source
from reconciler.model.plan import Mode
from reconciler.model.progress import Progress, no_progress
from reconciler.model.source import Written
from reconciler.model.spec import Header, PolicySpec
from reconciler.project.connections import Connections
from reconciler.specs.reading.where_option import read_where
from reconciler.yaml.checks import Page


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
