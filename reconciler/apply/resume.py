"""Work out from journals and a receipt what earlier applies of a plan have begun.

The rule that no write is repeated over what may be somebody's belongs to the plan, not to the
process: every journal of the plan counts, of a finished run too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from reconciler.apply.part import NO_FIELD, WHOLE, Part, recorded
from reconciler.apply.settling_rule import Attempt
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Event,
    Failed,
    Outcome,
    PartWritten,
    RunFinished,
    RunStarted,
    Started,
    Unverified,
)
from reconciler.model.outcomes import Effect, detail, is_outcome, kind_of
from reconciler.model.value import CaseId, FieldId

Case = tuple[str, CaseId]  # the target's name with it


@dataclass(frozen=True, slots=True)
class Begun:
    """What earlier applies of a plan did to one case.

    `attempts` are writes of which nobody knows yet what became of them. `told` are the fields that
    were done once, so that this plan never writes them again. `unreported`: no receipt says so yet.
    `written` are fields that this plan wrote of a case that it did not bring to its end, and
    `updated_at` is the last update of the case as it was seen after the newest of these writes.
    """

    attempts: tuple[Attempt, ...] = ()
    told: Part = NO_FIELD
    unreported: bool = False
    written: frozenset[FieldId] = frozenset()
    updated_at: str = ""

    @property
    def loose(self) -> bool:
        """Whether a receipt that passes over this case would leave out what may be written.

        What is known to be written stands in every outcome.
        """
        return bool(self.attempts) or (self.unreported and not self.written)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier applies of a plan have begun, and the stamps that they signed with."""

    cases: Mapping[Case, Begun] = field(default_factory=dict)
    stamps: frozenset[str] = frozenset()

    @property
    def unfinished(self) -> int:
        """How many cases runs that were cut short had done."""
        return sum(
            bool(one.told) and one.unreported and not one.written for one in self.cases.values()
        )


NOTHING = Begun()


def begun_in(
    runs: Iterable[Iterable[Event]],
    receipts: Iterable[Outcome] = (),
    planned: Mapping[Case, Part] = MappingProxyType({}),
) -> dict[Case, Begun]:
    """All that these runs, and the outcomes of a receipt of the `planned` fields, have begun."""
    cases: dict[Case, Begun] = {}
    for events in runs:
        for case, one in _of_run(events).items():
            cases[case] = joined(cases.get(case, NOTHING), one)
    for outcome in receipts:
        case = (outcome.target, outcome.case_id)
        part = planned.get(case, WHOLE)
        one = _after(outcome, (Attempt(about=part),) if case not in cases else (), part)
        if one != NOTHING:
            cases[case] = joined(cases.get(case, NOTHING), one)
    return cases


def _of_run(events: Iterable[Event]) -> dict[Case, Begun]:
    sent: dict[Case, tuple[Attempt, ...]] = {}
    parts: dict[Case, Begun] = {}
    ended: dict[Case, Outcome] = {}
    finished = False
    for event in events:
        if isinstance(event, Started):
            case = (event.target, event.case_id)
            sent[case] = (*sent.get(case, ()), _attempt(event))
        elif isinstance(event, PartWritten):
            case = (event.target, event.case_id)
            sent.pop(case, None)  # it is known what became of them
            parts[case] = joined(parts.get(case, NOTHING), after_part(event))
        elif isinstance(event, RunFinished):
            finished = True
        elif is_outcome(event):
            ended[event.target, event.case_id] = event
    found = dict(parts)
    for case, attempts in sent.items():
        found[case] = joined(parts.get(case, NOTHING), Begun(attempts))
    for case, outcome in ended.items():
        attempts = sent.get(case, ())
        one = _after(outcome, attempts, _about(outcome, attempts))
        before = parts.get(case, NOTHING)
        ended_well = replace(one, told=before.told | one.told)
        found[case] = ended_well if kind_of(outcome).done else joined(before, one)
    return {
        case: replace(one, unreported=bool(one.told) and not finished)
        for case, one in found.items()
        if one != NOTHING
    }


def after_part(event: PartWritten) -> Begun:
    """What the word that some fields were written leaves begun."""
    fields = frozenset(event.fields)
    return Begun(told=Part(fields), written=fields, updated_at=event.updated_at)


def _attempt(event: Started) -> Attempt:
    return Attempt(event.seen_at, event.read_at, recorded(event.about))


def _about(outcome: Outcome, sent: tuple[Attempt, ...]) -> Part:
    """What the run was about, as its lines on the case say."""
    if isinstance(outcome, AlreadyDone) or (isinstance(outcome, Applied) and outcome.about):
        return recorded(outcome.about)
    return sent[-1].about if sent else WHOLE


def _after(outcome: Outcome, sent: tuple[Attempt, ...], part: Part) -> Begun:
    """What an outcome about a part leaves begun, of the writes that were sent before it."""
    effect, said = kind_of(outcome).effect, detail(outcome)
    if effect is Effect.PARTLY:
        fields = frozenset(said.written)
        known = isinstance(outcome, Failed | Unverified) or bool(said.request_id)
        return Begun(() if known else sent, told=Part(fields), written=fields)
    # A request id proves that the service took the write, though no read has shown it since.
    accepted = effect is Effect.UNKNOWN and said.request_id
    if accepted or effect in (Effect.SENT, Effect.HELD):
        return Begun(told=part)
    return NOTHING if effect is Effect.NONE else Begun(sent)


def joined(one: Begun, other: Begun) -> Begun:
    """Both, the other one being the later."""
    return Begun(
        attempts=(*one.attempts, *other.attempts),
        told=one.told | other.told,
        unreported=one.unreported or other.unreported,
        written=one.written | other.written,
        updated_at=other.updated_at or one.updated_at,
    )


def first_line(events: Iterable[Event]) -> RunStarted | None:
    """The line that says of which plan a journal is."""
    first = next(iter(events), None)
    return first if isinstance(first, RunStarted) else None
