"""What every report says of a plan."""

import pytest

from reconciler.model.plural import plural
from reconciler.report.view import by_field, duration, groups
from tests.builders import case_change, field_change, target_plan


def grouped(*changes):
    return [[case.case_id for case in group.cases] for group in groups(target_plan(*changes))]


def note(before="old", after="new", **more):
    return field_change("note", before, after, **more)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(
            [case_change("b", note()), case_change("a", note())], [["b", "a"]], id="alike"
        ),
        pytest.param(
            [case_change("a", note()), case_change("b", note("older"))],
            [["a"], ["b"]],
            id="another-before",
        ),
        pytest.param(
            [case_change("a", note()), case_change("b", note(), field_change("due"))],
            [["a"], ["b"]],
            id="a-field-more",
        ),
        pytest.param(
            [case_change("z", note("x")), case_change("a", note()), case_change("b", note())],
            [["a", "b"], ["z"]],
            id="the-largest-first",
        ),
        pytest.param(
            [case_change("a", note(policy="p")), case_change("b", note(policy="q"))],
            [["a"], ["b"]],
            id="another-policy",
        ),
        pytest.param(
            [case_change("a", note(overrides="policy p (a:1)")), case_change("b", note())],
            [["a"], ["b"]],
            id="one-overrides-a-policy",
        ),
        pytest.param(
            [
                case_change("a", field_change("f", None, True)),
                case_change("b", field_change("f", None, 1.0)),
            ],
            [["a"], ["b"]],
            id="true-is-not-one",
        ),
        pytest.param(
            [
                case_change("a", field_change("f", True, None)),
                case_change("b", field_change("f", 1.0, None)),
            ],
            [["a"], ["b"]],
            id="true-was-not-one",
        ),
    ],
)
def test_alike_changes_are_one_group(changes, expected):
    assert grouped(*changes) == expected


def test_a_group_knows_every_place_its_changes_come_from():
    from reconciler.model.diagnostic import Source

    lines = [9, 4, 9]
    changes = [case_change(f"c{n}", note(source=Source("a", line))) for n, line in enumerate(lines)]
    [group] = groups(target_plan(*changes))
    assert [place.line for place in group.sources[0]] == [4, 9]


def test_fields_are_counted_the_most_changed_first():
    target = target_plan(
        case_change("a", note(), field_change("vip", None, True)), case_change("b", note())
    )
    assert list(by_field(target)) == [("Note", 2), ("VIP", 1)]


def test_a_field_of_several_targets_is_counted_once():
    one = target_plan(case_change("c1"), case_change("c2"))
    assert list(by_field(one, target_plan(case_change("c1"), name="training"))) == [("Note", 3)]


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "0 cases"), (1, "1 case"), (2, "2 cases"), (1_200, "1,200 cases")]
)
def test_plural(count, expected):
    assert plural(count, "case") == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "under a second"),
        (0.9, "under a second"),
        (1, "1 s"),
        (90, "90 s"),
        (120, "2 min"),
        (3_600, "60 min"),
        (7_200, "2.0 h"),
        (36_000, "10.0 h"),
    ],
)
def test_a_duration_is_in_the_words_people_use(seconds, expected):
    assert duration(seconds) == expected
