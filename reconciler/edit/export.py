"""Read the cases of a selection as a plan would read them. Nothing here can write."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial

from reconciler.edit.kept import Kept
from reconciler.errors import AuthorErrors, ReconcilerError
from reconciler.model.argument import argument
from reconciler.model.case import DesiredField, LiveCase
from reconciler.model.catalog import Catalog, Field
from reconciler.model.diagnostic import Problem, Source, UnplacedProblem
from reconciler.model.fieldtypes.table import has_options
from reconciler.model.filter import Every, Selection
from reconciler.model.plan import Mode, UnreadableCase
from reconciler.model.plural import plural
from reconciler.model.progress import Progress, no_progress
from reconciler.model.spec import PolicySpec
from reconciler.model.system_fields import REFERENCE, REFERENCE_FIELDS, TITLE
from reconciler.model.value import CaseId, FieldId
from reconciler.read.gathered import Compared
from reconciler.read.gathering import Gatherer, Problems
from reconciler.read.index import Index
from reconciler.read.managed import GatherOrder, ManagedCase, ManagedCases, unseen
from reconciler.read.preparing import PlanAccess, sensitive_ids
from reconciler.read.whole_rows import WholeRows, portions
from reconciler.service.catalog import read_fields, with_options, with_templates
from reconciler.service.ports import CaseReader, SearchPage
from reconciler.specs.names import FieldNames
from reconciler.specs.resolve import (
    Resolution,
    ResolvedCase,
    ResolvedPolicy,
    resolve,
    selects_in_use,
)
from reconciler.specs.selection import selects

_AT = Source("export")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOrder:
    """What to read: the cases named, or those that every one of the selections includes."""

    selections: tuple[PolicySpec, ...] = ()
    cases: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    templates: bool = False
    mode: Mode = Mode.BALANCED
    limit: int
    progress: Progress = no_progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The cases by id, whole or unreadable; `withheld` are the sensitive fields, never written."""

    catalog: Catalog
    fields: tuple[Field, ...]
    cases: Kept
    unreadable: tuple[UnreadableCase, ...]
    withheld: tuple[Field, ...]
    comments: tuple[FieldId, ...]
    strategy: tuple[str, ...]


def export(order: ExportOrder, access: PlanAccess) -> Exported:
    """Read what is asked for; problems with names are raised together, before any case is read."""
    catalog = read_fields(access.domain, access.catalog)
    catalog = with_options(catalog, access.catalog, selects_in_use(order.selections, catalog))
    if order.templates or any(spec.select.template for spec in order.selections):
        catalog = with_templates(catalog, access.catalog)
    sensitive = sensitive_ids(access.target.sensitive, catalog, access.target.name)
    resolution = resolve(order.selections, catalog, sensitive)
    fields, problems = _fields(order.fields, catalog, sensitive)
    if problems or resolution.problems:
        raise AuthorErrors((*problems, *resolution.problems))
    comments = tuple(
        key for key in (REFERENCE, TITLE) if key in catalog.by_id and key not in sensitive
    )
    asked = tuple(dict.fromkeys((*(field.id for field in fields), *comments)))
    resolution = _resolution(order.cases, resolution.policies, asked)
    gatherer = _Keeper(access.reader, _gathering(order, access, catalog, resolution), order.limit)
    gathered = gatherer.gather()
    return Exported(
        catalog=with_options(
            catalog, access.catalog, _selects(fields, catalog, gatherer.kept.held)
        ),
        fields=fields,
        cases=gatherer.kept,
        unreadable=tuple(gathered.unreadable),
        withheld=tuple(field for field in catalog.fields if field.id in sensitive),
        comments=comments,
        strategy=tuple(gathered.strategy),
    )


def _gathering(
    order: ExportOrder, access: PlanAccess, catalog: Catalog, resolution: Resolution
) -> GatherOrder:
    return GatherOrder(
        catalog=catalog,
        resolution=resolution,
        mode=order.mode,
        quotas=access.quotas,
        share=access.target.share,
        progress=order.progress,
    )


def _selects(fields: Sequence[Field], catalog: Catalog, held: Set[FieldId]) -> Iterator[FieldId]:
    """The single-selects that a case holds a value of, and whose options are not known yet."""
    for field in fields:
        if has_options(field) and field.id not in catalog.options and field.id in held:
            yield field.id


def _fields(
    names: Sequence[str], catalog: Catalog, sensitive: frozenset[FieldId]
) -> tuple[tuple[Field, ...], tuple[Problem, ...]]:
    """The fields asked for, in that order; else all that may be written, references apart."""
    if not names:
        left = [
            field
            for field in catalog.fields
            if not (field.read_only or field.id in sensitive or field.id in REFERENCE_FIELDS)
        ]
        return tuple(sorted(left, key=_order)), ()
    lookup = FieldNames(catalog)
    found: dict[FieldId, Field] = {}
    problems: list[Problem] = []
    for number, name in enumerate(names, 1):
        known = lookup.find(name)
        problem = known if isinstance(known, UnplacedProblem) else _withheld(known, sensitive)
        if problem is not None:
            at = Source(argument("fields"), number)
            problems.append(Problem(at, problem.code, problem.message, problem.hint))
        elif not isinstance(known, UnplacedProblem):
            found[known.id] = known
    return tuple(found.values()), tuple(problems)


