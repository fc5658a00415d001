"""Decide where in the specs each live value that is to be accepted has to be written."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.edit.choosing import Chosen, fields_named, names_of
from reconciler.model.argument import argument
from reconciler.model.catalog import Catalog
from reconciler.model.classes import TOUCHED
from reconciler.model.diagnostic import Source, UnplacedProblem
from reconciler.model.fieldtypes.single_select import find_option
from reconciler.model.fieldtypes.table import TYPES, coerce
from reconciler.model.plan import FieldChange, Plan, Sealed
from reconciler.model.source import Written
from reconciler.model.spec import CasesSpec, PolicySpec, Spec, SpecCase, SpecField
from reconciler.model.value import CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which differing fields to accept; of cases and fields, none named means every one."""

    cases: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    drifted_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One live value to write: where `at` names the field, or into the case that begins there.

    `plain` text stands without quotes; `name` is how the specs call the field; `targets` are all
    that the spec names.
    """

    case_id: CaseId
    change: FieldChange
    at: Source
    into_case: bool
    name: str
    text: str
    plain: bool
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """One value that cannot be written, why, and what to do instead.

    `paste` is the value, with its name, for a case of its own in a spec; None where it may not be
    shown.
    """

    case_id: CaseId
    change: FieldChange
    reason: str
    advice: str
    paste: Acceptance | None = None


Decision = Acceptance | Declined


def chosen(plan: Plan, choice: Choice) -> Mapping[str, tuple[Chosen, ...]]:
    """The differing fields of each target that the choice is about."""
    return {
        name: tuple(
            one for one in several if not choice.drifted_only or one[1].change_class in TOUCHED
        )
        for name, several in fields_named(plan, choice.cases, choice.fields).items()
    }


def unclassified(plan: Plan, choice: Choice) -> int:
    """How many fields the choice may be about if only it were known what class they are."""
    if not choice.drifted_only:
        return 0
    entries = chosen(plan, replace(choice, drifted_only=False)).values()
    return sum(not entry.change_class.facts.known for several in entries for _, entry in several)


class Decider:
    """Knows the specs of one target, and finds the place of each field in them."""

    def __init__(
        self, specs: Iterable[Spec], entries: Collection[Chosen], catalog: Catalog
    ) -> None:
        self._catalog = catalog
        files = {entry.source.file for _, entry in entries}
        self._places: dict[Source, tuple[Spec, SpecField, bool]] = {}
        self._by_id: dict[str, list[tuple[CasesSpec, SpecCase]]] = {}
        for spec in specs:
            if spec.header.at.file in files:
                for field, inherited in _fields(spec):
                    at = Source(spec.header.at.file, field.line, field.column)
                    self._places[at] = spec, field, inherited
            if isinstance(spec, CasesSpec):
                for case in spec.cases:
                    if not case.by_reference:
                        self._by_id.setdefault(case.key, []).append((spec, case))

    def decide(self, case_id: CaseId, entry: FieldChange) -> Decision:
        """Where the value goes, or why nowhere."""
        if entry.sensitive:
            return Declined(
                case_id=case_id,
                change=entry,
                reason="the field is sensitive, and plans do not hold its values",
                advice=f"edit {entry.source} by hand",
            )
        if entry.source not in self._places:
            return Declined(
                case_id=case_id,
                change=entry,
                reason=f"found no field at {entry.source} any more",
                advice="the specs changed meanwhile; run this again",
            )
        spec, field, inherited = self._places[entry.source]
        live = entry.before
        text = "null" if live is None else self._spelled(entry, field)
        acceptance = Acceptance(
            case_id=case_id,
            change=entry,
            at=entry.source,
            into_case=False,
            name=field.name,
            text=text,
            plain=live is None or TYPES[entry.type].unquoted,
            targets=spec.header.targets,
        )
        return self._unsayable(acceptance) or self._placed(acceptance, spec, inherited)

    def _spelled(self, entry: FieldChange, field: SpecField) -> str:
        """The live value; an option by its name where the spec has one by its name."""
        value = entry.before
        options = self._catalog.options.get(entry.id, ())
        # The author wrote a name where the value would have been the option's own: they like names.
        if isinstance(value, str) and field.value.text != entry.after:
            names = [option.name for option in options if option.value == value]
            if names and find_option(names[0], options, may_be_inactive=True) in options:
                return names[0]
        # Sensitive fields were declined before.
        assert not isinstance(value, Sealed)
        return TYPES[entry.type].spell(value)

    def _unsayable(self, one: Acceptance) -> Declined | None:
        """What a case may hold and no spec can ask for, such as an inactive option."""
        field = self._catalog.by_id[one.change.id]
        # By the reader itself, so that what is written is certain to be read.
        read = coerce(Written(one.text, one.plain, 1, 1), field, self._catalog.options)
        if not isinstance(read, UnplacedProblem):
            return None
        return Declined(
            case_id=one.case_id,
            change=one.change,
            reason=f"a spec cannot say its live value: {read.message}",
            advice="change the case, or take the field out of the spec",
        )

    def _placed(self, one: Acceptance, spec: Spec, inherited: bool) -> Decision:
        if isinstance(spec, PolicySpec):
            reason = f"the policy {spec.header.name} wants this of every case that it selects"
            return _declined(one, reason, "named cases beat policies: add it to a Cases spec")
        places = list(self._set_at(one))
        if len(places) > 1:
            others = [at for at in places if at != one.at] or places[:1]
            return _declined(
                one,
                f"the same field of this case is set at {', '.join(map(str, others))} too",
                "keep one of them, then accept again",
            )
        # A default is about all cases of its spec, so the value goes into the case itself.
        if not inherited:
            return one
        file = spec.header.at.file
        for own, case in self._by_id.get(one.case_id, ()):
            if own is spec:
                return replace(one, at=Source(file, case.line, case.column), into_case=True)
        return _declined(
            one,
            "the value comes from `defaults`, which every case of that spec shares",
            f"add the field to this case in {file}, below its reference",
        )

    def _set_at(self, one: Acceptance) -> Iterator[Source]:
        """Every place where a case that is named by this id sets this field, or inherits it."""
        names = names_of(one.change)
        for spec, case in self._by_id.get(one.case_id, ()):
            yield from _set_by(spec, case, names)


def _set_by(spec: CasesSpec, case: SpecCase, names: Collection[str]) -> Iterator[Source]:
    """Where the case itself does, else its defaults."""

    def among(fields: Iterable[SpecField]) -> list[Source]:
        file = spec.header.at.file
        return [
            Source(file, one.line, one.column) for one in fields if one.name.casefold() in names
        ]

    yield from among(case.fields[case.inherited :]) or among(case.fields[: case.inherited])


def _fields(spec: Spec) -> Iterator[tuple[SpecField, bool]]:
    """Every field of a spec, and whether it is one of the defaults."""
    if isinstance(spec, PolicySpec):
        yield from ((field, False) for field in spec.fields)
        return
    for case in spec.cases:
        for number, field in enumerate(case.fields):
            yield field, number < case.inherited


def _declined(one: Acceptance, reason: str, advice: str) -> Declined:
    return Declined(case_id=one.case_id, change=one.change, reason=reason, advice=advice, paste=one)


def without_contradictions(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The same, each place once; what two targets want different of one place is declined."""
    by_place: dict[tuple[Source, str], list[Acceptance]] = {}
    found: list[Decision] = []
    for one in decisions:
        if isinstance(one, Declined):
            found.append(one)
        else:
            by_place.setdefault((one.at, one.name), []).append(one)
    for several in by_place.values():
        if len({(one.text, one.plain) for one in several}) == 1:
            found.append(several[0])
            continue
        found.extend(
            _declined(
                one,
                f"{one.at} is about several targets, whose live values differ",
                f"accept with one {argument('targets')}, or split the spec by target",
            )
            for one in several
        )
    return tuple(found)
