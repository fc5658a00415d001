"""Which cases a policy selects, with names resolved: a rule on values, template and tags."""

from dataclasses import dataclass
from typing import TypeAlias

from reconciler.model.catalog import Field
from reconciler.model.value import TemplateId, Value


@dataclass(frozen=True, slots=True)
class Check:
    """One field, one operator of `model.operators`, and its operands in canonical form."""

    field: Field
    operator: str
    operands: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """Holds when every part does."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Holds when at least one part does."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Unless:
    """Holds when its part does not."""

    part: "Rule"


Rule: TypeAlias = Check | Every | Some | Unless


@dataclass(frozen=True, slots=True)
class Filter:
    """What SearchCases is asked for: never less than the selection, sometimes more."""

    rule: Rule | None = None
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """Everything a case must satisfy for a policy to be about it."""

    template_id: TemplateId | None = None
    tags: tuple[tuple[str, str], ...] = ()
    rule: Rule | None = None
