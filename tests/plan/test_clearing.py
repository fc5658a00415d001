"""A clear that the service would refuse is an author's problem, found before any write."""

import pytest

from reconciler.errors import NotFound
from reconciler.plan.clearing import refused_clears
from reconciler.read.gathered import Compared
from reconciler.specs.diff import Difference
from tests.builders import a_catalog, desired_field, live
from tests.fakes import FakeWorld


def refused(*found, world=None):
    return list(refused_clears(found, a_catalog(), world or FakeWorld()))


def found(template_id="tpl-2", **wanted):
    """A case in which every one of these fields holds `old`."""
    differences = [Difference(desired_field(name, value), "old") for name, value in wanted.items()]
    return Compared(live("c1", template_id), tuple(differences), confirmed=True)


def test_a_field_that_the_cases_template_requires_cannot_be_cleared():
    [problem] = refused(found(note=None))
    assert str(problem.at) == str(desired_field("note", None).at)
    assert problem.code == "required-field"
    assert problem.message.startswith('Note cannot be cleared: the template "Billing"')


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(found(score=None), id="another-field"),
        pytest.param(found("tpl-1", note=None), id="another-template"),
        pytest.param(found(note="new"), id="a-value"),
        pytest.param(found(note=False), id="a-value-that-is-false"),
    ],
)
def test_nothing_else_is_refused(case):
    assert refused(case) == []


def test_a_template_that_is_gone_requires_nothing():
    world = FakeWorld()
    world.fail("GetTemplate", NotFound("gone", code="ResourceNotFoundException"))
    assert refused(found(note=None), world=world) == []


def test_each_template_is_read_once_and_only_where_something_is_cleared():
    world = FakeWorld()
    assert len(refused(found(note=None), found(note=None), world=world)) == 2
    refused(found("tpl-1", note="new"), world=world)
    assert world.calls() == [("GetTemplate", "tpl-2")]
