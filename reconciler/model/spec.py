"""What an author wrote, with every place, before any name is looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from reconciler.model.diagnostic import Location


@dataclass(frozen=True, slots=True)
class Written:
    """One scalar exactly as it stands in the file; only the field's type gives it a meaning.

    `plain` says that it was not quoted: null and true mean themselves only then.
    """

    text: str
    plain: bool
    line: int
    column: int

    @property
    def is_null(self) -> bool:
        """Whether the author asked for "empty" in YAML's own words."""
        return self.plain and self.text in ("null", "~", "")


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """Write only where the field is empty now, or holds one of these values now."""

    empty: bool
    values: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True)
class SpecField:
    """One field that a spec owns; `line` and `column` are those of its name."""

    name: str
    value: Written
    only_if: OnlyIf | None
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class SpecCase:
    """One named case, defaults already merged under its own fields."""

    key: str
    by_reference: bool
    fields: tuple[SpecField, ...]
    line: int
    column: int


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
    """One field and one operator of `OPERATORS`; `in` has several operands, the others one."""

    field: Written
    operator: str
    operands: tuple[Written, ...]


Condition: TypeAlias = All | AnyOf | Not | Test

OPERATORS = (
    "equals",
    "not_equals",
    "contains",
    "greater_than",
    "at_least",
    "less_than",
    "at_most",
    "after",
    "before",
    "empty",
    "in",
)


@dataclass(frozen=True, slots=True)
class Select:
    """Which cases a policy is about: a template, tags and a condition, all of which must hold."""

    template: Written | None = None
    tags: tuple[tuple[str, str], ...] = ()
    where: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What both kinds of spec say about themselves; `targets` is empty for the default target."""

    at: Location
    name: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesSpec:
    """`kind: Cases`: the desired field values of named cases."""

    header: Header
    cases: tuple[SpecCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySpec:
    """`kind: Policy`: the desired field values of every case that a search selects."""

    header: Header
    select: Select
    fields: tuple[SpecField, ...]
    case_limit: int | None = None


Spec: TypeAlias = CasesSpec | PolicySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecSet:
    """Every spec of a run and the digest of the files they were read from."""

    specs: tuple[Spec, ...]
    digest: str
    files: tuple[str, ...]
