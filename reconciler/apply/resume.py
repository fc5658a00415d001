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
    Event,
    Outcome,
    RunFinished,
    RunStarted,
    Started,
)
from reconciler.model.outcomes import Effect, detail, is_outcome, kind_of
from reconciler.model.value import CaseId

Case = tuple[str, CaseId]  # the target's name with it


@dataclass(frozen=True, slots=True)
class Begun:
    """What earlier applies of a plan did to one case.

    `attempts` are writes of which nobody knows yet what became of them. `told` are the fields that
    were done once, so that this plan never writes them again. `unreported`: no receipt says so yet.
    """

    attempts: tuple[Attempt, ...] = ()
    told: Part = NO_FIELD
    unreported: bool = False

    @property
    def loose(self) -> bool:
        """Whether a receipt that passes over this case would leave out what may be written."""
        return bool(self.attempts) or self.unreported


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier applies of a plan have begun, and the stamps that they signed with."""

    cases: Mapping[Case, Begun] = field(default_factory=dict)
    stamps: frozenset[str] = frozenset()

    @property
    def unfinished(self) -> int:
        """How many cases runs that were cut short had done."""
        return sum(bool(one.told) and one.unreported for one in self.cases.values())


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
            cases[case] = _joined(cases.get(case, NOTHING), one)
    for outcome in receipts:
        case = (outcome.target, outcome.case_id)
        part = planned.get(case, WHOLE)
        one = _after(outcome, (Attempt(about=part),) if case not in cases else (), part)
        if one != NOTHING:
            cases[case] = _joined(cases.get(case, NOTHING), one)
    return cases


def _of_run(events: Iterable[Event]) -> dict[Case, Begun]:
    sent: dict[Case, tuple[Attempt, ...]] = {}
    ended: dict[Case, Outcome] = {}
    finished = False
    for event in events:
        if isinstance(event, Started):
            case = (event.target, event.case_id)
            sent[case] = (*sent.get(case, ()), _attempt(event))
        elif isinstance(event, RunFinished):
            finished = True
        elif is_outcome(event):
            ended[event.target, event.case_id] = event
    found = {case: Begun(attempts) for case, attempts in sent.items() if case not in ended}
    for case, outcome in ended.items():
        attempts = sent.get(case, ())
        found[case] = _after(outcome, attempts, _about(outcome, attempts))
    return {
        case: replace(one, unreported=bool(one.told) and not finished)
        for case, one in found.items()
        if one != NOTHING
    }


def _attempt(event: Started) -> Attempt:
    return Attempt(event.seen_at, event.read_at, recorded(event.about))


def _about(outcome: Outcome, sent: tuple[Attempt, ...]) -> Part:
    """What the run was about, as its lines on the case say."""
    if isinstance(outcome, AlreadyDone):
        return recorded(outcome.about)
    return sent[-1].about if sent else WHOLE


def _after(outcome: Outcome, sent: tuple[Attempt, ...], part: Part) -> Begun:
    """What an outcome about a part leaves begun, of the writes that were sent before it."""
    effect = kind_of(outcome).effect
    # A request id proves that the service took the write, though no read has shown it since.
    accepted = effect is Effect.UNKNOWN and detail(outcome).request_id
    if accepted or effect in (Effect.SENT, Effect.HELD):
        return Begun(told=part)
    return NOTHING if effect is Effect.NONE else Begun(sent)


def _joined(one: Begun, other: Begun) -> Begun:
    return Begun(
        attempts=(*one.attempts, *other.attempts),
        told=one.told | other.told,
        unreported=one.unreported or other.unreported,
    )


def first_line(events: Iterable[Event]) -> RunStarted | None:
    """The line that says of which plan a journal is."""
    first = next(iter(events), None)
    return first if isinstance(first, RunStarted) else None
