"""Find out which cases are wanted, and read each of them as cheaply as the mode allows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.engine.diff import Difference, diff_case
from reconciler.engine.merging import merge
from reconciler.engine.planning import TITLE, UPDATED_AT
from reconciler.engine.resolve import NamedWish, PolicyWish, Resolution
from reconciler.engine.selection import fields_of, push_down, selects
from reconciler.model.case import DesiredCase, LiveCase
from reconciler.model.catalog import Catalog, Field
from reconciler.model.diagnostic import Problem
from reconciler.model.plan import Mode, UnknownCase
from reconciler.model.selection import Check, Filter, Some
from reconciler.model.value import CaseId, FieldId
from reconciler.ports import CaseReader
from reconciler.workflow.crew import in_order
from reconciler.workflow.reading import SEARCH_FIELDS, Unread, search, try_read

CONFIRM_MOST = 200  # differences found through the index that balanced mode reads again
REFERENCE_FIELDS = (FieldId("reference_number"), FieldId("reference_id"))
REFERENCES_AT_ONCE = 5  # two leaves each, ten to a list
Problems = tuple[Problem, ...]


@dataclass(slots=True)
class Want:
    """One case that specs are about: who wants it, and what the index showed, if it was asked."""

    case_id: CaseId
    named: list[NamedWish] = field(default_factory=list)
    policies: list[PolicyWish] = field(default_factory=list)
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
    problems: list[Problem] = field(default_factory=list)
    strategy: list[str] = field(default_factory=list)


class Gatherer:
    """Reads what one target's wishes need, for one run."""

    def __init__(
        self,
        reader: CaseReader,
        catalog: Catalog,
        resolution: Resolution,
        mode: Mode,
        only: frozenset[str],
    ) -> None:
        self._reader = reader
        self._catalog = catalog
        self._resolution = resolution
        self._mode = mode
        self._only = only
        self._wants: dict[CaseId, Want] = {}
        self._unreadable: dict[CaseId, UnknownCase] = {}
        self._result = Gathered()

    def gather(self) -> Gathered:
        """Search, read, compare; sorted by case id."""
        self._want_named()
        self._want_references()
        for policy in self._resolution.policies:
            if self._only:
                for case_id in self._only:
                    self._want(CaseId(case_id)).policies.append(policy)
            else:
                self._want_selected(policy)
        wants = [self._wants[key] for key in sorted(self._wants) if key not in self._unreadable]
        self._result.unknown.extend(self._unreadable.values())
        if self._only:
            wants = [want for want in wants if want.case_id in self._only]
        self._result.managed = len(wants) + len(self._result.unknown)
        self._compare(wants)
        self._result.found.sort(key=lambda found: found.live.case_id)
        self._result.unknown = sorted(set(self._result.unknown))
        return self._result

    def _want_named(self) -> None:
        for wish in self._resolution.named:
            if not wish.by_reference:
                self._want(CaseId(wish.key)).named.append(wish)

    def _want(self, case_id: CaseId) -> Want:
        want = self._wants.get(case_id)
        if want is None:
            want = self._wants[case_id] = Want(case_id)
        return want

    # -- references ------------------------------------------------------------------------

    def _want_references(self) -> None:
        wishes = [wish for wish in self._resolution.named if wish.by_reference]
        keys = [self._catalog.by_id[key] for key in REFERENCE_FIELDS if key in self._catalog.by_id]
        if not wishes:
            return
        if not keys:
            for wish in wishes:
                self._unknown(wish, "no-references", "this domain has no reference number field")
            return
        self._result.strategy.append(f"SearchCases for {_number(len(wishes), 'reference')}")
        for at in range(0, len(wishes), REFERENCES_AT_ONCE):
            self._find_references(wishes[at : at + REFERENCES_AT_ONCE], keys)

    def _find_references(self, wishes: Sequence[NamedWish], keys: Sequence[Field]) -> None:
        rule = Some(tuple(Check(key, "equals", (wish.key,)) for wish in wishes for key in keys))
        fields = self._needed(wishes, (), keys)
        whole = len(fields) <= SEARCH_FIELDS
        matches: dict[str, dict[CaseId, LiveCase]] = {}
        doubt = ""
        for page in search(self._reader, Filter(rule), fields if whole else keys):
            for case_id, detail in sorted(page.unreadable.items()):
                doubt = doubt or f"case {case_id} of the answer could not be read: {detail}"
            for live in page.cases:
                for held in {str(live.value_of(key.id)).casefold() for key in keys}:
                    matches.setdefault(held, {})[live.case_id] = live
        for wish in wishes:
            found = matches.get(wish.key.casefold(), {})
            self._match(wish, found, doubt, whole=whole)

    def _match(
        self, wish: NamedWish, found: Mapping[CaseId, LiveCase], doubt: str, *, whole: bool
    ) -> None:
        """Want the one case that a reference means, or say why there is not exactly one."""
        if doubt and len(found) < 2:  # what could not be read may be the one, or another one
            self._unknown(wish, "unreadable-value", doubt)
        elif len(found) == 1:
            [live] = found.values()
            want = self._want(live.case_id)
            want.named.append(wish)
            want.seen = live if whole and len(want.named) == 1 else None
        elif found:
            ids = ", ".join(sorted(found))
            self._unknown(wish, "ambiguous-reference", f"{len(found)} cases have it: {ids}")
        else:
            self._unknown(wish, "not-found", "the search index finds no case with it")

    def _unknown(self, wish: NamedWish, reason: str, detail: str) -> None:
        name = f"reference {wish.key}" if wish.by_reference else wish.key
        if not self._only:
            self._result.unknown.append(UnknownCase(name, reason, detail, wish.at))

    # -- policies --------------------------------------------------------------------------

    def _want_selected(self, policy: PolicyWish) -> None:
        fields = self._needed((), (policy,), ())
        deciding = sorted(set(fields_of(policy.selection.rule)), key=_by_id)
        whole = len(fields) <= SEARCH_FIELDS
        decidable = whole or len(deciding) <= SEARCH_FIELDS
        filter_ = push_down(policy.selection)
        narrowed = "filtered" if filter_ != Filter() else "all cases"
        self._result.strategy.append(f"SearchCases ({narrowed}) for policy {policy.name}")
        asked = fields if whole else deciding[:SEARCH_FIELDS]
        for page in search(self._reader, filter_, asked):
            for live in page.cases:
                if not decidable or selects(policy.selection, live):
                    self._select(policy, live, whole)
            for case_id, detail in page.unreadable.items():
                self._unreadable.setdefault(
                    case_id, UnknownCase(case_id, "unreadable-value", detail, policy.at)
                )

    def _select(self, policy: PolicyWish, live: LiveCase, whole: bool) -> None:
        want = self._want(live.case_id)
        first = not want.named and not want.policies
        want.policies.append(policy)
        if not whole or (not first and want.seen is None):
            want.seen = None
        elif want.seen is None:
            want.seen = live
        else:
            want.seen = replace(live, values={**want.seen.values, **live.values})

    def _needed(
        self,
        named: Iterable[NamedWish],
        policies: Sequence[PolicyWish],
        more: Iterable[Field],
    ) -> list[Field]:
        """Every field to ask for, the reports' own first; sorted, each once."""
        ids: set[FieldId] = {field.id for field in more}
        ids.update(entry.field for wish in named for entry in wish.fields)
        for policy in policies:
            ids.update(entry.field for entry in policy.fields)
            ids.update(field.id for field in fields_of(policy.selection.rule))
        shown = [key for key in (TITLE, UPDATED_AT) if key in self._catalog.by_id]
        return [self._catalog.by_id[key] for key in (*shown, *sorted(ids - set(shown)))]

    # -- comparing -------------------------------------------------------------------------

    def _compare(self, wants: Sequence[Want]) -> None:
        unread = [want for want in wants if want.seen is None or self._mode is Mode.STRICT]
        if unread:
            self._result.strategy.append(f"GetCase for {_number(len(unread), 'case')}")
        to_confirm: list[tuple[Want, Found, Problems]] = []
        for want in wants:
            if want.seen is None or self._mode is Mode.STRICT:
                continue
            differences, problems = self._differences(want, want.seen)
            if differences or problems:
                to_confirm.append((want, Found(want.seen, differences, confirmed=False), problems))
            else:
                self._result.in_sync += 1
        confirm = to_confirm[:CONFIRM_MOST]
        for _, found, problems in to_confirm[CONFIRM_MOST:]:
            self._result.found.append(found)
            self._result.problems.extend(problems)
        if confirm:
            self._result.strategy.append(
                f"GetCase to confirm {_number(len(confirm), 'difference')}"
            )
        for want, read in self._read([*unread, *(want for want, _, _ in confirm)]):
            self._take(want, read)

    def _read(self, wants: Sequence[Want]) -> Iterator[tuple[Want, LiveCase | Unread]]:
        def one(want: Want) -> tuple[Want, LiveCase | Unread]:
            fields = self._needed(want.named, want.policies, ())
            return want, try_read(self._reader, want.case_id, fields)

        return in_order(one, wants)

    def _take(self, want: Want, read: LiveCase | Unread) -> None:
        if isinstance(read, Unread):
            at = want.named[0].at if want.named else want.policies[0].at
            self._result.unknown.append(UnknownCase(read.case_id, read.reason, read.detail, at))
            return
        want.policies = [wish for wish in want.policies if selects(wish.selection, read)]
        if not want.named and not want.policies:
            self._result.managed -= 1  # the index was stale: no policy is about it any more
            return
        differences, problems = self._differences(want, read)
        self._result.problems.extend(problems)
        if differences:
            self._result.found.append(Found(read, differences, confirmed=True))
        else:
            self._result.in_sync += 1

    def _differences(self, want: Want, live: LiveCase) -> tuple[tuple[Difference, ...], Problems]:
        fields, problems = merge(want.named, want.policies)
        return diff_case(DesiredCase(want.case_id, fields), live), problems


def _by_id(field: Field) -> str:
    return field.id


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
