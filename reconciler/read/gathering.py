"""Read every managed case as cheaply as the mode allows, and compare it with the specs."""

from collections.abc import Iterator, Mapping, Sequence

from reconciler.errors import CallError
from reconciler.model.case import DesiredCase, LiveCase
from reconciler.model.catalog import Field
from reconciler.model.diagnostic import Problem
from reconciler.model.plan import Mode, UnreadableCase
from reconciler.model.plural import plural
from reconciler.model.value import CaseId, FieldId
from reconciler.parallel import in_order
from reconciler.read.case import ReadFailure, try_read
from reconciler.read.gathered import Compared, Gathered
from reconciler.read.index import NO_ANSWER, NO_FILTER, Index, search
from reconciler.read.managed import GatherOrder, ManagedCase, ManagedCases
from reconciler.read.planner import PAGE, SEARCH_FIELDS, Demand, Strategy, choose
from reconciler.service.ports import CaseReader
from reconciler.specs.diff import diff_case
from reconciler.specs.merging import merge, wanted_of
from reconciler.specs.selection import selects

CONFIRM_MOST = 200  # differences found through the index that balanced mode reads again
Problems = tuple[Problem, ...]
SEARCH_WORKERS = 4  # searches under way at once; two a second are allowed by default


class Gatherer:
    """Reads what one target's specs are about, for one run."""

    def __init__(self, reader: CaseReader, order: GatherOrder) -> None:
        self._reader = reader
        self._index = Index(reader)
        self._order = order
        self._managed = ManagedCases(reader, self._index, order)
        self._result = Gathered()
        self._to_confirm: list[tuple[ManagedCase, Compared, Problems]] = []
        self._looked_at = 0
        self._total = 0

    def gather(self) -> Gathered:
        """Search, read, compare; sorted by case id."""
        cases = self._managed.cases()
        self._result.unreadable.extend(self._managed.unreadable)
        self._result.strategy.extend(self._managed.strategy)
        self._result.managed = len(cases) + len(self._result.unreadable)
        self._total = len(cases)
        self._read(cases)
        self._confirm()
        self._result.found.sort(key=lambda found: found.live.case_id)
        self._result.unreadable = sorted(set(self._result.unreadable))
        self._result.ignored.sort()
        return self._result

    # -- reading ---------------------------------------------------------------------------

    def _read(self, cases: Sequence[ManagedCase]) -> None:
        to_read: list[ManagedCase] = []
        for case in cases:
            if case.seen is None or self._order.mode is Mode.STRICT:
                to_read.append(case)
            else:
                self._look(case, case.seen)
                case.seen = None
        if self._order.mode is Mode.STRICT:
            self._get(to_read)
        elif to_read:
            self._read_cheaply(to_read)

    def _read_cheaply(self, cases: Sequence[ManagedCase]) -> None:
        """By the way the read planner chooses; what the index does not show is read with GetCase.

        The first group is a probe: what it teaches about the index may change the choice.
        """
        bundles = self._bundles(cases)
        widest = max(len(fields) for fields, _ in bundles)
        choice = choose(
            Demand(len(cases), widest), self._index.group, self._order.quotas, self._order.share
        )
        missing: list[ManagedCase] = []
        if choice.strategy is Strategy.GET:
            self._result.strategy.append(choice.why)
            self._get(cases, said=True)
            return
        fields, bundle = bundles[0]
        missing.extend(self._group(bundle[:PAGE], fields))
        bundles[0] = (fields, bundle[PAGE:])
        rest = sum(len(bundle) for _, bundle in bundles)
        # The probe has shown that fewer ids fit, or none: a scan may be cheaper now, if the domain
        # is known to be small.
        if rest and self._index.group < PAGE:
            demand = Demand(rest, widest, self._domain_cases())
            choice = choose(demand, self._index.group, self._order.quotas, self._order.share)
        self._result.strategy.append(choice.why)
        for fields, bundle in bundles:
            missing.extend(self._read_bundle(choice.strategy, fields, bundle))
        if missing:
            self._get(missing)

    def _bundles(self, cases: Sequence[ManagedCase]) -> list[tuple[list[Field], list[ManagedCase]]]:
        """Cases together that can be asked for the same fields in one search."""
        by_key: dict[int, tuple[list[Field], list[ManagedCase]]] = {}
        for case in cases:
            fields = self._managed.fields_for(case.named, case.policies)
            by_key.setdefault(id(fields), (fields, []))[1].append(case)
        # The widest first, so that narrow ones find room in them: fewer searches, and up to 25
        # fields cost the same.
        bundles: list[tuple[dict[FieldId, Field], list[ManagedCase]]] = []
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
        self, strategy: Strategy, fields: list[Field], cases: Sequence[ManagedCase]
    ) -> Iterator[ManagedCase]:
        if strategy is Strategy.SCAN:
            yield from self._scan(cases, fields)
        elif strategy is Strategy.GET:
            yield from cases
        else:
            groups = [cases[at : at + PAGE] for at in range(0, len(cases), PAGE)]
            for missing in in_order(lambda group: self._ask(group, fields), groups, SEARCH_WORKERS):
                yield from self._took(*missing)

    def _group(self, cases: Sequence[ManagedCase], fields: list[Field]) -> list[ManagedCase]:
        """Read one group, and give back what the index did not show."""
        missing = self._took(*self._ask(cases, fields))
        if len(missing) == len(cases) and self._index.group and self._exists(missing[0]):
            self._index.stop_filtering_by_id()
        return missing

    def _ask(
        self, cases: Sequence[ManagedCase], fields: Sequence[Field]
    ) -> tuple[Sequence[ManagedCase], dict[CaseId, LiveCase], dict[CaseId, str]]:
        try:
            return cases, *self._index.by_id([case.case_id for case in cases], fields)
        except CallError as error:
            if error.code not in NO_ANSWER:
                raise
            if error.code != NO_FILTER:
                self._index.stop_filtering_by_id()
            return cases, {}, {}

    def _took(
        self,
        cases: Sequence[ManagedCase],
        found: Mapping[CaseId, LiveCase],
        unreadable: Mapping[CaseId, str],
    ) -> list[ManagedCase]:
        missing: list[ManagedCase] = []
        self._tell()
        for case in cases:
            live = found.get(case.case_id)
            if live is not None:
                self._look(case, live)
            elif case.case_id in unreadable:
                detail = unreadable[case.case_id]
                self._take(case, ReadFailure(case.case_id, "unreadable-value", detail))
            else:
                missing.append(case)
        return missing

    def _exists(self, case: ManagedCase) -> bool:
        fields = self._managed.fields_for(case.named, case.policies)
        return isinstance(try_read(self._reader, case.case_id, fields), LiveCase)

    def _domain_cases(self) -> int | None:
        """How many cases the domain holds, as far as the index says."""
        try:
            return self._reader.search_cases(None, (), "").total
        except CallError as error:
            if error.code not in NO_ANSWER:
                raise
            return None

    def _scan(self, cases: Sequence[ManagedCase], fields: list[Field]) -> list[ManagedCase]:
        waiting = {case.case_id: case for case in cases}
        # Judged at the end: a later page may show that a row was in doubt.
        seen: dict[CaseId, LiveCase] = {}
        for page in search(self._reader, None, fields, self._managed.opened):
            seen.update((live.case_id, live) for live in page.cases if live.case_id in waiting)
            for case_id in page.doubtful:
                seen.pop(case_id, None)
        for case_id, live in seen.items():
            self._look(waiting.pop(case_id), live)
        return list(waiting.values())

    def _get(self, cases: Sequence[ManagedCase], *, said: bool = False) -> None:
        if cases and not said:
            self._result.strategy.append(f"GetCase for {plural(len(cases), 'case')}")
        for case, read in in_order(self._get_case, cases):
            self._take(case, read)
            self._looked_at += 1
            self._tell()

    def _tell(self) -> None:
        self._order.progress("reading", min(self._looked_at, self._total), self._total)

    def _get_case(self, case: ManagedCase) -> tuple[ManagedCase, LiveCase | ReadFailure]:
        fields = self._managed.fields_for(case.named, case.policies)
        return case, try_read(self._reader, case.case_id, fields)

    # -- comparing -------------------------------------------------------------------------

    def _look(self, case: ManagedCase, live: LiveCase) -> None:
        """Compare with what the index showed."""
        self._looked_at += 1
        if case.policies and not self._still_managed(case, live):
            return
        found, problems = self.compared(case, live, confirmed=False)
        # The lag of the index is not documented: a difference may be one that is gone already.
        if found.differences or problems:
            self._to_confirm.append((case, found, problems))
        else:
            self._count(found)

    def _confirm(self) -> None:
        """Read again, with GetCase, what the index says differs; bulk mode leaves it to apply."""
        most = 0 if self._order.mode is Mode.BULK else CONFIRM_MOST
        confirm = [case for case, _, _ in self._to_confirm[:most]]
        if confirm:
            self._result.strategy.append(f"GetCase to confirm {plural(len(confirm), 'difference')}")
            self._get(confirm, said=True)
        for _, found, problems in self._to_confirm[most:]:
            self._count(found)
            self._result.problems.update(problems)

    def _take(self, case: ManagedCase, read: LiveCase | ReadFailure) -> None:
        """Compare with what GetCase said, which is the truth of that moment."""
        if isinstance(read, ReadFailure):
            self._take_unreadable(case, read)
            return
        if case.policies and not self._still_managed(case, read):
            return
        found, problems = self.compared(case, read, confirmed=True)
        self._result.problems.update(problems)
        self._count(found)

    def _take_unreadable(self, case: ManagedCase, read: ReadFailure) -> None:
        """Unreadable, but for what is not there and was chosen by an id that no spec names."""
        if self._order.only.cases and not case.named and read.reason == "not-found":
            self._result.managed -= 1
            return
        self._result.about.add(read.case_id)
        at = case.named[0].at if case.named else case.policies[0].at
        by = wanted_of((*case.named, *case.policies))
        unreadable = UnreadableCase(read.case_id, read.reason, read.detail, at, by)
        self._result.unreadable.append(unreadable)

    def _count(self, found: Compared) -> None:
        self._result.about.update({found.live.case_id} & set(self._order.only.cases))
        self._result.ignored.extend(found.ignored)
        if found.differences:
            self._result.found.append(found)
            self._order.found(found.live.case_id)
        elif not found.ignored:
            self._result.in_sync += 1

    def _still_managed(self, case: ManagedCase, live: LiveCase) -> bool:
        """Drop the policies that are not about this case after all; False when nobody is left."""
        case.policies = tuple(one for one in case.policies if selects(one.selection, live))
        if self._order.manages(case):
            return True
        self._result.managed -= 1
        return False

    def compared(
        self, case: ManagedCase, live: LiveCase, *, confirmed: bool
    ) -> tuple[Compared, Problems]:
        """The case against its specs, and where these contradict each other."""
        fields, problems = merge(case.named, case.policies)
        differences = diff_case(DesiredCase(case.case_id, self._order.chosen(fields)), live)
        kept, ignored = self._order.rules.split(live, differences)
        return Compared(live, kept, confirmed, ignored), problems
