"""Turn a table into a spec, checked by everything that checks specs."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.config.model import Config, Target
from reconciler.edit.export_files import schema_from
from reconciler.errors import AuthorErrors
from reconciler.model.catalog import Catalog
from reconciler.model.diagnostic import Problem, Source
from reconciler.model.spec import CasesSpec, Header, SpecSet
from reconciler.project.connections import Connections
from reconciler.project.inputs import target_of
from reconciler.specs.checking.lint import lint
from reconciler.specs.writing import SCHEMA, CaseText, Heading, spec_text
from reconciler.tables.rows import TableRules
from reconciler.tables.spec import read_table

if TYPE_CHECKING:
    from reconciler.project.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What the command line of `import` says."""

    path: Path
    format: str = ""
    name: str
    reason: str = ""
    target: str | None = None
    catalog: Path | None = None
    rules: TableRules
    schema: str = SCHEMA


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a call says of a table."""

    path: str | Path
    name: str | None = None
    reason: str = ""
    target: str | None = None
    catalog: str | Path | None = None
    format: str = ""
    clear_empty: bool = False
    null: str | None = None
    folder: str | Path | None = None

    def schema(self, config: Config | None) -> str:
        """The way from the spec to be to the schema of specs."""
        if config is None or self.folder is None:
            return SCHEMA
        return schema_from(config, Path(self.folder))


@dataclass(frozen=True, slots=True)
class Imported:
    """The spec's text, and how many cases it names."""

    text: str
    cases: int

    @staticmethod
    def read(path: str | Path, *, project: "Project | None" = None, **more: Any) -> "Imported":
        """The spec of a table, as `Project.import_table` makes it; of it alone without a project.

        Example:
            >>> table = folder / "fixes.csv"
            >>> _ = table.write_text("case_id,severity\\nc1,Low\\n")
            >>> Imported.read(table).cases
            1
        """
        from reconciler.project.edits import imported_by

        home = None if project is None else project._home
        return imported_by(home, Reading(path=path, **more))


# What a spec is checked against where there is no config: one nameless target.
_ANYWHERE = Config(
    root=Path(),
    path=None,
    specs=Path("specs"),
    targets={"": Target(name="", domain="")},
    default_target="",
)


def import_now(
    request: ImportRequest, config: Config | None, connections: Connections | None
) -> Imported:
    """The spec that the table stands for; all problems are raised together."""
    targets = (request.target,) if request.target else ()
    header = Header(at=Source(str(request.path)), name=request.name, targets=targets)
    spec, problems = read_table(request.path, request.format, header, request.rules)
    specs = SpecSet(specs=(spec,), digest="", files=(str(request.path),))
    found = [*problems, *lint(specs, (targets and config) or _ANYWHERE, None)]
    if request.catalog is not None or connections is not None:
        spec, more = _typed(spec, request, config, connections)
        found.extend(more)
    if found:
        raise AuthorErrors(found)
    return Imported(_text(spec, request), len(spec.cases))


def _typed(
    spec: CasesSpec,
    request: ImportRequest,
    config: Config | None,
    connections: Connections | None,
) -> tuple[CasesSpec, tuple[Problem, ...]]:
    from reconciler.specs.names import fields_called
    from reconciler.tables.values import typed

    catalog = _catalog(spec, request, config, connections)
    targets = config.targets.values() if config else ()
    secret = (name for target in targets for name in target.sensitive)
    return typed(spec, catalog, fields_called(secret, catalog))


def _catalog(
    spec: CasesSpec,
    request: ImportRequest,
    config: Config | None,
    connections: Connections | None,
) -> Catalog:
    if request.catalog is not None:
        from reconciler.service.catalog_data import catalog_from
        from reconciler.service.catalog_file import open_catalog

        return catalog_from(open_catalog(request.catalog))
    from reconciler.service.catalog import read_fields, with_options
    from reconciler.specs.resolve import selects_in_use

    assert config is not None and connections is not None
    connection = connections.open(target_of(config, request.target))
    catalog = read_fields(connection.domain, connection.catalog)
    return with_options(catalog, connection.catalog, selects_in_use((spec,), catalog))


def _text(spec: CasesSpec, request: ImportRequest) -> str:
    heading = Heading(
        name=request.name,
        reason=request.reason,
        target=request.target or "",
        schema=request.schema,
    )
    cases = (
        CaseText(
            case.key,
            [(field.name, field.value) for field in case.fields],
            by_reference=case.by_reference,
        )
        for case in spec.cases
    )
    return spec_text(heading, cases)
