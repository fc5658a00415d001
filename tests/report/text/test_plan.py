"""A plan and its outcome as people read them; the whole texts stand in tests/golden."""

from dataclasses import fields as members_of
from dataclasses import is_dataclass, replace

import pytest
from hypothesis import given, settings

from reconciler.config.model import Limits
from reconciler.model.diagnostic import Source
from reconciler.model.event import (
    AlreadyDone,
    Applied,
    Conflict,
    Failed,
    FieldConflict,
    NotAttempted,
    Unknown,
    Unverified,
)
from reconciler.model.plan import Git, Mode, Sealed, UnreadableCase
from reconciler.plan.assembling import bulk_saves, estimate
from reconciler.plan.guard import Allowances, blockers
from reconciler.report.text.outcomes import outcome_text
from reconciler.report.text.plan import TextOptions, plan_text
from reconciler.report.text.terminal import rendered
from reconciler.service.quotas import DEFAULT_QUOTAS
from tests.builders import AT, a_plan, case_change, field_change, target_plan
from tests.plan.plans import plans
from tests.report.golden import matches_golden

LONG = "The customer called about parcel 10023417, which the courier says it handed over. "
HOSTILE = "\x1b[31mred\x1b[0m \u202eevil\u202c a\u200bb\r\n::error::x\t| C:\\x \u2028 [bold]"


def text(plan, **options):
    return rendered(plan_text(plan, TextOptions(**options)), colour=False)


def a_target(*changes, limits=None, **more):
    target = target_plan(
        *changes,
        estimate=estimate(changes, Mode.BALANCED, DEFAULT_QUOTAS, 0.8),
        bulk_estimate=bulk_saves(changes, Mode.BALANCED, DEFAULT_QUOTAS, 0.8),
        **{"managed": 40, **more},
    )
    return replace(target, blocked_by=blockers(target, limits or Limits(), Allowances()))


def alike(count, *fields):
    return [
        case_change(f"case-{number:02}", *fields, title=f"Ticket {number}")
        for number in range(count)
    ]


LOW_TO_HIGH = field_change("priority", "p3", "p1", source=Source("specs/vip.yaml", 9, 7))
UNREADABLE = (
    UnreadableCase("c7", "not-found", "GetCase of case c7: ResourceNotFoundException: gone", AT),
    UnreadableCase("reference 100", "ambiguous-reference", "2 cases have it: c8, c9", AT),
)
MIXED = [
    case_change(
        "c1",
        field_change("due", None, "2026-12-01T09:00:00Z"),
        field_change("note", None, "call back", policy="follow-up"),
        field_change("score", 1.0, 4.5),
        field_change("vip", False, True, overrides="policy vips (specs/p.yaml:4)"),
        title="A title that goes on and on, far longer than anybody would want to read in a table",
    ),
    case_change("c2", field_change("note", "obsolete", None), title=""),
    case_change("c3", field_change("story", LONG * 3 + "It was lost.", LONG * 3 + "It was found.")),
    *alike(5, LOW_TO_HIGH),
]
SEALED = field_change("note", Sealed("3f9a" * 16), Sealed("77b1" * 16))
PLANS = {
    "no_changes": (a_plan(a_target()), {}),
    "one_change": (a_plan(a_target(case_change("c1"), managed=1)), {}),
    "thirty_alike": (a_plan(a_target(*alike(30, LOW_TO_HIGH))), {}),
    "thirty_alike_full": (a_plan(a_target(*alike(30, LOW_TO_HIGH))), {"full": True}),
    "mixed": (a_plan(a_target(*MIXED), git=Git("c0ffee1234", "fix", True)), {}),
    "guards": (
        a_plan(a_target(*MIXED)),
        {"limits": {"prod": Limits(percent=30, fields={"PRIORITY": 20, "Score": 5, "due": 3})}},
    ),
    "blocked": (
        a_plan(a_target(*alike(30, LOW_TO_HIGH), limits=Limits(cases=20, percent=50))),
        {"limits": {"prod": Limits(cases=20, percent=50)}},
    ),
    "unreadable": (a_plan(a_target(case_change("c1"), unreadable=UNREADABLE)), {}),
    "sensitive": (a_plan(a_target(case_change("c1", SEALED, title="(sensitive #aaaa)"))), {}),
    "two_targets": (
        a_plan(
            a_target(case_change("c1"), unconfirmed=1),
            a_target(name="test", account="", region=""),
            mode=Mode.STRICT,
            git=Git(),
            spec_files=("a", "b"),
        ),
        {},
    ),
    "hostile": (
        a_plan(
            a_target(
                case_change(
                    "c1" + HOSTILE,
                    field_change("note", HOSTILE, HOSTILE + "!", name="N" + HOSTILE),
                    field_change("story", HOSTILE * 3, HOSTILE * 4),
                    title=HOSTILE,
                ),
                unreadable=(UnreadableCase(HOSTILE, "not-found", HOSTILE, Source(HOSTILE)),),
            )
        ),
        {},
    ),
}


@pytest.mark.parametrize("name", sorted(PLANS))
def test_how_a_plan_reads(name):
    plan, options = PLANS[name]
    matches_golden(f"plan_{name}", text(plan, **options))


