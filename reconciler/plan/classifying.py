"""Tell conflicts before they are written over: in a plan, and as an apply comes to each case.

A saved plan knows its conflicts. Where specs are planned and applied in one go, the history of a
named case is read right before its write: histories have a quota of their own, which is no
smaller than that of the writes, so that reading them beside the writes takes no time.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reconciler.errors import CallError
from reconciler.history.attribution import (
    AttributionOrder,
    Begun,
    Histories,
    Teller,
    attribute,
)
from reconciler.model.event import Conflict
from reconciler.model.plan import CaseChange, FieldChange, Plan, TargetPlan
from reconciler.model.value import CaseId
from reconciler.plan.conflicts import in_conflict, left_alone, outcome_of
from reconciler.read.gathered import Compared
from reconciler.read.preparing import Later
from reconciler.service.ports import HistoryAccess


class Classifier:
    """Classifies named cases of one target, each when it is asked for; `most` of them at most."""

    def __init__(
        self,
        order: AttributionOrder,
        open_histories: Callable[[], HistoryAccess],
        found: Mapping[CaseId, Compared],
    ) -> None:
        self.most = min(order.most, len(found))
        self._order = order
        self._open = open_histories
        self._found = found
        self._lock = threading.Lock()
        self._tools: tuple[Histories, Teller] | None = None
        self._begun: set[CaseId] = set()
        self._told: dict[CaseId, CaseChange] = {}

    def classify(self, change: CaseChange) -> CaseChange:
        """The change with its classes, as far as the history of its case tells."""
        case_id = change.case_id
        with self._lock:
            if case_id in self._begun or case_id not in self._found:
                return self.known(change)
            if len(self._begun) >= self.most:
                return change
            self._begun.add(case_id)
            histories, teller = self._tools = self._tools or self._opened()
        # Outside the lock: a history is a call, and other cases need not wait for it.
        history = histories.of(case_id)
        # Without a history the change stays unclassified, which is written and counted.
        if not isinstance(history, CallError):
            with self._lock:  # what git says is asked and kept by one at a time
                self._told[case_id] = teller.attributed(self._found[case_id], change, history)
        return self.known(change)

    def known(self, change: CaseChange) -> CaseChange:
        """The change with what has been found out about it so far."""
        return self._told.get(change.case_id, change)

    def _opened(self) -> tuple[Histories, Teller]:
        access = self._open()
        return Histories(self._order, access), Teller(self._order, access, self._found)


@dataclass(frozen=True, slots=True)
class ClassifiedChanges:
    """Changes, classified in part; what was read for that; and what classifies the rest."""

    changes: tuple[CaseChange, ...]
    read: tuple[str, ...] = ()
    rest: Classifier | None = None


@dataclass(frozen=True, slots=True)
class Conflicts:
    """What one apply leaves alone: the plan's conflicts, and those it comes upon."""

    plan: Plan
    most: Mapping[str, int]
    classifiers: Mapping[str, Classifier] = field(default_factory=dict)

    def planned(self) -> tuple[Conflict, ...]:
        """The cases that the plan itself says are in conflict, where they are too many."""
        return tuple(
            outcome_of(target.name, change)
            for target in self.plan.targets
            for alone in (left_alone(target, self.most.get(target.name, 0)),)
            for change in target.changes
            if change.case_id in alone
        )

    def met(self, target: TargetPlan, change: CaseChange) -> Conflict | None:
        """Whether a case that is about to be written turns out to be in conflict."""
        classifier = self.classifiers.get(target.name)
        if classifier is None:
            return None
        told = classifier.classify(change)
        return outcome_of(target.name, told) if in_conflict(told) else None

    def as_known(self) -> Plan:
        """The plan with the classes that have become known while it was applied."""
        return replace(
            self.plan,
            targets=tuple(
                replace(target, changes=tuple(map(classifier.known, target.changes)))
                if (classifier := self.classifiers.get(target.name))
                else target
                for target in self.plan.targets
            ),
        )


def classified(
    order: AttributionOrder,
    open_histories: Callable[[], HistoryAccess],
    found: Sequence[Compared],
    changes: tuple[CaseChange, ...],
    later: Later,
    ahead: Begun | None = None,
) -> ClassifiedChanges:
    """The changes as far as they are to be classified now, and what classifies the rest later.

    `ahead` has the histories that were begun while the cases were read.
    """
    read: tuple[str, ...] = ()
    if order.most:
        opened = ahead.opened() if ahead else None
        histories = opened or Histories(order, open_histories())
        changes, read = attribute(order, histories, found, changes, ahead if opened else None)
    rest = {
        change.case_id: seen
        for seen, change in zip(found, changes, strict=True)
        if later is not Later.NEVER and any(_untold(entry) for entry in change.fields)
    }
    if not rest:
        return ClassifiedChanges(changes, read)
    asked = replace(order, most=min(len(rest), order.most_later))
    if later is Later.MEANWHILE:
        return ClassifiedChanges(changes, read, Classifier(asked, open_histories, rest))
    unclassified = [change for change in changes if change.case_id in rest]
    histories = Histories(asked, open_histories())
    told, also = attribute(asked, histories, list(rest.values()), unclassified)
    by_case = {change.case_id: change for change in told}
    return ClassifiedChanges(
        tuple(by_case.get(one.case_id, one) for one in changes), (*read, *also)
    )


def _untold(entry: FieldChange) -> bool:
    return not entry.change_class.facts.known and not entry.policy
