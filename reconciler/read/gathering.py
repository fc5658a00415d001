"""Read every wanted case as cheaply as the mode allows, and compare it with the wishes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.errors import CallError
from reconciler.model.case import DesiredCase, LiveCase
from reconciler.model.catalog import Field
from reconciler.model.diagnostic import Problem
from reconciler.model.plan import IgnoredField, Mode, UnreadableCase
from reconciler.model.plural import plural
from reconciler.model.value import CaseId, FieldId
from reconciler.parallel import in_order
from reconciler.read.case import ReadFailure, try_read
from reconciler.read.index import NO_ANSWER, NO_FILTER, Index, search
from reconciler.read.planner import PAGE, SEARCH_FIELDS, Demand, Strategy, choose
from reconciler.read.wanting import GatherOrder, Want, Wanting
from reconciler.service.ports import CaseReader
from reconciler.specs.diff import Difference, diff_case
from reconciler.specs.merging import merge, wanted_of
from reconciler.specs.selection import selects

CONFIRM_MOST = 200  # differences found through the index that balanced mode reads again
Problems = tuple[Problem, ...]
SEARCH_WORKERS = 4  # searches under way at once; two a second are allowed by default


@dataclass(frozen=True, slots=True)
class Found:
    """A case as it was read: how it differs from the specs, and what rules leave alone of that."""

    live: LiveCase
    differences: tuple[Difference, ...]
    confirmed: bool
    ignored: tuple[IgnoredField, ...] = ()


@dataclass(slots=True)
class Gathered:
    """Everything that reading one target brought to light.

    A case that differs in ignored fields alone is neither found nor in sync. `about` are the cases
    among those chosen by id.
    """

    managed: int = 0
    in_sync: int = 0
    found: list[Found] = field(default_factory=list)
    unreadable: list[UnreadableCase] = field(default_factory=list)
    problems: set[Problem] = field(default_factory=set)
    strategy: list[str] = field(default_factory=list)
    ignored: list[IgnoredField] = field(default_factory=list)
    about: set[CaseId] = field(default_factory=set)


class Gatherer:
    """Reads what one target's wishes need, for one run."""

    def __init__(self, reader: CaseReader, order: GatherOrder) -> None:
        self._reader = reader
        self._index = Index(reader)
        self._order = order
        self._wanting = Wanting(reader, self._index, order)
        self._result = Gathered()
        self._to_confirm: list[tuple[Want, Found, Problems]] = []
        self._looked_at = 0
        self._total = 0

    def gather(self) -> Gathered:
        """Search, read, compare; sorted by case id."""
        wants = self._wanting.wants()
        self._result.unreadable.extend(self._wanting.unreadable)
        self._result.strategy.extend(self._wanting.strategy)
        self._result.managed = len(wants) + len(self._result.unreadable)
        self._total = len(wants)
        self._read(wants)
        self._confirm()
        self._result.found.sort(key=lambda found: found.live.case_id)
        self._result.unreadable = sorted(set(self._result.unreadable))
        self._result.ignored.sort()
        return self._result

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
            fields = self._wanting.fields_for(want.named, want.policies)
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
            for missing in in_order(lambda group: self._ask(group, fields), groups, SEARCH_WORKERS):
                yield from self._took(*missing)

    def _group(self, wants: Sequence[Want], fields: list[Field]) -> list[Want]:
        """Read one group, and give back what the index did not show."""
        missing = self._took(*self._ask(wants, fields))
        if len(missing) == len(wants) and self._index.group and self._exists(missing[0]):
            self._index.stop_filtering_by_id()
        return missing

    def _ask(
        self, wants: Sequence[Want], fields: Sequence[Field]
    ) -> tuple[Sequence[Want], dict[CaseId, LiveCase], dict[CaseId, str]]:
        try:
            return wants, *self._index.by_id([want.case_id for want in wants], fields)
        except CallError as error:
            if error.code not in NO_ANSWER:
                raise
            if error.code != NO_FILTER:
                self._index.stop_filtering_by_id()
            return wants, {}, {}

    def _took(
        self,
        wants: Sequence[Want],
        found: Mapping[CaseId, LiveCase],
        unreadable: Mapping[CaseId, str],
    ) -> list[Want]:
        missing: list[Want] = []
        self._tell()
        for want in wants:
            live = found.get(want.case_id)
            if live is not None:
                self._look(want, live)
            elif want.case_id in unreadable:
                detail = unreadable[want.case_id]
                self._take(want, ReadFailure(want.case_id, "unreadable-value", detail))
            else:
                missing.append(want)
        return missing

    def _exists(self, want: Want) -> bool:
        fields = self._wanting.fields_for(want.named, want.policies)
        return isinstance(try_read(self._reader, want.case_id, fields), LiveCase)

    def _domain_cases(self) -> int | None:
        """How many cases the domain holds, as far as the index says."""
        try:
            return self._reader.search_cases(None, (), "").total
        except CallError as error:
            if error.code not in NO_ANSWER:
                raise
            return None

    def _scan(self, wants: Sequence[Want], fields: list[Field]) -> list[Want]:
        waiting = {want.case_id: want for want in wants}
        seen: dict[CaseId, LiveCase] = {}
        for page in search(self._reader, None, fields, self._wanting.opened):
            seen.update((live.case_id, live) for live in page.cases if live.case_id in waiting)
            for case_id in page.doubtful:
                seen.pop(case_id, None)
        for case_id, live in seen.items():
            self._look(waiting.pop(case_id), live)
        return list(waiting.values())

    def _get(self, wants: Sequence[Want], *, said: bool = False) -> None:
        if wants and not said:
            self._result.strategy.append(f"GetCase for {plural(len(wants), 'case')}")
        for want, read in in_order(self._get_one, wants):
            self._take(want, read)
            self._looked_at += 1
            self._tell()

    def _tell(self) -> None:
        self._order.progress("reading", min(self._looked_at, self._total), self._total)

    def _get_one(self, want: Want) -> tuple[Want, LiveCase | ReadFailure]:
        fields = self._wanting.fields_for(want.named, want.policies)
        return want, try_read(self._reader, want.case_id, fields)

    # -- comparing -------------------------------------------------------------------------

    def _look(self, want: Want, live: LiveCase) -> None:
        """Compare with what the index showed."""
        self._looked_at += 1
        if want.policies and not self._still_wanted(want, live):
            return
        found, problems = self.compared(want, live, confirmed=False)
        if found.differences or problems:
            self._to_confirm.append((want, found, problems))
        else:
            self._count(found)

    def _confirm(self) -> None:
        """Read again, with GetCase, what the index says differs; bulk mode leaves it to apply."""
        most = 0 if self._order.mode is Mode.BULK else CONFIRM_MOST
        confirm = [want for want, _, _ in self._to_confirm[:most]]
        for _, found, problems in self._to_confirm[most:]:
            self._count(found)
            self._result.problems.update(problems)
        if confirm:
            self._result.strategy.append(f"GetCase to confirm {plural(len(confirm), 'difference')}")
            self._get(confirm, said=True)

    def _take(self, want: Want, read: LiveCase | ReadFailure) -> None:
        """Compare with what GetCase said, which is the truth of that moment."""
        if isinstance(read, ReadFailure):
            self._take_unread(want, read)
            return
        if want.policies and not self._still_wanted(want, read):
            return
        found, problems = self.compared(want, read, confirmed=True)
        self._result.problems.update(problems)
        self._count(found)

    def _take_unread(self, want: Want, read: ReadFailure) -> None:
        """Unreadable, but for what is not there and was chosen by an id that no spec names."""
        if self._order.only.cases and not want.named and read.reason == "not-found":
            self._result.managed -= 1
            return
        self._result.about.add(read.case_id)
        at = want.named[0].at if want.named else want.policies[0].at
        by = wanted_of((*want.named, *want.policies))
        unread = UnreadableCase(read.case_id, read.reason, read.detail, at, by)
        self._result.unreadable.append(unread)

    def _count(self, found: Found) -> None:
        self._result.about.update({found.live.case_id} & set(self._order.only.cases))
        self._result.ignored.extend(found.ignored)
        if found.differences:
            self._result.found.append(found)
        elif not found.ignored:
            self._result.in_sync += 1

    def _still_wanted(self, want: Want, live: LiveCase) -> bool:
        """Drop the policies that are not about this case after all; False when nobody is left."""
        want.policies = tuple(one for one in want.policies if selects(one.selection, live))
        if self._order.wants_some(want):
            return True
        self._result.managed -= 1
        return False

    def compared(self, want: Want, live: LiveCase, *, confirmed: bool) -> tuple[Found, Problems]:
        """The case against its wishes, and what contradicts itself in these."""
        fields, problems = merge(want.named, want.policies)
        differences = diff_case(DesiredCase(want.case_id, self._order.chosen(fields)), live)
        kept, ignored = self._order.rules.split(live, differences)
        return Found(live, kept, confirmed, ignored), problems
