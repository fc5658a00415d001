"""Rules that end soon, have ended, or say the same twice."""

from datetime import UTC, datetime, timedelta

import pytest

from reconciler.config.model import Config
from reconciler.model.condition import All, AnyOf, Not
from reconciler.model.diagnostic import Source
from reconciler.model.ignore import IgnoreRule, Scope
from reconciler.model.spec import IgnoreSpec, SpecSet
from reconciler.specs.checking.ignore_rules import ending, expired, expiring, repeated
from reconciler.specs.checking.lint import lint
from tests.builders import a_target, header, leaf, written

ENDS = datetime(2027, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def rule(field="note", line=5, **more) -> IgnoreRule:
    return IgnoreRule(
        field=written(field),
        reason="r",
        until=written("2026-12-31", line=line + 2, column=12),
        ends=ENDS,
        at=Source("specs/i.yaml", line, 5),
        **more,
    )


def spec(*rules, targets=(), name="i") -> IgnoreSpec:
    return IgnoreSpec(header=header(name, "specs/i.yaml", targets), rules=rules)


@pytest.mark.parametrize(
    ("now", "warns", "fails"),
    [
        pytest.param(ENDS - 7 * DAY - SECOND, "", False, id="long-before"),
        pytest.param(ENDS - 7 * DAY, "ends in 7 days", False, id="a-week-before"),
        pytest.param(ENDS - 3 * DAY, "ends in 3 days", False, id="before"),
        pytest.param(ENDS - DAY, "ends in 1 day", False, id="a-day-before"),
        pytest.param(ENDS - SECOND, "ends within a day", False, id="the-last-second"),
        pytest.param(
            ENDS, "ended within the last day, and holds for 7 days more", False, id="just-ended"
        ),
        pytest.param(
            ENDS + 2 * DAY, "ended 2 days ago, and holds for 5 days more", False, id="ended"
        ),
        pytest.param(
            ENDS + 7 * DAY - SECOND,
            "ended 6 days ago, and holds for less than a day more",
            False,
            id="the-last-second-of-the-grace",
        ),
        pytest.param(ENDS + 7 * DAY, "", True, id="over"),
    ],
)
def test_a_rule_warns_for_a_week_holds_for_a_week_more_and_is_a_problem_then(now, warns, fails):
    problems = list(expired([spec(rule())], now))
    warnings = list(expiring([spec(rule())], now))
    assert [one.code for one in problems] == ["ignore-expired"] * fails
    assert [one.code for one in warnings] == ["ignore-expires"] * bool(warns)
    for one in (*problems, *warnings):
        assert one.at == Source("specs/i.yaml", 7, 12)
        assert warns in one.message
        assert '"note"' in one.message


def test_a_problem_says_the_last_day():
    (problem,) = expired([spec(rule())], ENDS + 8 * DAY)
    assert "2026-12-31" in problem.message
    assert "later `until`" in problem.hint


def test_the_words_of_an_end_are_those_of_both():
    assert ending(ENDS, ENDS - 2 * DAY) == "ends in 2 days"


STATUS = leaf("status", "equals", "open")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param({}, {}, True, id="alike"),
        pytest.param({}, {"field": "NOTE"}, True, id="but-for-case"),
        pytest.param({}, {"field": "score"}, False, id="another-field"),
        pytest.param({}, {"case": "c1"}, False, id="narrower"),
        pytest.param({"case": "c1"}, {"case": "c1"}, True, id="one-case"),
        pytest.param({"case": "c1"}, {"case": "C1"}, False, id="ids-are-exact"),
        pytest.param(
            {"case": "a", "by_reference": True},
            {"case": "A", "by_reference": True},
            True,
            id="references-are-not",
        ),
        pytest.param({"case": "a"}, {"case": "a", "by_reference": True}, False, id="id-reference"),
        pytest.param({"when": STATUS}, {"when": STATUS}, True, id="one-condition"),
        pytest.param({"when": STATUS}, {}, False, id="a-condition"),
        pytest.param(
            {"when": All((STATUS, Not(STATUS)))},
            {"when": All((STATUS, Not(STATUS)))},
            True,
            id="nested",
        ),
        pytest.param(
            {"when": All((STATUS,))}, {"when": AnyOf((STATUS,))}, False, id="other-groups"
        ),
        pytest.param({"scope": Scope.DRIFT}, {"scope": Scope.APPLY}, False, id="two-scopes"),
        pytest.param({"scope": Scope.DRIFT}, {"scope": Scope.BOTH}, True, id="one-within"),
    ],
)
def test_two_rules_about_the_same_are_a_problem(one, other, same):
    pair = [spec(rule(line=5, **one), rule(line=9, **other))]
    found = list(repeated(pair, None))
    assert [(p.code, p.at.line) for p in found] == [("repeated-rule", 9)] * same
    assert all("specs/i.yaml:5:5" in p.message for p in found)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("prod",), ("prod", "demo"), True),
        (("prod",), ("demo",), False),
        ((), ("demo",), True),
        ((), (), True),
    ],
)
def test_rules_of_two_documents_are_compared_where_both_hold(first, second, same):
    pair = [spec(rule(line=5), targets=first), spec(rule(line=9), targets=second, name="j")]
    assert bool(list(repeated(pair, "demo"))) == same


def test_names_and_targets_of_such_specs_are_checked_like_those_of_others(tmp_path):
    config = Config(
        root=tmp_path,
        path=None,
        specs=tmp_path,
        targets={"prod": a_target()},
        default_target="prod",
    )
    ignores = (spec(targets=("prdo",), name="a"), spec(name="a"))
    found = lint(SpecSet(specs=(), digest="", files=(), ignores=ignores), config, None)
    assert {problem.code for problem in found} == {"unknown-target", "repeated-name"}
