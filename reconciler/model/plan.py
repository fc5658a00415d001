"""The plan: every change that apply may make, and what was known when it was made, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from reconciler.model.diagnostic import Source
from reconciler.model.value import CaseId, FieldId, FieldType, TemplateId, Value

FORMAT_VERSION = "2.0"


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


class ChangeClass(StrEnum):
    """What a difference is, told by what was last applied (A), what is live (L), what is desired.

    The most urgent first, as every report shows them. `conflict`: both changed, and so it is not
    written. `drift`: L left A, the spec did not change. `pending`: L is still A, the spec changed.
    `new`: never applied. `unclassified`: no history was read, or it does not tell.
    """

    CONFLICT = "conflict"
    DRIFT = "drift"
    PENDING = "pending"
    NEW = "new"
    UNCLASSIFIED = "unclassified"


URGENCY = {kind: at for at, kind in enumerate(ChangeClass)}


# Of values that somebody changed since they were applied; the gravest first.
TOUCHED = (ChangeClass.CONFLICT, ChangeClass.DRIFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """Who changed a live value last, from the case's own audit history.

    `by` is a user ARN or a custom entity, `principal` an IAM ARN; both may be empty. `commit` is
    set where a stamp of this program names one. `at` is UTC.
    """

    by: str
    principal: str
    at: str
    before: Shown
    after: Shown
    commit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field to set or clear. `before` is also the condition: apply replaces nothing else.

    `last_change` is None where no history was read. `spec` is the name of the spec that wants
    this; `owner` is that of the spec, empty where nobody is named.
    """

    id: FieldId
    name: str
    type: FieldType
    before: Shown
    after: Shown
    source: Source
    overrides: str = ""
    policy: str = ""
    spec: str = ""
    owner: str = ""
    change_class: ChangeClass = ChangeClass.UNCLASSIFIED
    last_change: LastChange | None = None

    def __post_init__(self) -> None:
        if self.before == self.after:
            raise ValueError(f"{self.id}: a change must change something")

    @property
    def clears(self) -> bool:
        """Whether the field is empty afterwards."""
        return self.after is None

    @property
    def sensitive(self) -> bool:
        """Whether the values are sealed."""
        return isinstance(self.before, Sealed) or isinstance(self.after, Sealed)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """All the changes to one case; they travel in a single UpdateCase call."""

    case_id: CaseId
    title: str
    template_id: TemplateId
    observed_at: str
    fields: tuple[FieldChange, ...]

    @property
    def field_ids(self) -> tuple[FieldId, ...]:
        """The ids of the fields that change."""
        return tuple(entry.id for entry in self.fields)


class Wanted(NamedTuple):
    """A field that a spec sets, and the name of the policy where it is one."""

    field: FieldId
    spec: str
    policy: str


@dataclass(frozen=True, slots=True, order=True)
class UnreadableCase:
    """A case that could not be read: it is counted and listed, and never becomes a change.

    `wanted` are the field, spec and policy of each value that it should have had; empty where
    nobody recorded them.
    """

    case: str
    reason: str
    detail: str
    source: Source
    wanted: tuple[Wanted, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class IgnoredField:
    """A field that differs and is left alone, because a rule of the spec `rule` says so."""

    case_id: CaseId
    id: FieldId
    name: str
    reason: str
    until: str
    source: Source
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Blocker:
    """A guard's refusal: which guard, over what, the numbers, and the exact flag that lifts it."""

    guard: str
    scope: str
    found: float
    limit: float
    override: str
    message: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """What applying will cost: calls by API, and seconds at the target's quotas and share."""

    calls: Mapping[str, int]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPlan:
    """The part of a plan that is about one domain.

    `unconfirmed` counts changes found through the search index alone, which may lag.
    `bulk_estimate` is what bulk mode would cost, where that is at least twice as fast.
    `policy_limits` are the policies' own guards, which a saved plan carries along. `option_names`
    are what people call the option values in the changes, where that is another word. A target
    that could not be planned at all has an `error`, in words, and nothing else but its name.
    """

    name: str
    account: str
    region: str
    domain_id: str
    domain_name: str
    read_at: str
    read_by: str
    cases_managed: int
    cases_in_sync: int
    changes: tuple[CaseChange, ...]
    unreadable: tuple[UnreadableCase, ...]
    blocked_by: tuple[Blocker, ...]
    estimate: Estimate
    unconfirmed: int = 0
    bulk_estimate: Estimate | None = None
    policy_limits: Mapping[str, int] = field(default_factory=dict)
    ignored: tuple[IgnoredField, ...] = ()
    option_names: Mapping[FieldId, Mapping[str, str]] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Git:
    """Where the specs stood in version control; empty strings outside a repository."""

    commit: str = ""
    branch: str = ""
    dirty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything apply may do. Times are UTC, `2026-12-01T09:00:00Z`.

    `rollback_of` is the digest of the plan that this one undoes; empty for a plan from specs.
    `part_of` is the digest of the saved plan of which this is the selected part; empty for a whole
    one. Stamps and journals bear that digest: what was begun by a part, was begun by the plan.
    `vouched` is no part of what is saved: False for a plan out of a file that no seal key proves
    to be as it was made, so that nothing it says about itself may lift a guard.
    """

    tool_version: str
    created_at: str
    expires_at: str
    git: Git
    spec_digest: str
    mode: Mode
    targets: tuple[TargetPlan, ...]
    spec_files: tuple[str, ...] = field(default=())
    rollback_of: str = ""
    part_of: str = ""
    vouched: bool = field(default=True, compare=False)

    @property
    def changed_cases(self) -> int:
        """How many cases apply would write."""
        return sum(len(target.changes) for target in self.targets)

    @property
    def changed_fields(self) -> int:
        """How many field values apply would write."""
        return sum(len(change.fields) for target in self.targets for change in target.changes)

    @property
    def classes(self) -> Mapping[str, int]:
        """How many fields are of each class."""
        counts = dict.fromkeys(map(str, ChangeClass), 0)
        for target in self.targets:
            for change in target.changes:
                for entry in change.fields:
                    counts[str(entry.change_class)] += 1
        return counts

    @property
    def blocked(self) -> bool:
        """Whether any guard objects."""
        return any(target.blocked_by for target in self.targets)

    @property
    def failed(self) -> "tuple[TargetPlan, ...]":
        """The targets that could not be planned at all."""
        return tuple(target for target in self.targets if target.error is not None)

    def with_failed(self, reasons: Mapping[str, str]) -> "Plan":
        """The plan as it is once targets failed, by name and with the reason."""
        targets = tuple(
            replace(one, error=reasons[one.name]) if one.name in reasons else one
            for one in self.targets
        )
        return replace(self, targets=targets)

    @property
    def incomplete(self) -> bool:
        """Whether a case or a whole target could not be read."""
        return bool(self.unreadable_cases or self.failed)

    @property
    def unreadable_cases(self) -> int:
        """How many cases could not be read."""
        return sum(len(target.unreadable) for target in self.targets)
