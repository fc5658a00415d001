"""When a target has ended clean, and what is said where it has not."""

from dataclasses import replace

import pytest

from reconciler.apply.order import held_back, why_undone
from reconciler.model.event import AlreadyDone, Applied, Conflict, Failed, NotAttempted, Unknown
from reconciler.model.plan import UnreadableCase
from tests.builders import target_plan

ABOUT = {"target": "prod", "case_id": "c1"}
DONE = (Applied(**ABOUT, request_id="r"), AlreadyDone(**ABOUT))
CONFLICT = Conflict(**ABOUT, fields=(), changed_by="", changed_at="")
FAILED = Failed(**ABOUT, code="x", message="y")
LEFT = NotAttempted(**ABOUT, reason="interrupted")


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ((), ""),
        (DONE, ""),
        ((*DONE, FAILED), "1 failed"),
        ((CONFLICT, FAILED, FAILED, LEFT), "1 in conflict, 2 failed, 1 not attempted"),
        ((Unknown(**ABOUT, message="m"),), "1 unknown"),
    ],
)
def test_a_target_is_clean_when_every_case_is_done(found, why):
    assert why_undone(target_plan(), found) == why


def test_what_could_not_be_planned_or_read_is_not_clean():
    assert why_undone(replace(target_plan(), error="x"), DONE) == "it could not be planned"
    unread = UnreadableCase("c1", "reason", "detail", None)
    found = why_undone(replace(target_plan(), unreadable=(unread, unread)), DONE)
    assert found == "2 cases could not be read"


def test_the_reason_names_the_target_that_holds_back():
    said = "it comes after staging, which is not done: 1 failed"
    assert held_back("staging", "1 failed") == said
