"""Who made a difference, in the words of the text report."""

import pytest

from reconciler.model.classes import ChangeClass
from reconciler.model.plan import LastChange, Sealed
from reconciler.report.attribution import author, short_arn
from reconciler.report.text.plan import TextOptions, plan_text
from reconciler.report.text.terminal import rendered
from tests.builders import a_plan, case_change, field_change, target_plan

CONFLICT, DRIFT, PENDING, NEW, UNCLASSIFIED = ChangeClass
AGENT = "arn:aws:connect:us-west-2:111122223333:instance/i/agent/j.doe"
OTHER = AGENT.replace("j.doe", "m.roe")


def last(by=AGENT, at="2026-11-20T14:03:59.5Z", before="was", after="old", **more):
    return LastChange(by=by, principal="", at=at, before=before, after=after, **more)


def classed(kind, seen=None, case_id="c1", **more):
    return case_change(case_id, field_change(change_class=kind, last_change=seen, **more), title="")


def text(*changes, drift=False, full=False, **more):
    plan = a_plan(target_plan(*changes, **more))
    return rendered(plan_text(plan, TextOptions(drift=drift, full=full)), colour=False)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        pytest.param(
            classed(DRIFT, last()),
            'drift: set 2026-11-20 14:03 UTC by arn:…/j.doe (was "was")',
            id="set",
        ),
        pytest.param(
            classed(CONFLICT, last()),
            'conflict: the spec changed too; set 2026-11-20 14:03 UTC by arn:…/j.doe (was "was")',
            id="conflict",
        ),
        pytest.param(
            classed(DRIFT, last(after=None), before=None),
            'drift: cleared 2026-11-20 14:03 UTC by arn:…/j.doe (was "was")',
            id="cleared",
        ),
        pytest.param(
            classed(DRIFT, last(before=None)),
            "drift: set 2026-11-20 14:03 UTC by arn:…/j.doe (was empty)",
            id="was-empty",
        ),
        pytest.param(
            classed(DRIFT, last(before=Sealed("3f9a" * 16))),
            "drift: set 2026-11-20 14:03 UTC by arn:…/j.doe (was (sensitive #3f9a))",
            id="sealed",
        ),
        pytest.param(
            classed(DRIFT, last(before="long " * 40)),
            "drift: set 2026-11-20 14:03 UTC by arn:…/j.doe",
            id="long",
        ),
        pytest.param(classed(DRIFT), "drift: the history does not say who set it", id="nobody"),
        pytest.param(
            classed(DRIFT, last(by="\x1b[31m\u202eBot")),
            'drift: set 2026-11-20 14:03 UTC by \\u001b[31m\\u202eBot (was "was")',
            id="hostile",
        ),
    ],
)
def test_a_drifted_field_says_who_when_and_from_what(change, line):
    assert f"\n      {line}\n" in text(change)


@pytest.mark.parametrize(
    ("kind", "end"), [(NEW, "   new"), (PENDING, "   pending"), (UNCLASSIFIED, "")]
)
def test_other_classes_are_a_word_at_the_end(kind, end):
    assert f'Note  "old" → "new"   specs/a.yaml:7{end}\n' in text(classed(kind, last()))


def test_alike_changes_of_one_class_say_how_many_each_made():
    times = ["2026-11-18T09:00:00Z", "2026-11-20T14:03:00Z", "2026-11-20T14:05:00Z"]
    seen = [last(at=times[0]), last(OTHER, times[1]), last(at=times[2]), None]
    changes = [classed(DRIFT, one, f"c{at}") for at, one in enumerate(seen)]
    assert (
        "drift: set 2026-11-18 09:00 to 2026-11-20 14:05 UTC by "
        "arn:…/j.doe (2), arn:…/m.roe (1), unknown (1)\n"
    ) in text(*changes)
    assert "drift: set 2026-11-20 14:03 to 14:05 UTC by" in text(*changes[1:3])
    same = [classed(DRIFT, last(), "c1"), classed(DRIFT, last(), "c2")]
    assert 'drift: set 2026-11-20 14:03 UTC by arn:…/j.doe (was "was")' in text(*same)


