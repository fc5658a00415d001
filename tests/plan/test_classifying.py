"""Conflicts are told in a plan, and as an apply comes to each case; each history is read once."""

from dataclasses import replace

import pytest

from reconciler.errors import Refused
from reconciler.history.attribution import AttributionOrder
from reconciler.model.audit import AuditEvent, RecordedChange
from reconciler.model.plan import ChangeClass
from reconciler.plan.classifying import Classifier, Conflicts, classified
from reconciler.read.gathered import Compared
from reconciler.read.preparing import Later
from reconciler.secrets.sealing import Sealer
from reconciler.service.ports import HistoryAccess
from reconciler.specs.diff import Difference
from reconciler.specs.resolve import Resolution
from tests.builders import (
    a_catalog,
    a_plan,
    case_change,
    desired_field,
    field_change,
    live,
    target_plan,
)
from tests.fakes import FakeWorld

UNTOLD, DRIFT = ChangeClass.UNCLASSIFIED, ChangeClass.DRIFT
STAMP = "reconcile:aaaaaaaaaaaa:none"


class NoGit:
    """Version control that knows nothing."""

    def specs_at(self, commit, file):
        return ()

    def files_naming(self, commit, text):
        return ()

    def line_commit(self, file, first, last):
        return None

    def commit(self, commit):
        return None


def an_event(minute, by, before, after):
    return AuditEvent(
        event_id=f"e{minute}",
        kind="Case.Updated",
        at=f"2026-11-20T14:{minute:02}:00Z",
        by=by,
        principal="",
        changes=(RecordedChange("note", before, after),),
    )


class Drifted:
    """Cases that were once brought to `new`, and that somebody has put to `old` since."""

    def __init__(self, *ids):
        told = [an_event(1, STAMP, "x", "new"), an_event(2, "arn:jane", "new", "old")]
        self.world = FakeWorld(histories={one: told for one in ids})
        self.found = [
            Compared(
                live(one, note="old"),
                (Difference(desired_field("note", "new"), "old"),),
                confirmed=True,
            )
            for one in ids
        ]
        self.changes = tuple(case_change(one) for one in ids)
        self.opened = 0

    def open(self):
        self.opened += 1
        return HistoryAccess(self.world, NoGit())

    def order(self, most=9, most_later=9):
        return AttributionOrder(
            target="prod",
            default="prod",
            specs=(),
            catalog=a_catalog(),
            resolution=Resolution((), ()),
            sealer=Sealer(b"key", frozenset()),
            most=most,
            most_later=most_later,
        )

    def classifier(self, most=9):
        found = {one.live.case_id: one for one in self.found}
        return Classifier(self.order(most), self.open, found)

    def read(self):
        return [case for _, case in self.world.calls("GetCaseAuditEvents")]


def classes(changes):
    return [entry.change_class for change in changes for entry in change.fields]


# -- one case when it is asked for ---------------------------------------------------------


def test_a_case_is_told_by_its_history_which_is_read_once():
    drifted = Drifted("c1", "c2")
    classifier = drifted.classifier()
    for _ in range(3):
        told = classifier.classify(drifted.changes[0])
        assert classes([told]) == [DRIFT]
    assert classifier.known(drifted.changes[0]) == told
    assert drifted.read() == ["c1"]


def test_nothing_is_opened_before_a_case_is_asked_for():
    drifted = Drifted("c1", "c2")
    classifier = drifted.classifier()
    assert classifier.known(drifted.changes[0]) == drifted.changes[0]
    assert drifted.opened == 0
    assert classes(map(classifier.classify, drifted.changes)) == [DRIFT, DRIFT]
    assert drifted.opened == 1


def test_no_more_cases_are_read_than_may_be():
    drifted = Drifted("c1", "c2", "c3")
    classifier = drifted.classifier(most=2)
    assert classes(map(classifier.classify, drifted.changes)) == [DRIFT, DRIFT, UNTOLD]
    assert drifted.read() == ["c1", "c2"]


def test_a_case_that_is_not_to_be_told_stays_as_it_is():
    drifted = Drifted("c1")
    other = case_change("c9")
    assert drifted.classifier().classify(other) == other
    assert drifted.read() == []


