"""Replace the names in specs by the ids of a domain, and every scalar by a typed value."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from reconciler.model.case import DesiredField
from reconciler.model.catalog import Catalog, Field
from reconciler.model.condition import All, AnyOf, Condition, Not, Select, Test
from reconciler.model.diagnostic import Problem, Source, UnplacedProblem
from reconciler.model.fieldtypes.table import coerce, has_options
from reconciler.model.filter import Check, Every, Rule, Selection, Some, Unless
from reconciler.model.operators import OPERATORS, Operands, Operator
from reconciler.model.source import Written
from reconciler.model.spec import CasesSpec, PolicySpec, Spec, SpecCase, SpecField
from reconciler.model.system_fields import TITLE
from reconciler.model.value import FieldId, TemplateId, Value
from reconciler.specs.names import FieldNames, find_template

_SPELLINGS = 16_384  # how many are remembered


@dataclass(frozen=True, slots=True)
class ResolvedCase:
    """What the specs want of one case that they name, by id or by reference."""

    key: str
    by_reference: bool
    fields: tuple[DesiredField, ...]
    at: Source


@dataclass(frozen=True, slots=True)
class ResolvedPolicy:
    """What one policy wants of every case that it selects."""

    name: str
    at: Source
    selection: Selection
    fields: tuple[DesiredField, ...]
    case_limit: int | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """All named cases and policies of one target, and what had no meaning in its domain."""

    named: tuple[ResolvedCase, ...]
    policies: tuple[ResolvedPolicy, ...]
    problems: tuple[Problem, ...] = field(default=())


def selects_in_use(specs: Iterable[Spec], catalog: Catalog) -> tuple[FieldId, ...]:
    """The single-select fields that these specs name: the only ones whose options are needed."""
    names = FieldNames(catalog)
    found: set[FieldId] = set()
    for name in {name for spec in specs for name in _names_in(spec)}:
        known = names.find(name)
        if isinstance(known, Field) and has_options(known):
            found.add(known.id)
    return tuple(sorted(found))


def _names_in(spec: Spec) -> Iterator[str]:
    if isinstance(spec, CasesSpec):
        for case in spec.cases:
            for entry in case.fields:
                yield entry.name
        return
    for entry in spec.fields:
        yield entry.name
    if spec.select.where is not None:
        yield from (test.field.text for test in _tests(spec.select.where))


def _tests(condition: Condition) -> Iterator[Test]:
    match condition:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _tests(part)
        case Not(part):
            yield from _tests(part)
        case Test():
            yield condition


def resolve(
    specs: Sequence[Spec], catalog: Catalog, sensitive: frozenset[str] = frozenset()
) -> Resolution:
    """Resolve every spec of one target; author mistakes become problems, never exceptions."""
    return _Resolver(catalog, sensitive).run(specs)


class _Resolver:
    """Names looked up once and problems gathered, for one run over the specs of one target."""

    def __init__(self, catalog: Catalog, sensitive: frozenset[str]) -> None:
        self._names = FieldNames(catalog)
        self._catalog = catalog
        self._sensitive = sensitive
        self._problems: list[Problem] = []
        self._spec = ""
        # What a spelling means, where that is a value; few are most of what is written.
        self._known: dict[tuple[str, bool, str], tuple[FieldId, Value]] = {}
        # Defaults are shared between the cases of a spec: each is looked at once.
        self._shared: dict[int, DesiredField | None] = {}

    def run(self, specs: Sequence[Spec]) -> Resolution:
        named: dict[tuple[bool, str], ResolvedCase] = {}
        policies: list[ResolvedPolicy] = []
        for spec in specs:
            self._shared.clear()
            self._spec = spec.header.name
            if isinstance(spec, CasesSpec):
                self._named(spec, named)
            else:
                policies.append(self._policy(spec))
        return Resolution(tuple(named.values()), tuple(policies), tuple(sorted(self._problems)))

    def _named(self, spec: CasesSpec, named: dict[tuple[bool, str], ResolvedCase]) -> None:
        file = spec.header.at.file
        for case in spec.cases:
            resolved = ResolvedCase(
                key=case.key,
                by_reference=case.by_reference,
                fields=self._of_case(case, file),
                at=Source(file, case.line, case.column),
            )
            known = named.get((case.by_reference, case.key))
            if known is not None:
                fields = self._united(known.fields + resolved.fields)
                resolved = replace(known, fields=fields)
            named[(case.by_reference, case.key)] = resolved

    def _policy(self, spec: PolicySpec) -> ResolvedPolicy:
        return ResolvedPolicy(
            name=spec.header.name,
            at=spec.header.at,
            selection=self._selection(spec.select, spec.header.at.file),
            fields=self._fields(spec.fields, spec.header.at.file),
            case_limit=spec.case_limit,
        )

    def _of_case(self, case: SpecCase, file: str) -> tuple[DesiredField, ...]:
        if not case.inherited:
            return self._fields(case.fields, file)
        own = self._fields(case.fields[case.inherited :], file)
        inherited = self._fields(case.fields[: case.inherited], file, shared=True)
        known = {entry.field for entry in own}
        return self._united((*own, *(entry for entry in inherited if entry.field not in known)))

    def _fields(
        self, written: Sequence[SpecField], file: str, *, shared: bool = False
    ) -> tuple[DesiredField, ...]:
        found: list[DesiredField] = []
        known, spec = ({} if shared else self._known), self._spec
        for entry in written:
            spelling, only_if, at = entry.spelled(file)
            meaning = known.get(spelling)
            if meaning is not None and only_if is None:
                found.append(DesiredField(meaning[0], meaning[1], at, None, "", "", spec))
                continue
            key = id(entry)
            if key not in self._shared:
                self._shared[key] = self._field(entry, file)
            if (desired := self._shared[key]) is not None:
                found.append(desired)
        return self._united(found)

    def _united(self, fields: Sequence[DesiredField]) -> tuple[DesiredField, ...]:
        """Sort by field id; the same field twice is fine only when both want the same."""
        kept: dict[FieldId, DesiredField] = {entry.field: entry for entry in reversed(fields)}
        if len(kept) == len(fields):
            return tuple(sorted(fields, key=attrgetter("field")))
        for entry in fields:
            other = kept[entry.field]
            if (other.value, other.only_if) != (entry.value, entry.only_if):
                name = self._catalog.by_id[entry.field].name
                self._problems.append(
                    Problem(
                        entry.at,
                        "conflicting-values",
                        f"{name} of this case is set to something else at {other.at}",
                        "keep one of the two",
                    )
                )
        return tuple(kept[key] for key in sorted(kept))

    def _field(self, entry: SpecField, file: str) -> DesiredField | None:
        spelling, condition, at = entry.spelled(file)
        known = self._names.find(entry.name)
        if isinstance(known, UnplacedProblem):
            self._wrong(at, known)
            return None
        if known.read_only:
            self._wrong(at, _read_only(known))
            return None
        value = self._value(entry.value, known, file)
        if isinstance(value, UnplacedProblem):
            return None
        if value is None and known.id == TITLE:
            self._wrong(at, UnplacedProblem("required-field", "every case has a title", "set one"))
            return None
        if condition is None:
            if len(self._known) < _SPELLINGS:
                self._known[spelling] = known.id, value
            return DesiredField(known.id, value, at, spec=self._spec)
        live = [self._value(one, known, file, may_be_inactive=True) for one in condition.values]
        fit = tuple(one for one in live if not isinstance(one, UnplacedProblem))
        only_if = (None, *fit) if condition.empty else fit
        wanted = DesiredField(known.id, value, at, only_if, spec=self._spec)
        return wanted if len(fit) == len(live) else None

    def _value(
        self, written: Written, known: Field, file: str, *, may_be_inactive: bool = False
    ) -> Value | UnplacedProblem:
        value = coerce(written, known, self._catalog.options, may_be_inactive=may_be_inactive)
        if isinstance(value, UnplacedProblem):
            if known.id in self._sensitive:
                value = _hidden(value)
            value = replace(value, message=f"{known.name} ({known.type}): {value.message}")
            self._wrong(Source(file, written.line, written.column), value)
        return value

    def _wrong(self, at: Source, problem: UnplacedProblem) -> None:
        self._problems.append(Problem(at, problem.code, problem.message, problem.hint))

    def _selection(self, select: Select, file: str) -> Selection:
        template_id: TemplateId | None = None
        if select.template is not None:
            found = find_template(select.template.text, self._catalog.templates)
            if isinstance(found, UnplacedProblem):
                at = Source(file, select.template.line, select.template.column)
                self._wrong(at, found)
            else:
                template_id = found.id
        rule = None if select.where is None else self._rule(select.where, file)
        return Selection(template_id, select.tags, rule)

    def _rule(self, condition: Condition, file: str) -> Rule:
        match condition:
            case All(parts):
                return Every(tuple(self._rule(part, file) for part in parts))
            case AnyOf(parts):
                return Some(tuple(self._rule(part, file) for part in parts))
            case Not(part):
                return Unless(self._rule(part, file))
            case Test():
                return self._check(condition, file)

    def _check(self, test: Test, file: str) -> Rule:
        at = Source(file, test.field.line, test.field.column)
        known = self._names.find(test.field.text)
        if isinstance(known, UnplacedProblem):
            self._wrong(at, known)
            return Every(())
        operator = OPERATORS[test.operator]
        if not operator.takes(known.type):
            self._wrong(at, _misfit(operator, known))
            return Every(())
        if operator.operands is Operands.TRUTH:
            return Check(known, operator.name, (test.operands[0].text == "true",))
        operands = tuple(
            self._value(one, known, file, may_be_inactive=True) for one in test.operands
        )
        fit = tuple(one for one in operands if not isinstance(one, UnplacedProblem))
        if None in fit:
            self._wrong(at, _EMPTY_OPERAND)
        return Check(known, operator.name, fit)


_EMPTY_OPERAND = UnplacedProblem(
    "bad-operand", "a field is compared with nothing", "write `empty: true` or `empty: false`"
)


def _misfit(operator: Operator, known: Field) -> UnplacedProblem:
    """That an operator has no meaning for a field of this type."""
    return UnplacedProblem(
        "bad-operator",
        f"{operator.name} does not fit {known.name} ({known.type})",
        operator.misuse(known.type),
    )


def _read_only(known: Field) -> UnplacedProblem:
    return UnplacedProblem(
        "read-only-field",
        f"{known.name} is written by the service itself",
        "take it out of `fields`; it may be used in `where`",
    )


def _hidden(problem: UnplacedProblem) -> UnplacedProblem:
    """The same problem without the value, for a sensitive field."""
    return UnplacedProblem(
        problem.code,
        "a sensitive value, not shown here, does not fit this type",
        "check it against `reconcile catalog`",
    )
