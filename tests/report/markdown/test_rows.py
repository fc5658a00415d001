"""A reviewer reads few rows: alike changes together, what matters first, nothing left out."""

from dataclasses import replace

import pytest
from hypothesis import given

from reconciler.model.diagnostic import Source
from reconciler.model.plan import ChangeClass, LastChange
from reconciler.report.markdown.rows import EACH, rows, touches
from tests.builders import case_change, field_change, target_plan
from tests.plan.plans import plans

CONFLICT, DRIFT, PENDING = ChangeClass.CONFLICT, ChangeClass.DRIFT, ChangeClass.PENDING


def told(*changes):
    return [
        (row.entry.id, row.entry.after, row.cases, len(row.others))
        for row in rows(target_plan(*changes))
    ]


def alike(count, *fields, first=0):
    return [case_change(f"c{at:03}", *fields) for at in range(first, first + count)]


@given(plans)
def test_every_change_is_in_one_row(plan):
    for target in plan.targets:
        made = list(rows(target))
        assert sum(row.cases for row in made) == sum(len(one.fields) for one in target.changes)
        places = {entry.source for change in target.changes for entry in change.fields}
        assert {place for row in made for place in row.places} == places


def test_alike_changes_share_a_row_with_all_their_places():
    elsewhere = field_change(source=Source("b.yaml", 1))
    [row] = rows(target_plan(*alike(3), case_change("c9", elsewhere)))
    assert (row.cases, len(row.places), row.first.case_id) == (4, 2, "c000")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(field_change(after="newer"), id="value"),
        pytest.param(field_change(change_class=DRIFT), id="class"),
        pytest.param(field_change(policy="rule"), id="policy"),
        pytest.param(field_change(overrides="rule"), id="what-it-overrides"),
    ],
)
def test_changes_that_differ_in_anything_have_rows_of_their_own(other):
    assert len(told(case_change("c1"), case_change("c2", other))) == 2


def test_true_is_not_one():
    one, truth = (field_change("x", None, value) for value in (1.0, True))
    assert len(told(case_change("c1", one), case_change("c2", truth))) == 2


def test_conflicts_come_first_then_what_changes_most():
    many = alike(3, field_change("story"))
    drift = case_change("c8", field_change("link", change_class=DRIFT))
    clash = case_change("c9", field_change("score", 1.0, 2.0, change_class=CONFLICT))
    few = case_change("c7", field_change("note"))
    assert [row[0] for row in told(few, *many, drift, clash)] == ["score", "link", "story", "note"]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        pytest.param([9, 8, 7, 6, 5], [(9, 0), (8, 0), (7, 0), (6, 0), (5, 0)], id="one-more"),
        pytest.param(
            [9, 8, 7, 6, 5, 4], [(9, 0), (8, 0), (7, 0), (6, 0), (9, 2)], id="the-rest-share-one"
        ),
        pytest.param([1] * 6, [(6, 6)], id="each-case-has-its-own"),
    ],
)
def test_a_field_has_few_rows_and_its_other_changes_share_one(values, shown):
    assert EACH == 4
    changes, first = [], 0
    for at, count in enumerate(values):
        changes += alike(count, field_change(after=f"v{at}"), first=first)
        first += count
    assert [(cases, others) for _, _, cases, others in told(*changes)] == shown


def last(at, by="jane"):
    return LastChange(by=by, principal="", at=at, before="a", after="b")


def test_who_touched_what_is_told_once_with_the_latest_time():
    entry = field_change(change_class=DRIFT, last_change=last("2026-01-01T00:00:00Z"))
    later = replace(entry, last_change=replace(entry.last_change, at="2026-01-02T00:00:00Z"))
    earlier = replace(entry, last_change=replace(entry.last_change, at="2025-01-02T00:00:00Z"))
    found = touches(target_plan(*(case_change(f"c{at}", one) for at, one in
                                  enumerate((entry, later, earlier)))))  # fmt: skip
    # The times differ, and nothing else does.
    [touch] = found
    assert (touch.cases, touch.latest) == (3, "2026-01-02T00:00:00Z")


def test_touches_are_of_conflicts_first_then_of_most_cases_and_of_nothing_else():
    def of(case_id, kind, by="jane"):
        return case_change(case_id, field_change(change_class=kind, last_change=last("t", by)))

    found = touches(
        target_plan(
            of("c1", DRIFT), of("c2", DRIFT, "joe"), of("c3", DRIFT, "joe"), of("c4", CONFLICT),
            of("c5", PENDING), case_change("c6", field_change(change_class=DRIFT)),
        )
    )  # fmt: skip
    assert [(one.kind, one.last.by if one.last else None, one.cases) for one in found] == [
        (CONFLICT, "jane", 1),
        (DRIFT, "joe", 2),
        (DRIFT, "jane", 1),
        (DRIFT, None, 1),
    ]