def test_a_history_that_cannot_be_read_leaves_its_case_untold_and_is_not_asked_again():
    drifted = Drifted("c1")
    drifted.world.fail("GetCaseAuditEvents", Refused("no", code="ValidationException"))
    classifier = drifted.classifier()
    assert classes([classifier.classify(drifted.changes[0])]) == [UNTOLD]
    assert classes([classifier.classify(drifted.changes[0])]) == [UNTOLD]
    assert drifted.read() == ["c1"]


# -- now, or later -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "most", "most_later", "told", "rest"),
    [
        pytest.param(Later.NEVER, 9, 9, [DRIFT] * 3, 0, id="a-plan-tells-all"),
        pytest.param(Later.NEVER, 1, 9, [DRIFT, UNTOLD, UNTOLD], 0, id="a-plan-tells-some"),
        pytest.param(Later.NEVER, 0, 9, [UNTOLD] * 3, 0, id="a-plan-tells-none"),
        pytest.param(Later.FIRST, 1, 9, [DRIFT] * 3, 0, id="the-rest-first"),
        pytest.param(Later.FIRST, 1, 1, [DRIFT, DRIFT, UNTOLD], 0, id="some-of-the-rest-first"),
        pytest.param(Later.MEANWHILE, 1, 9, [DRIFT, UNTOLD, UNTOLD], 2, id="the-rest-meanwhile"),
        pytest.param(Later.MEANWHILE, 1, 1, [DRIFT, UNTOLD, UNTOLD], 1, id="some-meanwhile"),
        pytest.param(Later.MEANWHILE, 9, 9, [DRIFT] * 3, 0, id="nothing-is-left"),
    ],
)
def test_what_is_told_now_and_what_is_left_for_later(later, most, most_later, told, rest):
    drifted = Drifted("c1", "c2", "c3")
    found = classified(
        drifted.order(most, most_later), drifted.open, drifted.found, drifted.changes, later
    )
    assert classes(found.changes) == told
    assert (found.rest.most if found.rest else 0) == rest
    assert [one.case_id for one in found.changes] == ["c1", "c2", "c3"]
    assert len(drifted.read()) == told.count(DRIFT)


def test_what_a_policy_wants_is_no_conflict_and_costs_no_history_later():
    drifted = Drifted("c1")
    changes = (case_change("c1", field_change(policy="rule")),)
    found = classified(drifted.order(0), drifted.open, drifted.found, changes, Later.MEANWHILE)
    assert (found.changes, found.rest, drifted.opened) == (changes, None, 0)


# -- what one apply leaves alone -----------------------------------------------------------

CLASH = field_change("note", change_class=ChangeClass.CONFLICT)


def test_a_plans_own_conflicts_are_left_alone_where_a_target_has_too_many():
    plan = a_plan(
        target_plan(case_change("c1", CLASH), case_change("c2")),
        target_plan(case_change("c1", CLASH), name="test"),
        target_plan(case_change("c1", CLASH), name="dev"),
    )
    found = Conflicts(plan, {"prod": 0, "test": 1}).planned()
    assert [(one.target, one.case_id) for one in found] == [("prod", "c1"), ("dev", "c1")]


def told_as(kind):
    class ClassifiesAs:
        """A classifier that has made up its mind."""

        def classify(self, change):
            fields = tuple(replace(one, change_class=kind) for one in change.fields)
            return replace(change, fields=fields)

        known = classify

    return ClassifiesAs()


@pytest.mark.parametrize("kind", ChangeClass)
def test_a_case_that_turns_out_to_be_in_conflict_is_met_and_no_other(kind):
    change = case_change("c1")
    target = target_plan(change)
    conflicts = Conflicts(a_plan(target), {}, {"prod": told_as(kind)})
    found = conflicts.met(target, change)
    assert (found is not None) is (kind is ChangeClass.CONFLICT)
    assert conflicts.met(replace(target, name="test"), change) is None


def test_the_plan_as_it_became_known_has_the_classes_of_its_own_targets():
    plan = a_plan(target_plan(case_change("c1")), target_plan(case_change("c1"), name="test"))
    known = Conflicts(plan, {}, {"test": told_as(DRIFT)}).as_known()
    assert [classes(target.changes) for target in known.targets] == [[UNTOLD], [DRIFT]]
