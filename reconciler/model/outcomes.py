"""The table of outcomes: what each way in which a case can end means to everybody who reads it.

Journal, receipt, exit status, stages, retry, rollback and every report take it from here. A kind
of outcome without a row stops the program when it starts, and one that `detail` does not know is
refused by the type checker.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, IntEnum
from typing import TypeGuard, assert_never, get_args

from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    FieldConflict,
    NotAttempted,
    Outcome,
    Unknown,
    Unverified,
)
from reconciler.model.value import FieldId


class Severity(IntEnum):
    """How much an outcome should worry, the least first; each format has its words for it."""

    GOOD = 0
    WAITING = 1  # nothing is wrong with the case itself
    TO_DECIDE = 2  # somebody has to say which value is right
    WRONG = 3


class Effect(Enum):
    """What the write of a plan did to the case."""

    NONE = "none"
    SENT = "the service accepted it"
    HELD = "the case holds the planned values, whoever wrote them"
    DISPUTED = "somebody else's value stands there, and a part of ours may have been written"
    PARTLY = "the service accepted some of the fields"
    UNKNOWN = "nobody can tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeKind:
    """What one kind of outcome is called and what follows from it.

    `note` says in a sentence's second half what it means for the case, `partly` the same where
    some of its fields were written. `counted` stands after a
    number of cases, `stops` after one in the reason why no further stage begins; empty where it is
    no such reason. `title` names it above a list, `detail` the column of what was said about it,
    and `advice` says what to do.
    """

    type: type[Outcome]
    word: str
    note: str
    partly: str = ""
    severity: Severity
    effect: Effect
    again: bool = False
    counted: str = ""
    stops: str = ""
    mark: str = ""
    title: str = ""
    detail: str = ""
    advice: str = ""

    @property
    def name(self) -> str:
        """What journals, receipts and JSON call it."""
        return self.type.__name__

    @property
    def done(self) -> bool:
        """Whether the case is as the plan wants it."""
        return self.severity is Severity.GOOD

    @property
    def usual(self) -> bool:
        """Whether it went as it should, so that nothing more is said of it."""
        return self.done and not self.note

    @property
    def key(self) -> str:
        """The word as programs spell it, for instance as an output of a CI step."""
        return self.word.replace(" ", "-")

    @property
    def quantity(self) -> str:
        """The word after a number of cases."""
        return self.counted or self.word


_ROWS = (
    OutcomeKind(
        type=Applied,
        word="applied",
        note="",
        severity=Severity.GOOD,
        effect=Effect.SENT,
    ),
    OutcomeKind(
        type=AlreadyDone,
        word="already done",
        note="nothing was sent: the case held the planned values already",
        severity=Severity.GOOD,
        effect=Effect.HELD,
    ),
    OutcomeKind(
        type=Conflict,
        word="conflict",
        note="not written",
        partly="a part was written, and the rest was left as found",
        severity=Severity.TO_DECIDE,
        effect=Effect.DISPUTED,
        counted="in conflict",
        stops="conflict",
        mark="!",
        title="A value that somebody else changed was left as found",
        advice="Where somebody changed the value after the plan was made, make a new plan, and "
        "review it.",
    ),
    OutcomeKind(
        type=Failed,
        word="failed",
        note="nothing of the case was changed",
        partly="only a part of the case was written",
        severity=Severity.WRONG,
        effect=Effect.NONE,
        again=True,
        stops="failure",
        mark="x",
        title="The service refused a change",
        detail="error",
        advice="Correct what the message says.",
    ),
    OutcomeKind(
        type=Unknown,
        word="unknown",
        note="nothing told what became of the write",
        partly="a part was written, and nothing told what became of another write",
        severity=Severity.WRONG,
        effect=Effect.UNKNOWN,
        again=True,
        stops="unknown outcome",
        mark="?",
        title="Nobody can tell what became of a write",
        detail="what is known",
        advice="A new try looks first.",
    ),
    OutcomeKind(
        type=Unverified,
        word="unverified",
        note="the case held other values after the write",
        partly="a part was written, and the case held other values after it",
        severity=Severity.WRONG,
        effect=Effect.SENT,
        again=True,
        stops="unverified write",
        mark="!",
        title="A written value is not what a read showed",
        advice="Look for a rule or a program that rewrites the values.",
    ),
    OutcomeKind(
        type=NotAttempted,
        word="not attempted",
        note="",
        severity=Severity.WAITING,
        effect=Effect.NONE,
        again=True,
        mark="-",
        title="An apply ended before the turn of a case",
        detail="reason",
    ),
)


def _in_order() -> Mapping[str, OutcomeKind]:
    rows = {row.type: row for row in _ROWS}
    if missing := [kind.__name__ for kind in get_args(Outcome) if kind not in rows]:
        raise TypeError(f"no row in the table of outcomes for {', '.join(missing)}")
    return {kind.__name__: rows[kind] for kind in get_args(Outcome)}


def _partly(row: OutcomeKind) -> OutcomeKind:
    """What a kind means where some fields of the case were written, and others were not."""
    return replace(row, note=row.partly, effect=Effect.PARTLY)


# By the name in journals, in the order in which they are counted.
KINDS = _in_order()
_PARTLY = {name: _partly(row) for name, row in KINDS.items() if row.partly}
# In the order of urgency: what is not done, then the rest; each kind with what it means partly.
URGENT = tuple(
    variant
    for name in sorted(KINDS, key=lambda name: KINDS[name].done)
    for variant in filter(None, (KINDS[name], _PARTLY.get(name)))
)
_URGENCY = {kind.type: rank for rank, kind in enumerate(URGENT)}


def is_outcome(event: object) -> TypeGuard[Outcome]:
    """Whether an event is the end of a case."""
    return type(event) in _URGENCY


def kind_of(outcome: Outcome) -> OutcomeKind:
    """What an outcome's kind means, for a case that was partly written too."""
    name = type(outcome).__name__
    return _PARTLY[name] if detail(outcome).written else KINDS[name]


def by_urgency(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The most urgent first; those of one kind keep their order."""
    return sorted(outcomes, key=lambda one: _URGENCY[type(one)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What one outcome says beyond its kind; `cause` goes into the sentence, `message` after it.

    `known_before`: it was so before the run, and says nothing about it. `written` are fields that
    were written although the case is not done.
    """

    cause: str = ""
    code: str = ""
    message: str = ""
    request_id: str = ""
    fields: tuple[FieldConflict, ...] = ()
    changed_by: str = ""
    changed_at: str = ""
    known_before: bool = False
    written: tuple[FieldId, ...] = ()


def detail(outcome: Outcome) -> Detail:
    """What an outcome says beyond its kind."""
    match outcome:
        case Applied():
            lost = "the reply was lost, and a read showed the planned values"
            return Detail(message=lost if outcome.settled_by_reading else "")
        case AlreadyDone():
            return Detail()
        case Conflict():
            both = "the spec and somebody else both changed it"
            return Detail(
                cause=both if outcome.planned else "",
                fields=outcome.fields,
                changed_by=outcome.changed_by,
                changed_at=outcome.changed_at,
                known_before=outcome.planned and not outcome.written,
                written=outcome.written,
            )
        case Failed():
            return Detail(
                code=outcome.code,
                message=outcome.message,
                request_id=outcome.request_id,
                written=outcome.written,
            )
        case Unknown():
            return Detail(
                message=outcome.message, request_id=outcome.request_id, written=outcome.written
            )
        case Unverified():
            return Detail(fields=outcome.fields, written=outcome.written)
        case NotAttempted():
            return Detail(message=outcome.reason)
    assert_never(outcome)
