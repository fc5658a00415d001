"""Changes, their history and outcomes as sentences."""

import pytest

from reconciler.model.diagnostic import Source
from reconciler.model.event import AlreadyDone, Applied, Conflict, Failed, FieldConflict
from reconciler.model.plan import LastChange, Sealed
from reconciler.model.value import FieldType
from reconciler.report.sentences import (
    change_words,
    history_words,
    outcome_words,
    place_words,
)
from reconciler.report.subject import Links
from tests.builders import field_change

ABOUT = {"target": "prod", "case_id": "c1"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(field_change("note", "a", None), 'Note: "a" → (empty)', id="clear"),
        pytest.param(field_change("score", None, 5.0), "Score: (empty) → 5", id="number"),
        pytest.param(
            field_change("note", Sealed("3f9a" * 16), "b"),
            'Note: (sensitive #3f9a) → "b"',
            id="sealed",
        ),
        pytest.param(
            field_change("priority", "p3", "p1", policy="vip", overrides="policy p (a:1)"),
            "Priority: p3 → p1, policy vip, overrides policy p (a:1)",
            id="by-a-policy",
        ),
    ],
)
def test_a_change_says_what_and_which_rule_asks_for_it(change, expected):
    assert change_words(change) == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        pytest.param({"by": "jane", "principal": ""}, "by jane", id="a-user"),
        pytest.param({"by": "", "principal": "role"}, "by role", id="a-role"),
        pytest.param({"by": "sync", "principal": "role"}, "by sync as role", id="both"),
        pytest.param({"by": "", "principal": ""}, "by ?", id="nobody-known"),
        pytest.param(
            {"by": "x", "principal": "", "commit": "c0ffee"}, "by x at commit c0ffee", id="a-stamp"
        ),
    ],
)
def test_a_history_says_who_when_and_from_what_to_what(who, expected):
    last = LastChange(at="2026-11-30T16:42:00Z", before="a", after=None, **who)
    said = history_words(last, FieldType.TEXT)
    assert said == f'last changed 2026-11-30T16:42:00Z {expected}: "a" → (empty)'


def test_a_place_counts_from_the_root_of_the_repository():
    at = Source("specs/a.yaml", 7, 5)
    assert place_words(at, Links(prefix="sub/")) == "sub/specs/a.yaml:7:5"


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        pytest.param(Applied(**ABOUT, request_id="r"), (), id="applied-needs-no-word"),
        pytest.param(
            Applied(**ABOUT, request_id="", settled_by_reading=True),
            ("applied: the reply was lost, and a read showed the planned values",),
            id="settled-by-reading",
        ),
        pytest.param(
            AlreadyDone(**ABOUT),
            ("already done, nothing was sent: the case held the planned values already",),
            id="already-done",
        ),
        pytest.param(
            Conflict(
                **ABOUT,
                fields=(FieldConflict("score", "Score", None, 5.0, 4.5),),
                changed_by="jane",
                changed_at="noon",
            ),
            (
                "! conflict, not written, last updated noon by jane",
                "Score: planned from (empty) to 5, found 4.5",
                "to see the new value and decide: plan again",
            ),
            id="conflict",
        ),
        pytest.param(
            Failed(**ABOUT, code="AccessDenied", message="no", request_id="r-1"),
            ("failed, nothing of the case was changed: AccessDenied: no (request r-1)",),
            id="failed",
        ),
    ],
)
def test_an_outcome_says_how_the_case_ended(outcome, expected):
    assert outcome_words(outcome) == expected
