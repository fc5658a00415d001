"""Tell the differences that a rule leaves alone from those that are changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.model.case import LiveCase
from reconciler.model.catalog import Catalog, Field
from reconciler.model.condition import Select
from reconciler.model.diagnostic import Problem, Source, UnplacedProblem
from reconciler.model.filter import Rule
from reconciler.model.ignore import IgnoreRule
from reconciler.model.plan import IgnoredField
from reconciler.model.spec import IgnoreSpec, PolicySpec
from reconciler.model.system_fields import REFERENCE_FIELDS
from reconciler.model.value import FieldId
from reconciler.specs.diff import Difference
from reconciler.specs.names import FieldNames
from reconciler.specs.resolve import resolve
from reconciler.specs.selection import fields_of, holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignoring:
    """One rule of the spec `spec`, its names resolved."""

    spec: str
    rule: IgnoreRule
    field: Field
    when: Rule | None
    references: tuple[FieldId, ...]

    @property
    def looks_at(self) -> tuple[FieldId, ...]:
        """The fields that must be read to decide whether the rule holds."""
        references = self.references if self.rule.by_reference else ()
        return (*references, *(field.id for field in fields_of(self.when)))

    def holds_of(self, live: LiveCase) -> bool:
        """Whether the rule is about this case, as it was read."""
        return self._names(live) and (self.when is None or holds(self.when, live))

    def _names(self, live: LiveCase) -> bool:
        # References are case-insensitive in the service (documented), ids are compared as they are.
        case = self.rule.case
        if not self.rule.by_reference:
            return case in ("", live.case_id)
        held = (str(live.value_of(key) or "") for key in self.references)
        return case.casefold() in map(str.casefold, held)


class Rules:
    """The rules of one target; the first that holds of a difference is the one that is told."""

    def __init__(self, rules: Iterable[Ignoring] = ()) -> None:
        self._by_field: dict[FieldId, list[Ignoring]] = {}
        for rule in rules:
            self._by_field.setdefault(rule.field.id, []).append(rule)

    @property
    def watching(self) -> Mapping[FieldId, tuple[FieldId, ...]]:
        """What else must be read of a case wherever a field with rules is."""
        found = {
            key: tuple(dict.fromkeys(other for rule in rules for other in rule.looks_at))
            for key, rules in self._by_field.items()
        }
        return {key: others for key, others in found.items() if others}

    def split(
        self, live: LiveCase, differences: Sequence[Difference]
    ) -> tuple[tuple[Difference, ...], tuple[IgnoredField, ...]]:
        """The differences that stay, and those that are left alone."""
        if not self._by_field:
            return tuple(differences), ()
        kept: list[Difference] = []
        ignored: list[IgnoredField] = []
        for difference in differences:
            rules = self._by_field.get(difference.desired.field, ())
            rule = next((one for one in rules if one.holds_of(live)), None)
            if rule is None:
                kept.append(difference)
            else:
                ignored.append(_ignored(rule, live))
        return tuple(kept), tuple(ignored)


def _ignored(by: Ignoring, live: LiveCase) -> IgnoredField:
    return IgnoredField(
        case_id=live.case_id,
        id=by.field.id,
        name=by.field.name,
        reason=by.rule.reason,
        until=by.rule.until.text,
        source=by.rule.at,
        rule=by.spec,
    )


def conditions(ignores: Iterable[IgnoreSpec]) -> tuple[PolicySpec, ...]:
    """Each rule's condition as a policy that wants nothing: it is resolved and read like one."""
    return tuple(
        PolicySpec(header=spec.header, select=Select(where=rule.when), fields=())
        for spec in ignores
        for rule in spec.rules
    )


def resolve_rules(
    ignores: Sequence[IgnoreSpec], catalog: Catalog, sensitive: frozenset[FieldId] = frozenset()
) -> tuple[tuple[Ignoring, ...], tuple[Problem, ...]]:
    """Every rule with its names looked up, and what had no meaning in this domain."""
    if not ignores:
        return (), ()
    names = FieldNames(catalog)
    references = tuple(key for key in REFERENCE_FIELDS if key in catalog.by_id)
    resolution = resolve(conditions(ignores), catalog, sensitive)
    rules = ((spec, rule) for spec in ignores for rule in spec.rules)
    problems = list(resolution.problems)
    found: list[Ignoring] = []
    for (spec, rule), condition in zip(rules, resolution.policies, strict=True):
        field = names.find(rule.field.text)
        if isinstance(field, UnplacedProblem):
            at = Source(rule.at.file, rule.field.line, rule.field.column)
            problems.append(Problem(at, field.code, field.message, field.hint))
            continue
        found.append(
            Ignoring(
                spec=spec.header.name,
                rule=rule,
                field=field,
                when=condition.selection.rule,
                references=references,
            )
        )
    return tuple(found), tuple(sorted(problems))
