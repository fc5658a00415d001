"""What the specs of earlier commits wanted of a case, as far as git knows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from reconciler.git.history import LineCommit, SpecHistory
from reconciler.model.case import DesiredField
from reconciler.model.catalog import Catalog
from reconciler.model.diagnostic import Source
from reconciler.model.spec import CasesSpec, Header, Spec
from reconciler.model.value import CaseId, FieldId, Value
from reconciler.specs.diff import Difference
from reconciler.specs.resolve import ResolvedCase, ResolvedPolicy, resolve

FILES = 512  # at their commits, that are kept in memory as far as they are about the right cases
MOST_PAST_CASES = 300_000  # to read in all of them together: some ten seconds

_NOT_YET = datetime.max.replace(tzinfo=UTC)

Key = tuple[bool, str]  # whether by reference, and the id or the reference
DesiredFields = Mapping[FieldId, DesiredField]


@dataclass(frozen=True, slots=True)
class SpecsThen:
    """What one file wanted at one commit."""

    named: Mapping[Key, DesiredFields]
    policies: Mapping[str, DesiredFields]


class PastSpecs:
    """Earlier specs of one target, their names resolved with its present catalog.

    Of named cases only those are kept whose id or reference is among `keys`.
    """

    def __init__(
        self,
        history: SpecHistory,
        catalog: Catalog,
        is_about: Callable[[Header], bool],
        keys: Iterable[str],
    ) -> None:
        self._history = history
        self._catalog = catalog
        self._is_about = is_about
        self._keys = frozenset(keys)
        self._then = lru_cache(FILES)(self._resolved)
        self._left = MOST_PAST_CASES

    @property
    def exhausted(self) -> bool:
        """Whether there was more to read than may be."""
        return self._left <= 0

    def named(self, commit: str, key: Key, field: FieldId, first: str = "") -> DesiredField | None:
        """What the specs of a commit wanted of a named case's field; `first` is looked at first."""
        for then in self._files(commit, key[1], first):
            if desired := then.named.get(key, {}).get(field):
                return desired
        return None

    def of_policy(
        self, commit: str, name: str, field: FieldId, first: str = ""
    ) -> DesiredField | None:
        """What the policy of this name wanted of a field at a commit."""
        for then in self._files(commit, name, first):
            if desired := then.policies.get(name, {}).get(field):
                return desired
        return None

    def policies(self, commit: str, field: FieldId, value: Value) -> list[DesiredField]:
        """Every policy of a commit that set the field to just this value."""
        return [
            desired
            for then in self._files(commit, "Policy", "")
            for by_field in then.policies.values()
            if (desired := by_field.get(field)) is not None and desired.value == value
        ]

    def _files(self, commit: str, text: str, first: str) -> Iterator[SpecsThen]:
        if first:
            yield self._then(commit, first)
        for file in self._history.files_naming(commit, text):
            if file != first:
                yield self._then(commit, file)

    def _resolved(self, commit: str, file: str) -> SpecsThen:
        specs = self._history.specs_at(commit, file) if self._left > 0 else ()
        self._left -= sum(len(spec.cases) for spec in specs if isinstance(spec, CasesSpec))
        about = (self._only(spec) for spec in specs if self._is_about(spec.header))
        found = resolve(tuple(about), self._catalog)
        return SpecsThen(
            {(case.by_reference, case.key): _by_field(case.fields) for case in found.named},
            {policy.name: _by_field(policy.fields) for policy in found.policies},
        )

    def _only(self, spec: Spec) -> Spec:
        """The spec without the cases that nobody asks about."""
        if not isinstance(spec, CasesSpec):
            return spec
        return replace(spec, cases=tuple(case for case in spec.cases if case.key in self._keys))


def _by_field(fields: Iterable[DesiredField]) -> DesiredFields:
    return {desired.field: desired for desired in fields}


@dataclass(frozen=True, slots=True)
class FieldPast:
    """The past of the desired value behind one difference: what `history.lineage` asks about."""

    case_id: CaseId
    difference: Difference
    specs: PastSpecs
    origins: "Origins"

    def wanted(self, commit: str) -> tuple[Value, ...]:
        """The one value that the specs of a commit wanted; nothing where that is not known."""
        desired = self.difference.desired
        field, file = desired.field, desired.at.file
        if desired.policy:
            then = self.specs.of_policy(commit, desired.policy, field, file)
        else:
            origin = self.origins.named(self.case_id, desired)
            if origin is None:
                return ()
            key = (origin.by_reference, origin.key)
            then = self.specs.named(commit, key, field, file)
        return () if then is None else (then.value,)

    def since(self) -> datetime | None:
        """When both the value and what makes it be about this case had been committed."""
        made = self.origins.made(self.case_id, self.difference.desired)
        return made.at if made else None

    def before(self) -> tuple[Value, ...]:
        """The one value that the specs wanted before that; nothing where that is not known."""
        made = self.origins.made(self.case_id, self.difference.desired)
        return self.wanted(made.before) if made else ()


class Origins:
    """Where the present specs say what they want, and since when."""

    def __init__(
        self,
        history: SpecHistory,
        specs: Iterable[Spec],
        named: Iterable[ResolvedCase],
        policies: Iterable[ResolvedPolicy],
    ) -> None:
        self._history = history
        self._heads = sorted(spec.header.at for spec in specs)
        self._policies = {policy.name: policy.at for policy in policies}
        self._by_id: dict[str, ResolvedCase] = {}
        self._by_source: dict[Source, list[ResolvedCase]] = {}
        for case in named:
            if not case.by_reference:
                self._by_id[case.key] = case
                continue
            for entry in case.fields:
                self._by_source.setdefault(entry.at, []).append(case)

    def named(self, case_id: CaseId, desired: DesiredField) -> ResolvedCase | None:
        """The named case that a desired field belongs to; None where several share the line."""
        case = self._by_id.get(case_id)
        if case is not None and any(entry.at == desired.at for entry in case.fields):
            return case
        shared = self._by_source.get(desired.at, [])
        return shared[0] if len(shared) == 1 else None

    def made(self, case_id: CaseId, desired: DesiredField) -> LineCommit | None:
        """What made the newest line that a desired value hangs on; None where git does not know.

        A named case hangs on the line of the value and that of its name, a policy on all of its
        document: where a selection was widened later, its cases have their value since then.
        """
        line = self._history.line_commit(desired.at.file, desired.at.line, desired.at.line)
        if desired.policy:
            head = self._policies[desired.policy]
            begin = self._history.line_commit(head.file, head.line, self._end(head))
        else:
            origin = self.named(case_id, desired)
            at = origin.at if origin else None
            begin = at and self._history.line_commit(at.file, at.line, at.line)
        if line is None or begin is None:
            return None
        return max(line, begin, key=lambda made: made.at or _NOT_YET)

    def _end(self, head: Source) -> int | None:
        """The last line before the next document of the file; None for the last document."""
        later = [at.line for at in self._heads if at.file == head.file and at.line > head.line]
        return later[0] - 1 if later else None