def test_many_names_are_counted_and_full_names_them():
    changes = [classed(DRIFT, last(f"arn:x/a{at}"), f"c{at}") for at in range(6)]
    assert "by arn:…/a0 (1), arn:…/a1 (1), 4 others" in text(*changes)
    assert "arn:x/a5 (1)" in text(*changes, full=True)


def test_changes_of_different_classes_do_not_read_as_one():
    out = text(classed(DRIFT, last(), "c1"), classed(NEW, None, "c2"))
    assert "2 cases with the same change" not in out


def test_the_total_counts_the_classes():
    out = text(
        classed(DRIFT, case_id="c1"),
        classed(NEW, case_id="c2"),
        classed(UNCLASSIFIED, case_id="c3"),
    )
    assert "; 1 drift, 1 new, 1 unclassified; 0 of 3 managed cases are in sync" in out
    assert "; 1 unclassified; 0 of 1" in text(classed(UNCLASSIFIED)), "it is never left unsaid"


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        pytest.param(
            [classed(DRIFT, name="Root cause; x")],
            "reconcile accept --case c1 --field 'Root cause; x'",
            id="one",
        ),
        pytest.param(
            [classed(DRIFT, case_id="c1"), classed(DRIFT, case_id="c2")],
            "reconcile accept --case ID --field NAME",
            id="several",
        ),
    ],
)
def test_drift_and_conflict_come_with_the_three_ways_out(changes, hint):
    out = text(*changes)
    assert hint in out
    assert "restore the spec  reconcile apply" in out
    assert "an ignore rule" in out


def test_conflicts_stand_first_are_marked_and_come_with_their_own_ways_out():
    out = text(*(classed(NEW, None, f"c{at}") for at in range(3)), classed(CONFLICT, last(), "c9"))
    assert out.index("! c9") < out.index("~ 3 cases")
    assert "! 1 value in conflict, changed by the specs and by somebody else" in out
    assert "take the spec's value  reconcile apply --allow-conflicts 1" in out
    assert "keep the live one      reconcile accept --case c9 --field Note" in out


@pytest.mark.parametrize("kind", [NEW, PENDING, UNCLASSIFIED])
def test_nothing_else_does(kind):
    assert "ways out" not in text(classed(kind))


# -- drift ---------------------------------------------------------------------------------


def test_drift_shows_what_left_first_then_what_is_new_and_counts_what_is_pending():
    out = text(
        *(classed(NEW, None, f"new{at}") for at in range(3)),
        classed(DRIFT, last(), "moved"),
        classed(PENDING, last(), "waits"),
        drift=True,
        in_sync=4,
        managed=9,
    )
    assert out.index("moved") < out.index("new0")
    assert "waits" not in out
    assert (
        "Drift: 4 fields on 4 cases (1 drift, 3 new); 1 field pending (`reconcile plan` shows "
        "what); 4 of 9 managed cases are in sync.\n"
    ) in out


def test_no_drift():
    assert text(drift=True).endswith("No drift. 0 of 0 managed cases are in sync.\n")
    out = text(classed(PENDING), drift=True)
    assert "No drift. 1 field pending" in out


def test_drift_says_nothing_of_what_applying_would_cost():
    out = text(classed(DRIFT), drift=True)
    assert "guards" not in out
    assert "cost" not in out


# -- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "principal", "expected"),
    [
        (AGENT, "arn:aws:iam::1:role/app", "arn:…/j.doe"),
        ("Router bot", "", "Router bot"),
        ("", "arn:aws:iam::111122223333:role/path/app", "arn:…/app"),
        ("", "arn:aws:sts::111122223333:assumed-role/App/session", "arn:…/App/session"),
        ("", "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:root"),
        ("", "", "nobody the history names"),
        ("reconcile:aaaaaaaaaaaa:bbbbbbbbbbbb", "", "reconcile apply, commit bbbbbbb"),
        ("reconcile:aaaaaaaaaaaa:none", "", "reconcile apply"),
        ("reconcile:aaaaaaaaaaaa:none:rollback", "", "a reconcile rollback"),
    ],
)
def test_who_it_was(by, principal, expected):
    assert author(by, principal) == expected


def test_full_names_are_not_shortened():
    assert author(AGENT, "", full=True) == AGENT
    assert short_arn("a/b") == "a/b"