def _withheld(field: Field, sensitive: frozenset[FieldId]) -> UnplacedProblem | None:
    if field.read_only:
        return UnplacedProblem(
            "read-only-field",
            f"{field.name} is written by the service itself, and no spec may name it",
            "leave it out",
        )
    if field.id in sensitive:
        return UnplacedProblem(
            "sensitive-field",
            f"{field.name} is sensitive in the config, and is never exported",
            "leave it out",
        )
    return None


def _order(field: Field) -> tuple[bool, bool, str, str]:
    """System fields before custom ones, the title first, else by name."""
    return field.namespace != "System", field.id != TITLE, field.name.casefold(), field.id


def _resolution(
    cases: Sequence[str], policies: Sequence[ResolvedPolicy], asked: Sequence[FieldId]
) -> Resolution:
    """The fields asked for as if specs set them, since planning reads what specs set."""
    fields = tuple(DesiredField(key, None, _AT) for key in asked)
    if cases:
        named = tuple(ResolvedCase(key, False, fields, _AT) for key in dict.fromkeys(cases))
        return Resolution(named, ())
    parts = [policy.selection for policy in policies]
    templates = {part.template_id for part in parts if part.template_id is not None}
    rules = tuple(part.rule for part in parts if part.rule is not None)
    selection = Selection(
        template_id=templates.pop() if templates else None,
        tags=tuple(tag for part in parts for tag in part.tags),
        rule=rules[0] if len(rules) == 1 else Every(rules) if rules else None,
    )
    return Resolution((), (ResolvedPolicy("export", _AT, selection, fields, None),))


class _Keeper(Gatherer):
    """Reads as a plan does, by the same ways, and keeps each case instead of comparing it."""

    def __init__(self, reader: CaseReader, order: GatherOrder, limit: int) -> None:
        super().__init__(reader, order)
        self.kept = Kept()
        self._managed = _Streaming(reader, self._index, order, self.kept, limit)

    def compared(
        self, case: ManagedCase, live: LiveCase, *, confirmed: bool
    ) -> tuple[Compared, Problems]:
        self.kept.add(live)
        return Compared(live, (), confirmed), ()


class _Streaming(ManagedCases):
    """Keeps what the index shows page by page, so that no case waits in memory for the last one.

    Stops at the first case too many: a wrong selection does not read a whole domain.
    """

    def __init__(
        self, reader: CaseReader, index: Index, order: GatherOrder, kept: Kept, limit: int
    ) -> None:
        super().__init__(reader, index, order)
        self._kept = kept
        self._limit = limit
        self._rows = WholeRows(index, ())

    def cases(self) -> list[ManagedCase]:
        """The cases that are still to be read; none that is unreadable stays kept."""
        found = super().cases()
        for one in self.unreadable:
            self._kept.drop(CaseId(one.case))
        return found

    def _pages(
        self, selection: Selection, fields: Sequence[Field], deciding: Sequence[Field]
    ) -> Iterator[SearchPage]:
        """The selected cases, whole whatever the number of fields; strict mode believes none."""
        if self._order.mode is Mode.STRICT:
            for page in super()._pages(selection, fields, deciding):
                yield unseen(page, page.cases)
            return
        first, rest = portions(fields, deciding)
        found = self._search(selection, first)
        self._rows = WholeRows(self._index, rest)
        chosen = partial(_chosen, selection)
        if all(field in first for field in deciding):
            yield from self._rows.pages(map(chosen, found))
        else:
            yield from map(chosen, self._rows.pages(found))

    def _take(self, policy: ResolvedPolicy, page: SearchPage) -> None:
        """What is shown whole is kept at once; what a later page puts in doubt is not kept."""
        for live in page.cases:
            if live.case_id not in self._cases:
                self._kept.add(live)
        for case_id in page.doubtful:
            self._kept.drop(case_id)
        self._check_limit()
        super()._take(policy, replace(page, cases=()))

    def _managed(self, case_id: CaseId) -> ManagedCase:
        case = super()._managed(case_id)
        self._check_limit()
        return case

    def _check_limit(self) -> None:
        if len(self._kept) + len(self._rows.waiting) + len(self._cases) > self._limit:
            raise ReconcilerError(
                f"found more than {plural(self._limit, 'case')}, which is the limit; nothing "
                "was written",
                f"select fewer, or raise it with {argument('limit')} N",
            )


def _chosen(selection: Selection, page: SearchPage) -> SearchPage:
    return replace(page, cases=tuple(live for live in page.cases if selects(selection, live)))
