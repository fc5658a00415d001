"""What counts as a difference between a wish and a live case."""

import pytest

from reconciler.model.case import DesiredCase
from reconciler.specs.diff import diff_case
from tests.builders import desired, desired_field, live


def pairs(found):
    return [(one.desired.field, one.before, one.desired.value) for one in found]


@pytest.mark.parametrize(
    ("wanted", "held", "expected"),
    [
        pytest.param({"note": "x"}, {"note": "x"}, [], id="equal-is-quiet"),
        pytest.param({}, {"note": "by hand"}, [], id="unnamed-fields-are-left-alone"),
        pytest.param({"note": "x"}, {}, [("note", None, "x")], id="absent-is-empty"),
        pytest.param({"note": None}, {"note": "x"}, [("note", "x", None)], id="a-clear"),
        pytest.param({"note": None}, {}, [], id="empty-is-empty"),
        pytest.param({"score": 5.0}, {"score": 5}, [], id="five-is-five-point-zero"),
        pytest.param({"score": 0.0}, {"score": -0.0}, [], id="zero-has-no-sign"),
        pytest.param({"note": "x"}, {"note": "X"}, [("note", "X", "x")], id="letters-have-case"),
        pytest.param({"note": "x"}, {"note": "x "}, [("note", "x ", "x")], id="spaces-count"),
        pytest.param({"vip": False}, {}, [("vip", None, False)], id="false-is-not-empty"),
        pytest.param({"score": 0.0}, {}, [("score", None, 0.0)], id="zero-is-not-empty"),
        pytest.param(
            {"b": "1", "a": "2"},
            {},
            [("a", None, "2"), ("b", None, "1")],
            id="in-the-order-of-field-ids",
        ),
    ],
)
def test_a_difference_is_a_named_field_that_holds_something_else(wanted, held, expected):
    assert pairs(diff_case(desired(**wanted), live(**held))) == expected


@pytest.mark.parametrize(
    ("only_if", "held", "written"),
    [
        pytest.param((None,), None, True, id="only-if-empty-and-it-is"),
        pytest.param((None,), "Low", False, id="only-if-empty-and-it-is-not"),
        pytest.param(("Low", "Medium"), "Medium", True, id="one-of-these"),
        pytest.param(("Low", "Medium"), "Urgent", False, id="none-of-these"),
        pytest.param(("Low",), None, False, id="empty-is-not-low"),
        pytest.param((None, "Low"), None, True, id="empty-or-low-and-empty"),
        pytest.param(("Low",), "High", False, id="already-as-wanted"),
        pytest.param(None, "Urgent", True, id="no-condition"),
    ],
)
def test_only_if_leaves_other_live_values_alone(only_if, held, written):
    case = DesiredCase("c1", (desired_field("severity", "High", only_if),))
    assert bool(diff_case(case, live(severity=held))) is written
