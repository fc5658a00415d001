"""Find out which cases are wanted, read each as cheaply as the mode allows, and compare."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.engine.diff import Difference, diff_case
from reconciler.engine.merging import merge
from reconciler.engine.planning import TITLE, UPDATED_AT
from reconciler.engine.read_planner import PAGE, SEARCH_FIELDS, Demand, Strategy, choose
from reconciler.engine.resolve import NamedWish, PolicyWish, Resolution
from reconciler.engine.selection import fields_of, push_down, selects
from reconciler.errors import Refused
from reconciler.model.case import DesiredCase, LiveCase
from reconciler.model.catalog import Catalog, Field
from reconciler.model.config import Rate
from reconciler.model.diagnostic import Problem
from reconciler.model.plan import Mode, UnknownCase
from reconciler.model.selection import Filter
from reconciler.model.value import CaseId, FieldId
from reconciler.ports import CaseReader
from reconciler.workflow.crew import in_order
from reconciler.workflow.index import NO_FILTER, Index, search
from reconciler.workflow.reading import Unread, try_read
from reconciler.workflow.references import REFERENCE_FIELDS, find_references

CONFIRM_MOST = 200  # differences found through the index that balanced mode reads again
Problems = tuple[Problem, ...]
SEARCH_HANDS = 4  # searches under way at once; two a second are allowed by default


@dataclass(slots=True)
class Want:
    """One case that specs are about: who wants it, and what the index showed of it."""

    case_id: CaseId
    named: tuple[NamedWish, ...] = ()
    policies: tuple[PolicyWish, ...] = ()
    seen: LiveCase | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A case that is not as the specs want it."""

    live: LiveCase
    differences: tuple[Difference, ...]
    confirmed: bool


@dataclass(slots=True)
class Gathered:
    """Everything that reading one target brought to light."""

    managed: int = 0
    in_sync: int = 0
    found: list[Found] = field(default_factory=list)
    unknown: list[UnknownCase] = field(default_factory=list)
    problems: set[Problem] = field(default_factory=set)
    strategy: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherOrder:
    """What to gather, and what it may cost."""

    catalog: Catalog
    resolution: Resolution
    mode: Mode
    quotas: Mapping[str, Rate]
    share: float
    only: frozenset[str] = frozenset()