ABOUT = {"target": "prod"}
FIELD_CONFLICT = FieldConflict("note", "Note", "old", "new", "by hand")
OUTCOMES = [
    Applied(**ABOUT, case_id="c1", request_id="r-1"),
    AlreadyDone(**ABOUT, case_id="c2"),
    Conflict(
        **ABOUT,
        case_id="c3",
        fields=(
            FIELD_CONFLICT,
            FieldConflict("score", "Score", None, 5.0, 4.5),
            FieldConflict("v", "VIP", 1.0, None, True),
        ),
        changed_by="arn:aws:connect:us-west-2:111122223333:instance/i/agent/jane",
        changed_at="2026-12-01T08:59:00Z",
    ),
    Conflict(**ABOUT, case_id="c4", fields=(FIELD_CONFLICT,), changed_by="", changed_at=""),
    Failed(**ABOUT, case_id="c5", code="AccessDeniedException", message="denied (see README)"),
    Unknown(**ABOUT, case_id="c6", message="no reply; and reading it again failed"),
    Unverified(**ABOUT, case_id="c7", request_id="r-7", fields=(FIELD_CONFLICT,)),
    *(NotAttempted(**ABOUT, case_id=f"d{n:02}", reason="--limit 7") for n in range(23)),
]
TITLES = {"c3": "Lost parcel", "c5": "Broken kettle"}


def said(found, titles=TITLES):
    return rendered(outcome_text(found, titles), colour=False)


def test_how_an_apply_that_went_wrong_reads():
    matches_golden("outcome_mixed", said(OUTCOMES))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param([], "Apply complete: nothing to do.\n", id="nothing"),
        pytest.param(
            OUTCOMES[:2], "Apply complete: 1 applied, 1 already done.\n", id="all-is-done"
        ),
    ],
)
def test_how_an_apply_that_went_well_reads(found, expected):
    assert said(found) == expected


def test_a_text_that_looks_like_a_number_is_told_from_the_number():
    conflict = FieldConflict("f", "F", "5", 5.0, None)
    found = [Conflict(**ABOUT, case_id="c", fields=(conflict,), changed_by="", changed_at="")]
    assert 'planned from "5" to 5, found (empty)' in said(found)


# -- nothing that a stranger wrote acts ----------------------------------------------------


def hostile(value):
    """The same value with hostile characters in every text of it."""
    if is_dataclass(value) and not isinstance(value, Sealed):
        given = {one.name: hostile(getattr(value, one.name)) for one in members_of(value)}
        if {"before", "after"} <= given.keys():
            given["after"] = value.after if value.after is None else given["after"]
        return type(value)(**given)
    if isinstance(value, Source):
        return Source(hostile(value.file), value.line, value.column)
    if isinstance(value, tuple):
        return tuple(hostile(item) for item in value)
    if isinstance(value, dict):
        return {hostile(key): item for key, item in value.items()}
    if type(value) is str:
        return value + HOSTILE
    return value


@pytest.mark.parametrize("name", sorted(PLANS))
@pytest.mark.parametrize("full", [True, False], ids=["full", "short"])
def test_no_text_of_a_plan_acts(name, full):
    plan, options = PLANS[name]
    lines = plan_text(hostile(plan), TextOptions(**{**options, "full": full}))
    assert [line.plain for line in lines if not line.plain.isprintable()] == []


@settings(max_examples=60)
@given(plans)
def test_no_text_of_any_plan_acts(plan):
    for line in plan_text(plan, TextOptions(full=True)):
        assert "\n" not in line.plain
        assert line.plain.isprintable() or "\xa0" in line.plain


@pytest.mark.parametrize("outcome", OUTCOMES[2:8], ids=lambda one: type(one).__name__)
def test_no_text_of_an_outcome_acts(outcome):
    outcome = hostile(outcome)
    lines = outcome_text([outcome], {outcome.case_id: HOSTILE * 10})
    assert [line.plain for line in lines if not line.plain.isprintable()] == []


def test_a_very_long_value_is_shown_whole():
    plan = a_plan(a_target(case_change("c1", field_change("story", None, "x" * 4_100))))
    assert "x" * 4_100 in text(plan)


def test_sealed_values_are_only_tags():
    shown = text(*PLANS["sensitive"][:1])
    assert "(sensitive #3f9a) → (sensitive #77b1)" in shown
    assert "3f9a3f9a" not in shown


def test_a_brief_plan_is_its_totals_and_what_stands_in_the_way():
    changes = alike(60, LOW_TO_HIGH)
    target = a_target(*changes, unreadable=UNREADABLE, limits=Limits(cases=50))
    lines = text(a_plan(target), brief=True).splitlines()
    lines = list(filter(None, lines))
    assert [line for line in text(a_plan(target)).splitlines() if line in lines] == lines
    assert [line.split(" ")[0] for line in lines] == [
        "target", "2", "?", "?", "BLOCKED", "Plan:",
    ]  # fmt: skip


def test_a_brief_plan_in_which_nothing_stands_in_the_way_is_one_line():
    plan = a_plan(a_target(*alike(2, LOW_TO_HIGH)))
    assert text(plan, brief=True) == text(plan).splitlines(keepends=True)[-1]


@settings(max_examples=25)
@given(plans)
def test_a_brief_plan_grows_with_targets_and_not_with_changes(plan):
    short = replace(
        plan, targets=tuple(replace(one, unreadable=(), blocked_by=()) for one in plan.targets)
    )
    unconflicted = [line for line in text(short, brief=True).splitlines() if line[:1] != " "]
    assert len(unconflicted) <= 5 + 6 * len(plan.targets)
