"""The plan: every change that apply may make, and what was known when it was made, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Literal

from reconciler.model.classes import ChangeClass
from reconciler.model.diagnostic import Source
from reconciler.model.marks import Digest, DigestOrNone, Mark, Moment, MomentOrNone
from reconciler.model.plan_parts import Blocker as Blocker
from reconciler.model.plan_parts import Estimate as Estimate
from reconciler.model.plan_parts import FieldName, is_update_time
from reconciler.model.plan_parts import Git as Git
from reconciler.model.plan_parts import IgnoredField as IgnoredField
from reconciler.model.plan_parts import Mode as Mode
from reconciler.model.plan_parts import Sealed as Sealed
from reconciler.model.plan_parts import Shown as Shown
from reconciler.model.plan_parts import UnreadableCase as UnreadableCase
from reconciler.model.plan_parts import Wanted as Wanted
from reconciler.model.value import CaseId, FieldId, FieldType, TemplateId

FORMAT_VERSION = "2.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastChange:
    """Who changed a live value last: the newest entry about this field in the case's history.

    `by` and `principal` may be empty. `at` is UTC.
    """

    by: Annotated[str, Mark(says="User ARN or custom entity")]
    principal: Annotated[str, Mark(says="IAM principal ARN")]
    at: str
    before: Annotated[Shown, Mark(beside=True)]
    after: Annotated[Shown, Mark(beside=True)]
    commit: Annotated[str, Mark(says="The commit in this program's stamp, or empty")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field to set or clear. `before` is also the condition: apply replaces nothing else."""

    derived: ClassVar[tuple[str, ...]] = ("action", "sensitive")

    id: Annotated[FieldName, Mark(says="Field id")]
    name: Annotated[str, Mark(says="Display name")]
    type: FieldType
    before: Annotated[
        Shown,
        Mark(
            says="What the field held when the plan was made, null for empty. Apply replaces "
            "nothing else.",
            beside=True,
        ),
    ]
    after: Annotated[Shown, Mark(says="What the field will hold, null for empty.", beside=True)]
    source: Source
    overrides: Annotated[str, Mark(says="The policy that this named case beats, or empty")] = ""
    policy: Annotated[str, Mark(says="The policy that wants this, or empty for a named case")] = ""
    spec: Annotated[str, Mark(says="The name of the spec that wants this")] = ""
    owner: Annotated[str, Mark(says="Whose spec wants this, or empty where nobody is named")] = ""
    change_class: Annotated[
        ChangeClass,
        Mark(
            key="class",
            says="Told by what was last applied, what is live, what is desired; unclassified where "
            "no history was read, or where it does not tell",
        ),
    ] = ChangeClass.UNCLASSIFIED
    last_change: Annotated[LastChange | None, Mark(says="Null where no history was read")] = None

    def __post_init__(self) -> None:
        if self.before == self.after:
            raise ValueError(f"{self.id}: a change must change something")

    @property
    def action(self) -> Literal["set", "clear"]:
        """What apply does to the field."""
        return "clear" if self.clears else "set"

    @property
    def clears(self) -> bool:
        """Whether the field is empty afterwards."""
        return self.after is None

    @property
    def sensitive(self) -> Annotated[bool, Mark(says="before and after are tags, not values")]:
        """Whether the values are sealed."""
        return isinstance(self.before, Sealed) or isinstance(self.after, Sealed)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """All the changes to one case; they travel in a single UpdateCase call."""

    case_id: Annotated[CaseId, Mark(pattern=r"[A-Za-z0-9\-._/:#=+]{1,500}", expected="a case id")]
    title: str
    template_id: TemplateId
    observed_at: Annotated[
        str,
        Mark(
            says="last_updated_datetime of the case when it was read",
            fits=is_update_time,
            expected="a time in UTC, or an empty text",
        ),
    ]
    fields: tuple[FieldChange, ...]

    @property
    def field_ids(self) -> tuple[FieldId, ...]:
        """The ids of the fields that change."""
        return tuple(entry.id for entry in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPlan:
    """The part of a plan that is about one domain.

    A target that could not be planned at all has an `error` and nothing else but its name.
    """

    name: Annotated[str, Mark(longest=500, expected="a name")]
    account: str
    region: str
    domain_id: str
    domain_name: str
    read_at: MomentOrNone
    read_by: Annotated[str, Mark(says="How the cases were read, and why")]
    cases_managed: int
    cases_in_sync: int
    changes: tuple[CaseChange, ...]
    unreadable: Annotated[tuple[UnreadableCase, ...], Mark(expected="unreadable cases")]
    blocked_by: Annotated[tuple[Blocker, ...], Mark(expected="blockers")]
    estimate: Annotated[Estimate, Mark(says="What applying in this mode costs")]
    unconfirmed: Annotated[
        int, Mark(says="Changes found through the search index alone, which may lag")
    ] = 0
    bulk_estimate: Annotated[
        Estimate | None,
        Mark(says="What bulk mode would cost, where that is at least twice as fast"),
    ] = None
    by_field_estimate: Annotated[
        Estimate | None,
        Mark(
            says="What bulk mode by field would cost, where that is at least twice as fast, and "
            "faster than bulk mode alone; not there where it is not",
            left_out=True,
        ),
    ] = None
    policy_limits: Annotated[
        Mapping[str, int],
        Mark(
            says="The policies' own guards, which a saved plan carries along",
            expected="a number for each policy",
        ),
    ] = field(default_factory=dict)
    ignored: Annotated[tuple[IgnoredField, ...], Mark(expected="ignored fields")] = ()
    option_names: Annotated[
        Mapping[FieldId, Mapping[str, str]],
        Mark(
            says="What people call the option values in the changes, by field id, where that is "
            "another word",
            expected="names for each field",
        ),
    ] = field(default_factory=dict)
    error: Annotated[
        str | None,
        Mark(says="Why the target could not be planned, in words; null where it was"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The totals of a plan."""

    cases_managed: int
    cases_in_sync: int
    cases_to_change: int
    fields_to_change: int
    clears: int
    classes: Annotated[Mapping[ChangeClass, int], Mark(says="Fields to change by class")]
    ignored: Annotated[int, Mark(says="Fields that differ and are left alone by a rule")]
    unreadable: int
    blocked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything apply may do. Times are UTC, `2026-12-01T09:00:00Z`.

    Stamps and journals of a part bear the digest of the whole, `part_of`: what was begun by a
    part, was begun by the plan. `vouched` is False for a plan out of a file that no seal key
    proves to be as it was made, so that nothing it says about itself may lift a guard.
    """

    tool_version: str
    created_at: Moment
    expires_at: Moment
    git: Git
    spec_digest: Digest
    mode: Mode
    targets: tuple[TargetPlan, ...]
    spec_files: Annotated[tuple[str, ...], Mark(expected="files")] = field(default=())
    rollback_of: Annotated[
        DigestOrNone,
        Mark(says="digest of the plan that this one undoes, or empty for a plan from specs"),
    ] = ""
    part_of: Annotated[
        Digest,
        Mark(
            says="digest of the saved plan of which this is a selected part; not there in a whole "
            "one",
            left_out=True,
        ),
    ] = ""
    by_field: Annotated[
        bool,
        Mark(
            says="Whether many different changes travel in batches of the same values in a few "
            "fields, several for one case; only in bulk mode, and not there where not",
            left_out=True,
        ),
    ] = False
    vouched: Annotated[bool, Mark(unwritten=True)] = field(default=True, compare=False)

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
