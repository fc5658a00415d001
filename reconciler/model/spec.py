"""What an author wrote, with every place, before any name is looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from reconciler.model.diagnostic import Problem, Source
from reconciler.model.source import Written

if TYPE_CHECKING:  # conditions and rules are loaded only by runs that read some
    from reconciler.model.condition import Select
    from reconciler.model.ignore import IgnoreRule


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """Write only where the field is empty now, or holds one of these values now."""

    empty: bool
    values: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """What one field has in common in many alike cases; its lines count from the case's own."""

    name: str
    only_if: OnlyIf | None
    plain: bool
    line: int
    column: int
    value_line: int
    value_column: int


class SpecField:
    """One field that a spec owns; `line` and `column` are those of its name.

    A run holds half a million of these, so one keeps only what differs from case to case.
    """

    __slots__ = ("_base", "_slot", "_text")

    def __init__(
        self, name: str, value: Written, only_if: OnlyIf | None, line: int, column: int
    ) -> None:
        self._slot = Slot(name, only_if, value.plain, line, column, value.line, value.column)
        self._text = value.text
        self._base = 0

    @classmethod
    def placed(cls, slot: Slot, text: str, base: int) -> "SpecField":
        """The field in this slot of the case that begins on line `base`."""
        self = cls.__new__(cls)
        self._slot = slot
        self._text = text
        self._base = base
        return self

    def spelled(self, file: str) -> tuple[tuple[str, bool, str], OnlyIf | None, Source]:
        """The name and the value without places, the condition, and the place of the name.

        What is spelled alike means the same; all at once, because that is asked of each field.
        """
        slot = self._slot
        at = Source(file, self._base + slot.line, slot.column)
        return (slot.name, slot.plain, self._text), slot.only_if, at

    @property
    def name(self) -> str:
        """The field's id or display name, as written."""
        return self._slot.name

    @property
    def value(self) -> Written:
        """What the field shall hold."""
        slot = self._slot
        return Written(self._text, slot.plain, self._base + slot.value_line, slot.value_column)

    @property
    def only_if(self) -> OnlyIf | None:
        """Which live values may be replaced; None for any."""
        return self._slot.only_if

    @property
    def line(self) -> int:
        """The line of the name."""
        return self._base + self._slot.line

    @property
    def column(self) -> int:
        """The column of the name."""
        return self._slot.column

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SpecField):
            return NotImplemented
        return self._whole() == other._whole()

    def __hash__(self) -> int:
        return hash(self._whole())

    def __repr__(self) -> str:
        return "SpecField({!r}, {!r}, {!r}, {!r}, {!r})".format(*self._whole())

    def _whole(self) -> tuple[str, Written, OnlyIf | None, int, int]:
        return self.name, self.value, self.only_if, self.line, self.column


class SpecCase(NamedTuple):
    """One named case, defaults already merged under its own fields; a tuple like each of them.

    The first `inherited` fields are defaults; the case's own win over them, under whichever name.
    """

    key: str
    by_reference: bool
    fields: tuple[SpecField, ...]
    line: int
    column: int
    inherited: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What every kind of spec says about itself; `targets` is empty for the default target."""

    at: Source
    name: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    targets: tuple[str, ...] = ()
    name_at: Source | None = None
    targets_at: tuple[Source, ...] = ()

    def about(self, default: str | None) -> tuple[str, ...]:
        """The targets that this spec is about: those it names, else the default one."""
        return self.targets or (() if default is None else (default,))

    def is_about(self, target: str, default: str | None) -> bool:
        """Whether this spec is about one target."""
        return target in self.about(default)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesSpec:
    """`kind: Cases`: the desired field values of named cases."""

    header: Header
    cases: tuple[SpecCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySpec:
    """`kind: Policy`: the desired field values of every case that a search selects."""

    header: Header
    select: "Select"
    fields: tuple[SpecField, ...]
    case_limit: int | None = None


Spec: TypeAlias = CasesSpec | PolicySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreSpec:
    """`kind: Ignore`: differences that are left alone for a while; it wants nothing itself."""

    header: Header
    rules: tuple["IgnoreRule", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecSet:
    """Every spec of a run and the digest of the files they were read from.

    `passed_over` says which files hold no spec, or look like one and were not read.
    """

    specs: tuple[Spec, ...]
    digest: str
    files: tuple[str, ...]
    ignores: tuple[IgnoreSpec, ...] = ()
    passed_over: tuple[Problem, ...] = ()

    @property
    def headers(self) -> tuple[Header, ...]:
        """What each spec, of whichever kind, says about itself."""
        return tuple(one.header for one in (*self.specs, *self.ignores))
