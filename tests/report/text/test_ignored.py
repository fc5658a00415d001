"""How a plan tells what rules leave alone."""

import pytest

from reconciler.model.diagnostic import Source
from reconciler.model.plan import IgnoredField
from reconciler.report.text.ignored import ignored_lines
from tests.builders import a_plan, target_plan


def ignored(case="c1", until="2999-12-31", line=5, rule="vip-notes", **more) -> IgnoredField:
    given = {"name": "Note", "reason": "by hand"}
    return IgnoredField(
        case_id=case,
        id="note",
        until=until,
        source=Source("specs/i.yaml", line, 5),
        rule=rule,
        **{**given, **more},
    )


def lines(*entries, full=False) -> list[str]:
    target = target_plan(ignored=entries)
    return [one.plain for one in ignored_lines(a_plan(target), target, full=full)]


def test_nothing_ignored_is_not_told():
    assert lines() == []


@pytest.mark.parametrize(
    ("entries", "line"),
    [
        pytest.param(
            [ignored()], "1 field ignored by 1 rule (vip-notes until 2999-12-31)", id="one"
        ),
        pytest.param(
            [ignored("c1"), ignored("c2"), ignored("c3", line=9)],
            "3 fields ignored by 2 rules (vip-notes until 2999-12-31)",
            id="of-one-spec",
        ),
        pytest.param(
            [ignored(line=n, rule=f"r{n}") for n in range(1, 6)],
            "5 fields ignored by 5 rules (r1 until 2999-12-31, r2 until 2999-12-31, "
            "r3 until 2999-12-31 and 2 more)",
            id="many",
        ),
        pytest.param(
            [ignored(rule="")],
            "1 field ignored by 1 rule (specs/i.yaml:5 until 2999-12-31)",
            id="without-a-name",
        ),
        pytest.param(
            [ignored(until="2026-12-03")],
            "1 field ignored by 1 rule (vip-notes until 2026-12-03, ends in 2 days)",
            id="ends-soon",
        ),
        pytest.param(
            [ignored(until="2026-11-28")],
            "1 field ignored by 1 rule (vip-notes until 2026-11-28, "
            "ended 2 days ago, and holds for 4 days more)",
            id="ended",
        ),
    ],
)
def test_one_line_counts_fields_and_rules(entries, line):
    assert lines(*entries) == [line, ""]


def test_in_full_every_field_is_named_with_its_reason():
    assert lines(ignored("c1"), ignored("c2", line=9), full=True)[1:] == [
        "- c1  Note: by hand   specs/i.yaml:5",
        "- c2  Note: by hand   specs/i.yaml:9",
        "",
    ]


def test_what_strangers_wrote_cannot_act():
    evil = "\x1b[2J\u202e\n"
    text = "\n".join(lines(ignored(evil, evil, rule=evil, name=evil, reason=evil), full=True))
    assert text.count("\n") == 2
    assert not set("\x1b\u202e") & set(text)