class Gatherer:
    """Reads what one target's wishes need, for one run."""

    def __init__(self, reader: CaseReader, order: GatherOrder) -> None:
        self._reader = reader
        self._index = Index(reader)
        self._order = order
        self._wants: dict[CaseId, Want] = {}
        self._result = Gathered()
        self._unreadable: dict[CaseId, UnknownCase] = {}
        self._to_confirm: list[tuple[Want, Found, Problems]] = []
        self._fields: dict[tuple[FieldId, ...], list[Field]] = {}

    @property
    def _opened(self) -> Field | None:
        """The field that very long searches are ordered by, so that they can be taken up again."""
        return self._order.catalog.by_id.get("created_datetime")

    def gather(self) -> Gathered:
        """Search, read, compare; sorted by case id."""
        self._want_named()
        for policy in self._order.resolution.policies:
            self._want_policy(policy)
        wants = [self._wants[key] for key in sorted(self._wants) if key not in self._unreadable]
        self._result.unknown.extend(self._unreadable.values())
        if self._order.only:
            wants = [want for want in wants if want.case_id in self._order.only]
        self._wants.clear()
        self._result.managed = len(wants) + len(self._result.unknown)
        self._read(wants)
        self._confirm()
        self._result.found.sort(key=lambda found: found.live.case_id)
        self._result.unknown = sorted(set(self._result.unknown))
        return self._result

    # -- who wants what --------------------------------------------------------------------

    def _want(self, case_id: CaseId) -> Want:
        want = self._wants.get(case_id)
        if want is None:
            want = self._wants[case_id] = Want(case_id)
        return want

    def _want_named(self) -> None:
        by_reference: list[NamedWish] = []
        for wish in self._order.resolution.named:
            if wish.by_reference:
                by_reference.append(wish)
            else:
                self._want(CaseId(wish.key)).named += (wish,)
        if by_reference:
            self._want_referenced(by_reference)

    def _want_referenced(self, wishes: Sequence[NamedWish]) -> None:
        """The search that finds a case by reference shows its fields too, when they fit."""
        self._result.strategy.append(f"SearchCases for {_number(len(wishes), 'reference')}")
        fields = self._needed(wishes, ())
        whole = len(fields) + len(REFERENCE_FIELDS) <= SEARCH_FIELDS
        catalog = self._order.catalog
        for wish, answer in find_references(self._index, catalog, wishes, fields if whole else ()):
            if isinstance(answer, UnknownCase):
                if not self._order.only:
                    self._result.unknown.append(answer)
                continue
            want = self._want(answer.case_id)
            want.seen = answer if whole and not want.named else None
            want.named += (wish,)

    def _want_policy(self, policy: PolicyWish) -> None:
        if self._order.only:
            for case_id in self._order.only:
                self._want(CaseId(case_id)).policies += (policy,)
            return
        fields = self._needed((), (policy,))
        deciding = list({entry.id: entry for entry in fields_of(policy.selection.rule)}.values())
        whole = len(fields) < SEARCH_FIELDS
        decidable = whole or len(deciding) < SEARCH_FIELDS
        filter_ = push_down(policy.selection)
        narrowed = "filtered" if filter_ != Filter() else "all cases"
        self._result.strategy.append(f"SearchCases ({narrowed}) for policy {policy.name}")
        asked = fields if whole else deciding[: SEARCH_FIELDS - 1]
        for page in search(self._reader, filter_, asked, self._opened):
            for live in page.cases:
                if not decidable or selects(policy.selection, live):
                    self._select(policy, live if whole else None, live.case_id)
            for case_id, detail in page.unreadable.items():
                self._unreadable.setdefault(
                    case_id, UnknownCase(case_id, "unreadable-value", detail, policy.at)
                )

    def _select(self, policy: PolicyWish, live: LiveCase | None, case_id: CaseId) -> None:
        """What the index showed is kept only while it covers everything that is wanted."""
        want = self._want(case_id)
        first = not want.named and not want.policies
        want.policies += (policy,)
        if first:
            want.seen = live
        elif want.seen is not None and live is not None:
            want.seen = replace(live, values={**want.seen.values, **live.values})
        else:
            want.seen = None

    def _needed(self, named: Sequence[NamedWish], policies: Sequence[PolicyWish]) -> list[Field]:
        """Every field to ask for, those that reports show first; each once."""
        if len(named) == 1 and not policies:
            key = tuple(entry.field for entry in named[0].fields)
        else:
            ids = {entry.field for wish in named for entry in wish.fields}
            for policy in policies:
                ids.update(entry.field for entry in policy.fields)
                ids.update(entry.id for entry in fields_of(policy.selection.rule))
            key = tuple(sorted(ids))
        known = self._fields.get(key)
        if known is None:
            by_id = self._order.catalog.by_id
            shown = [entry for entry in (TITLE, UPDATED_AT) if entry in by_id]
            rest = [entry for entry in key if entry not in shown]
            known = self._fields[key] = [by_id[entry] for entry in (*shown, *rest)]
        return known

    # -- reading ---------------------------------------------------------------------------

    def _read(self, wants: Sequence[Want]) -> None:
        unread: list[Want] = []
        for want in wants:
            if want.seen is None or self._order.mode is Mode.STRICT:
                unread.append(want)
            else:
                self._look(want, want.seen)
                want.seen = None
        if self._order.mode is Mode.STRICT:
            self._get(unread)
        elif unread:
            self._read_cheaply(unread)

    def _read_cheaply(self, wants: Sequence[Want]) -> None:
        """By the way the read planner chooses; what the index does not show is read with GetCase.

        The first group is a probe: what it teaches about the index may change the choice.
        """
        bundles = self._bundles(wants)
        widest = max(len(fields) for fields, _ in bundles)
        choice = choose(
            Demand(len(wants), widest), self._index.group, self._order.quotas, self._order.share
        )
        missing: list[Want] = []
        if choice.strategy is Strategy.GET:
            self._result.strategy.append(choice.why)
            self._get(wants, said=True)
            return
        fields, bundle = bundles[0]
        missing.extend(self._group(bundle[:PAGE], fields))
        bundles[0] = (fields, bundle[PAGE:])
        rest = sum(len(bundle) for _, bundle in bundles)
        if rest and self._index.group < PAGE:
            demand = Demand(rest, widest, self._domain_cases())
            choice = choose(demand, self._index.group, self._order.quotas, self._order.share)
        self._result.strategy.append(choice.why)
        for fields, bundle in bundles:
            missing.extend(self._read_bundle(choice.strategy, fields, bundle))
        if missing:
            self._get(missing)

    def _bundles(self, wants: Sequence[Want]) -> list[tuple[list[Field], list[Want]]]:
        """Cases together that can be asked for the same fields in one search."""
        by_key: dict[int, tuple[list[Field], list[Want]]] = {}
        for want in wants:
            fields = self._needed(want.named, want.policies)
            by_key.setdefault(id(fields), (fields, []))[1].append(want)
        bundles: list[tuple[dict[FieldId, Field], list[Want]]] = []
        for fields, group in sorted(by_key.values(), key=lambda entry: -len(entry[0])):
            asked = {entry.id: entry for entry in fields}
            for known, members in bundles:
                if len(known.keys() | asked.keys()) <= SEARCH_FIELDS:
                    known.update(asked)
                    members.extend(group)
                    break
            else:
                bundles.append((asked, list(group)))
        return [(list(fields.values()), members) for fields, members in bundles]

    def _read_bundle(
        self, strategy: Strategy, fields: list[Field], wants: Sequence[Want]
    ) -> Iterator[Want]:
        if strategy is Strategy.SCAN:
            yield from self._scan(wants, fields)
        elif strategy is Strategy.GET:
            yield from wants
        else:
            groups = [wants[at : at + PAGE] for at in range(0, len(wants), PAGE)]
            for missing in in_order(lambda group: self._ask(group, fields), groups, SEARCH_HANDS):
                yield from self._took(*missing)

    def _group(self, wants: Sequence[Want], fields: list[Field]) -> list[Want]:
        """Read one group, and give back what the index did not show."""
        missing = self._took(*self._ask(wants, fields))
        if len(missing) == len(wants) and self._index.group and self._exists(missing[0]):
            self._index.useless()
        return missing

    def _ask(
        self, wants: Sequence[Want], fields: Sequence[Field]
    ) -> tuple[Sequence[Want], dict[CaseId, LiveCase], dict[CaseId, str]]:
        try:
            return wants, *self._index.by_id([want.case_id for want in wants], fields)
        except Refused as error:
            if error.code != NO_FILTER:
                raise
            return wants, {}, {}

    def _took(
        self,
        wants: Sequence[Want],
        found: Mapping[CaseId, LiveCase],
        unreadable: Mapping[CaseId, str],
    ) -> list[Want]:
        missing: list[Want] = []
        for want in wants:
            live = found.get(want.case_id)
            if live is not None:
                self._look(want, live)
            elif want.case_id in unreadable:
                detail = unreadable[want.case_id]
                self._take(want, Unread(want.case_id, "unreadable-value", detail))
            else:
                missing.append(want)
        return missing

    def _exists(self, want: Want) -> bool:
        fields = self._needed(want.named, want.policies)
        return isinstance(try_read(self._reader, want.case_id, fields), LiveCase)

    def _domain_cases(self) -> int | None:
        """How many cases the domain holds, as far as the index says."""
        return self._reader.search_cases(None, (), "").total

    def _scan(self, wants: Sequence[Want], fields: list[Field]) -> list[Want]:
        waiting = {want.case_id: want for want in wants}
        for page in search(self._reader, None, fields, self._opened):
            for live in page.cases:
                want = waiting.pop(live.case_id, None)
                if want is not None:
                    self._look(want, live)
        return list(waiting.values())

    def _get(self, wants: Sequence[Want], *, said: bool = False) -> None:
        if wants and not said:
            self._result.strategy.append(f"GetCase for {_number(len(wants), 'case')}")
        for want, read in in_order(self._get_one, wants):
            self._take(want, read)

    def _get_one(self, want: Want) -> tuple[Want, LiveCase | Unread]:
        fields = self._needed(want.named, want.policies)
        return want, try_read(self._reader, want.case_id, fields)

    # -- comparing -------------------------------------------------------------------------

    def _look(self, want: Want, live: LiveCase) -> None:
        """Compare with what the index showed."""
        if want.policies and not self._still_wanted(want, live):
            return
        differences, problems = self._differences(want, live)
        if differences or problems:
            found = Found(live, differences, confirmed=False)
            self._to_confirm.append((want, found, problems))
        else:
            self._result.in_sync += 1

    def _confirm(self) -> None:
        """Read again, with GetCase, what the index says differs; bulk mode leaves it to apply."""
        most = 0 if self._order.mode is Mode.BULK else CONFIRM_MOST
        confirm = [want for want, _, _ in self._to_confirm[:most]]
        for _, found, problems in self._to_confirm[most:]:
            self._result.found.append(found)
            self._result.problems.update(problems)
        if confirm:
            self._result.strategy.append(
                f"GetCase to confirm {_number(len(confirm), 'difference')}"
            )
            self._get(confirm, said=True)

    def _take(self, want: Want, read: LiveCase | Unread) -> None:
        """Compare with what GetCase said, which is the truth of that moment."""
        if isinstance(read, Unread):
            at = want.named[0].at if want.named else want.policies[0].at
            self._result.unknown.append(UnknownCase(read.case_id, read.reason, read.detail, at))
            return
        if want.policies and not self._still_wanted(want, read):
            return
        differences, problems = self._differences(want, read)
        self._result.problems.update(problems)
        if differences:
            self._result.found.append(Found(read, differences, confirmed=True))
        else:
            self._result.in_sync += 1

    def _still_wanted(self, want: Want, live: LiveCase) -> bool:
        """Drop the policies that are not about this case after all; False when nobody is left."""
        want.policies = tuple(one for one in want.policies if selects(one.selection, live))
        if want.named or want.policies:
            return True
        self._result.managed -= 1
        return False

    def _differences(self, want: Want, live: LiveCase) -> tuple[tuple[Difference, ...], Problems]:
        fields, problems = merge(want.named, want.policies)
        return diff_case(DesiredCase(want.case_id, fields), live), problems


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
