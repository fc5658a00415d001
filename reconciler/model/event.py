"""What happened during apply, as facts in the past tense.

The journal, the progress line, the counts, the exit status and the final report are all folds of
these. Each is one line of the journal; none can hold the value of a sensitive field.
"""

from dataclasses import dataclass
from typing import Annotated, Protocol, TypeAlias

from reconciler.model.marks import Mark
from reconciler.model.plan import Shown
from reconciler.model.value import CaseId, FieldId

Written: TypeAlias = Annotated[
    tuple[FieldId, ...],
    Mark(
        says="The ids of the fields that were written, where others of the case were not; not "
        "there in a case that travels whole",
        left_out=True,
    ),
]
RequestId: TypeAlias = Annotated[str, Mark(says="The service's id of the write")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """The first line of every journal.

    `retry_of` is the run whose rest this one tries again, `rollback_of` the digest of the plan
    that it undoes, `overridden_windows` the change windows that it was told to pass over.
    """

    run_id: str
    plan_digest: str
    changes_digest: str
    commit: str
    actor: str
    mode: str
    tool_version: str
    cases: int
    at: str
    retry_of: str = ""
    rollback_of: str = ""
    overridden_windows: tuple[str, ...] = ()
    by_field: Annotated[bool, Mark(left_out=True)] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StageStarted:
    """One of several stages begins; what has begun is finished.

    `target` is whose stage it is, where the plan has several.
    """

    stage: int
    stages: int
    cases: int
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFinished:
    """Every case of the stage has its outcome; counts by event name, `stop` why none follows."""

    stage: int
    stages: int
    counts: tuple[tuple[str, int], ...]
    stop: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A write is about to be sent; without a later line about the case its outcome is unknown.

    `seen_at` is the case's last update as the guard read saw it, `read_at` the service's own time
    of that read: together they can prove that the write did not take effect. `fields` are sent;
    `about` are all that the apply was to bring to their planned values.
    """

    target: str
    case_id: CaseId
    fields: tuple[FieldId, ...]
    attempt: int
    seen_at: str = ""
    read_at: str = ""
    about: tuple[FieldId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWritten:
    """Some fields of a case were written, and a read showed them; the rest follows by itself.

    `updated_at` is the case's last update as that read saw it: this write, unless somebody else
    came right after it.
    """

    target: str
    case_id: CaseId
    fields: tuple[FieldId, ...]
    request_id: RequestId
    updated_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """This run's write, accepted or proven by its stamp; a read afterwards showed its values.

    `about` are the fields of those values, where they were written a few at a time.
    """

    target: str
    case_id: CaseId
    request_id: RequestId
    settled_by_reading: Annotated[
        bool, Mark(says="The reply was lost; a read showed the write")
    ] = False
    about: Annotated[tuple[FieldId, ...], Mark(left_out=True)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyDone:
    """The case holds the planned values, and nothing shows that this run wrote them.

    `about` are the fields of those values; a receipt leaves them out, since its plan has them.
    """

    target: str
    case_id: CaseId
    about: tuple[FieldId, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field of a conflict; sensitive values are tags."""

    field: FieldId
    name: str
    before: Annotated[Shown, Mark(says="What the plan saw")]
    after: Annotated[Shown, Mark(says="What the plan would write")]
    live: Annotated[Shown, Mark(says="What the case held")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Not written, or not again: what the case holds may be somebody else's.

    Or, where `planned`, both the spec and somebody else changed it since they last agreed.
    """

    target: str
    case_id: CaseId
    fields: tuple[FieldConflict, ...]
    changed_by: str
    changed_at: str
    planned: Annotated[
        bool,
        Mark(says="The spec and somebody else both changed the value; nothing was sent"),
    ] = False
    written: Written = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The service refused, or stayed unavailable; but for `written`, nothing was changed."""

    target: str
    case_id: CaseId
    code: Annotated[str, Mark(says="The service's word for the failure")]
    message: str
    request_id: RequestId = ""
    written: Written = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A write was sent, and nothing told what became of it; with its request id: accepted."""

    target: str
    case_id: CaseId
    message: str
    request_id: RequestId = ""
    written: Written = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """The write was accepted, but a read afterwards showed other values."""

    target: str
    case_id: CaseId
    request_id: RequestId
    fields: tuple[FieldConflict, ...]
    written: Written = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAttempted:
    """The run ended before this case's turn."""

    target: str
    case_id: CaseId
    reason: Annotated[str, Mark(says="Why the case was not attempted")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """The last line of a journal whose run was not cut short; counts by event name."""

    counts: tuple[tuple[str, int], ...]
    at: str


Outcome: TypeAlias = Applied | AlreadyDone | Conflict | Failed | Unknown | Unverified | NotAttempted
StageEvent: TypeAlias = StageStarted | StageFinished
Event: TypeAlias = RunStarted | StageEvent | Started | PartWritten | Outcome | RunFinished


class Record(Protocol):
    """Takes a fact; it is on disk before this returns."""

    def __call__(self, event: Event) -> None: ...
