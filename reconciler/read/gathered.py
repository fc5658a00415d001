"""What reading one target brought to light: which cases differ, and which could not be read."""

from dataclasses import dataclass, field

from reconciler.model.case import LiveCase
from reconciler.model.diagnostic import Problem
from reconciler.model.plan import IgnoredField, UnreadableCase
from reconciler.model.value import CaseId
from reconciler.specs.diff import Difference


@dataclass(frozen=True, slots=True)
class Compared:
    """A case as it was read: how it differs from the specs, and what rules leave alone of that."""

    live: LiveCase
    differences: tuple[Difference, ...]
    confirmed: bool
    ignored: tuple[IgnoredField, ...] = ()


@dataclass(slots=True)
class Gathered:
    """Everything that reading one target brought to light.

    A case that differs in ignored fields alone is neither found nor in sync. `about` are the cases
    among those chosen by id.
    """

    managed: int = 0
    in_sync: int = 0
    found: list[Compared] = field(default_factory=list)
    unreadable: list[UnreadableCase] = field(default_factory=list)
    problems: set[Problem] = field(default_factory=set)
    strategy: list[str] = field(default_factory=list)
    ignored: list[IgnoredField] = field(default_factory=list)
    about: set[CaseId] = field(default_factory=set)
