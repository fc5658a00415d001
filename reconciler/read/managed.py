"""Find out which cases the specs are about, and which specs are about each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.config.model import Rate
from reconciler.model.case import DesiredField, LiveCase
from reconciler.model.catalog import Catalog, Field
from reconciler.model.filter import Filter, Selection
from reconciler.model.plan import Mode, UnreadableCase
from reconciler.model.plural import plural
from reconciler.model.progress import Progress, no_progress
from reconciler.model.selectors import EVERYTHING, Selectors
from reconciler.model.system_fields import REFERENCE_FIELDS, TITLE, UPDATED_AT
from reconciler.model.value import CaseId, FieldId
from reconciler.read.index import Index, search
from reconciler.read.planner import SEARCH_FIELDS
from reconciler.read.references import find_references
from reconciler.service.ports import CaseReader, SearchPage
from reconciler.specs.ignoring import Rules
from reconciler.specs.merging import merge, wanted_of
from reconciler.specs.resolve import Resolution, ResolvedCase, ResolvedPolicy
from reconciler.specs.selection import fields_of, push_down, selects


@dataclass(slots=True)
class ManagedCase:
    """One case that specs are about: by which specs, and what the index showed of it."""

    case_id: CaseId
    named: tuple[ResolvedCase, ...] = ()
    policies: tuple[ResolvedPolicy, ...] = ()
    seen: LiveCase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherOrder:
    """What to gather, what to leave alone of it, and what it may cost.

    `found` is told of each case that differs as soon as nothing more is read of it.
    """

    catalog: Catalog
    resolution: Resolution
    mode: Mode
    quotas: Mapping[str, Rate]
    share: float
    only: Selectors = EVERYTHING
    rules: Rules = field(default_factory=Rules)
    progress: Progress = no_progress
    found: Callable[[CaseId], None] = lambda _: None

    def chosen(self, fields: tuple[DesiredField, ...]) -> tuple[DesiredField, ...]:
        """Those that a chosen spec sets; a named case that overrides a policy sets it itself."""
        if not self.only.by_spec:
            return fields
        return tuple(entry for entry in fields if self.only.sets(entry.spec, entry.policy))

    def manages(self, case: ManagedCase) -> bool:
        """Whether a chosen spec sets a field of the case."""
        if not self.only.by_spec:
            return bool(case.named or case.policies)
        return bool(self.chosen(merge(case.named, case.policies)[0]))


def unseen(page: SearchPage, cases: Iterable[LiveCase]) -> SearchPage:
    """The page with these cases as doubtful ones: what it shows of them is not to be used."""
    return replace(page, cases=(), doubtful=page.doubtful | {one.case_id for one in cases})


class ManagedCases:
    """Gathers the managed cases of one target; `unreadable` and `strategy` say what came of it."""

    def __init__(self, reader: CaseReader, index: Index, order: GatherOrder) -> None:
        self._reader = reader
        self._index = index
        self._order = order
        self._cases: dict[CaseId, ManagedCase] = {}
        self._unreadable: dict[CaseId, UnreadableCase] = {}
        self._fields: dict[tuple[FieldId, ...], list[Field]] = {}
        self._watching = order.rules.watching
        self.unreadable: list[UnreadableCase] = []
        self.strategy: list[str] = []

    @property
    def opened(self) -> Field | None:
        """The field that very long searches are ordered by, so that they can be taken up again."""
        return self._order.catalog.by_id.get("created_datetime")

    def cases(self) -> list[ManagedCase]:
        """Every case that is wanted, by id; those the index cannot show whole are unreadable."""
        only = self._order.only
        self._add_named()
        policies = self._order.resolution.policies
        for policy in policies:
            if only.sets(policy.name, policy.name):
                self._add_policy(policy)
        cases = [self._cases[key] for key in sorted(self._cases) if key not in self._unreadable]
        self.unreadable.extend(self._unreadable.values())
        cases = [case for case in cases if only.is_of(case.case_id)]
        if only.by_spec:
            others = tuple(one for one in policies if not only.sets(one.name, one.name))
            cases = list(self._of_chosen_specs(cases, others))
        # AWS lists no quota of cases in a domain: nothing is kept twice.
        self._cases.clear()
        return cases

    def _of_chosen_specs(
        self, cases: Iterable[ManagedCase], others: tuple[ResolvedPolicy, ...]
    ) -> Iterator[ManagedCase]:
        """Cases of which a chosen spec sets a field; every policy counts for those."""
        for case in cases:
            if case.policies or any(map(self._chosen, case.named)):
                case.policies += others
                # The search of the chosen policies did not ask for the fields of the others.
                case.seen = None if others else case.seen
                yield case

    def _chosen(self, named_case: ResolvedCase) -> bool:
        return any(self._order.only.sets(entry.spec) for entry in named_case.fields)

    def _managed(self, case_id: CaseId) -> ManagedCase:
        case = self._cases.get(case_id)
        if case is None:
            case = self._cases[case_id] = ManagedCase(case_id)
        return case

    def _add_named(self) -> None:
        by_reference: list[ResolvedCase] = []
        for named_case in self._order.resolution.named:
            if named_case.by_reference:
                by_reference.append(named_case)
            else:
                self._managed(CaseId(named_case.key)).named += (named_case,)
        if by_reference:
            self._add_referenced(by_reference)

    def _add_referenced(self, named_cases: Sequence[ResolvedCase]) -> None:
        """The search that finds a case by reference shows its fields too, when they fit."""
        self.strategy.append(f"SearchCases for {plural(len(named_cases), 'reference')}")
        fields = self.fields_for(named_cases, ())
        # SearchCases shows 25 fields at most (service model); what does not fit is read afterwards.
        whole = len(fields) + len(REFERENCE_FIELDS) <= SEARCH_FIELDS
        catalog = self._order.catalog
        for named_case, answer in find_references(
            self._index, catalog, named_cases, fields if whole else ()
        ):
            if isinstance(answer, UnreadableCase):
                if not self._order.only.cases and self._chosen(named_case):
                    self.unreadable.append(answer)
                continue
            case = self._managed(answer.case_id)
            case.seen = answer if whole and not case.named else None
            case.named += (named_case,)

    def _add_policy(self, policy: ResolvedPolicy) -> None:
        if self._order.only.cases:
            for case_id in sorted(self._order.only.cases):
                self._managed(CaseId(case_id)).policies += (policy,)
            return
        fields = self.fields_for((), (policy,))
        deciding = list({entry.id: entry for entry in fields_of(policy.selection.rule)}.values())
        narrowed = "filtered" if push_down(policy.selection) != Filter() else "all cases"
        self.strategy.append(f"SearchCases ({narrowed}) for policy {policy.name}")
        for page in self._pages(policy.selection, fields, deciding):
            self._take(policy, page)

    def _pages(
        self, selection: Selection, fields: Sequence[Field], deciding: Sequence[Field]
    ) -> Iterator[SearchPage]:
        """The cases that are selected; doubtful ones have to be read, where not all is shown."""
        whole = len(fields) < SEARCH_FIELDS
        decidable = whole or len(deciding) < SEARCH_FIELDS
        # One place stays free for the opening time, by which a long search is taken up again.
        for page in self._search(selection, fields if whole else deciding[: SEARCH_FIELDS - 1]):
            cases = [one for one in page.cases if not decidable or selects(selection, one)]
            yield replace(page, cases=tuple(cases)) if whole else unseen(page, cases)

    def _search(self, selection: Selection, fields: Sequence[Field]) -> Iterator[SearchPage]:
        """What the index finds, and how far that is, where it says how much there is."""
        rows = 0
        for page in search(self._reader, push_down(selection), fields, self.opened):
            rows += len(page.cases) + len(page.unreadable) + len(page.doubtful)
            if page.total:
                self._order.progress("searching", min(rows, page.total), page.total)
            yield page

    def _take(self, policy: ResolvedPolicy, page: SearchPage) -> None:
        """A page of a policy's cases; whether a doubtful one is selected shows when it is read."""
        for live in page.cases:
            self._select(policy, live, live.case_id)
        for case_id in page.doubtful:
            self._select(policy, None, case_id)
        for case_id, detail in page.unreadable.items():
            self._unreadable.setdefault(
                case_id,
                UnreadableCase(case_id, "unreadable-value", detail, policy.at, wanted_of([policy])),
            )

    def _select(self, policy: ResolvedPolicy, live: LiveCase | None, case_id: CaseId) -> None:
        """What the index showed is kept only while it covers everything that is wanted."""
        case = self._managed(case_id)
        first = not case.named and not case.policies
        if policy not in case.policies:
            case.policies += (policy,)
        if first:
            case.seen = live
        elif case.seen is not None and live is not None:
            case.seen = replace(live, values={**case.seen.values, **live.values})
        else:
            case.seen = None

    def fields_for(
        self, named: Sequence[ResolvedCase], policies: Sequence[ResolvedPolicy]
    ) -> list[Field]:
        """Every field to ask for, those that reports show first; each once."""
        if len(named) == 1 and not policies:
            key = tuple(entry.field for entry in named[0].fields)
        else:
            ids = {entry.field for named_case in named for entry in named_case.fields}
            for policy in policies:
                ids.update(entry.field for entry in policy.fields)
                ids.update(entry.id for entry in fields_of(policy.selection.rule))
            key = tuple(sorted(ids))
        known = self._fields.get(key)
        if known is None:
            by_id = self._order.catalog.by_id
            shown = [entry for entry in (TITLE, UPDATED_AT) if entry in by_id]
            watched = (other for entry in key for other in self._watching.get(entry, ()))
            rest = [entry for entry in dict.fromkeys((*key, *watched)) if entry not in shown]
            known = self._fields[key] = [by_id[entry] for entry in (*shown, *rest)]
        return known
