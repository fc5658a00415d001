"""What a plan says beside its changes: unreadable cases, ignored fields, blockers, costs, Git."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, NamedTuple, TypeAlias

from reconciler.model.diagnostic import Source
from reconciler.model.guards import Guard
from reconciler.model.marks import Commit, Mark
from reconciler.model.value import CaseId, FieldId, Value, instant


class Mode(StrEnum):
    """How much is read around each write; see the table in README."""

    STRICT = "strict"
    BALANCED = "balanced"
    BULK = "bulk"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sensitive value: only a keyed digest of it, never the value. No plan holds more."""

    digest: str

    def __str__(self) -> str:
        return f"(sensitive #{self.digest[:4]})"


Shown: TypeAlias = Value | Sealed

# How ids are spelled in a plan: any text, but some.
FieldName: TypeAlias = Annotated[FieldId, Mark(longest=500, expected="a name")]


class Wanted(NamedTuple):
    """A field that a spec sets, and the name of the policy where it is one."""

    field: FieldName
    spec: str
    policy: str


@dataclass(frozen=True, slots=True, order=True)
class UnreadableCase:
    """A case that could not be read: it is counted and listed, and never becomes a change.

    `wanted` is empty where nobody recorded what the case should have had.
    """

    case: str
    reason: str
    detail: str
    source: Source
    wanted: Annotated[
        tuple[Wanted, ...],
        Mark(
            says="The field ids that should have had a value, each with the spec that sets it, and "
            "the policy where it is one",
            left_out=True,
        ),
    ] = ()


@dataclass(frozen=True, slots=True, order=True)
class IgnoredField:
    """A field that differs and is left alone, because a rule of the spec `rule` says so."""

    case_id: CaseId
    id: FieldId
    name: str
    reason: str
    until: str
    source: Source
    rule: Annotated[str, Mark(says="The name of the spec that holds the rule")] = ""


@dataclass(frozen=True, slots=True)
class Blocker:
    """A guard's refusal: which guard, over what, and the numbers."""

    guard: Annotated[Guard, Mark(says="Which guard")]
    scope: str
    found: float
    limit: float
    message: str
    names: Annotated[
        str,
        Mark(says="The field or the owner that it is about, where it is about one", left_out=True),
    ] = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What applying will cost: calls by API, and seconds at the target's quotas and share."""

    calls: Annotated[Mapping[str, int], Mark(expected="a number for each operation")]
    seconds: float


@dataclass(frozen=True, slots=True)
class Git:
    """Where the specs stood in version control; empty strings outside a repository."""

    commit: Commit = ""
    branch: str = ""
    dirty: bool = False


def is_update_time(text: str) -> bool:
    """Whether a text is a case's last update as plans spell it: in UTC, or empty."""
    return text == "" or instant(text) == text
