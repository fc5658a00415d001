"""Which cases a policy is about, as its author wrote it."""

from dataclasses import dataclass
from typing import TypeAlias

from reconciler.model.source import Written


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is not."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Test:
    """One field, one operator of `model.operators`, and its operands: what stands after it."""

    field: Written
    operator: str
    operands: tuple[Written, ...]


Condition: TypeAlias = All | AnyOf | Not | Test


@dataclass(frozen=True, slots=True)
class Select:
    """Which cases a policy is about: a template, tags and a condition, all of which must hold."""

    template: Written | None = None
    tags: tuple[tuple[str, str], ...] = ()
    where: Condition | None = None
