"""The report for pull requests; the whole texts stand in tests/golden."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.classes import ChangeClass
from reconciler.model.guards import Guard
from reconciler.model.plan import Blocker, LastChange, Sealed
from reconciler.report.escaping import visible
from reconciler.report.markdown.escaping import size
from reconciler.report.markdown.whole import MOST, report
from reconciler.report.subject import Links, Subject
from tests.builders import a_plan, case_change, field_change, target_plan
from tests.plan.plans import plans
from tests.report import scenes
from tests.report.golden import matches_golden
from tests.report.markdown.test_escaping import MARKDOWN, texts

OWN_TAGS = {"<br>", "<del>", "</del>", "<ins>", "</ins>"}
ACTS = set("@#<>[]`|*_~\\$&")


@pytest.mark.parametrize("name", sorted(scenes.SCENES))
def test_how_a_scene_reads(name):
    matches_golden(f"md_{name}", report(scenes.SCENES[name]()))


@pytest.mark.parametrize("name", sorted(scenes.SCENES))
def test_every_scene_fits_and_is_whole_lines(name):
    text = report(scenes.SCENES[name]())
    assert size(text) <= MOST
    assert text.endswith("\n")
    assert all(line.isprintable() for line in text.splitlines())


def test_fifty_thousand_changes_fit_and_are_counted():
    text = report(scenes.fifty_thousand())
    assert size(text) <= MOST < 65_536
    assert "## reconcile plan `prod`: 50,000 cases, 50,000 fields" in text
    assert '| set | `Note` | `"legacy"` → *996 values* | 49,800 |' in text
    assert "of 50,000 cases as a diff; the others do not fit here" in text
    assert "49,800 changes found through the search index alone" in text


# -- nothing that a stranger wrote acts ----------------------------------------------------


def tokens(text):
    for token in MARKDOWN.parse(text):
        yield token
        yield from token.children or ()


def is_inert(text):
    """No element, link or mention but this program's own."""
    for token in tokens(text):
        if token.type == "html_inline":
            assert token.content in OWN_TAGS
        elif token.type == "html_block":
            assert token.content.startswith(("<!-- reconcile:", "<details><summary>", "</details>"))
            assert token.content.count("<") <= 3
        elif token.type == "link_open":
            assert token.attrs["href"].startswith(scenes.HOME)
        elif token.type == "text":
            said = token.content.replace("[!CAUTION]", "").replace("[!WARNING]", "")
            assert not ACTS & set(said)
            assert "://" not in said
            assert "www." not in said
        else:
            assert token.type != "image"
    return True


SCENES = sorted({*scenes.SCENES} - {"fifty_thousand"})


@pytest.mark.parametrize("name", SCENES)
def test_no_text_of_a_scene_acts(name):
    assert is_inert(report(scenes.SCENES[name]()))


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=1, max_size=4).map(tuple), st.sampled_from(["plan", "drift"]))
def test_no_text_of_a_plan_acts(hostile, command):
    text = report(replace(scenes.hostile(hostile), command=command))
    assert is_inert(text)
    assert size(text) <= MOST


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=1, max_size=4).map(tuple))
def test_no_text_of_an_outcome_or_a_problem_acts(hostile):
    assert is_inert(report(scenes.hostile_apply(hostile)))
    assert is_inert(report(scenes.hostile_problems(hostile)))


@settings(max_examples=60, deadline=None)
@given(plans)
def test_any_plan_has_a_report(plan):
    assert is_inert(report(Subject(command="show", plan=plan)))


def diffs(text):
    return [
        line
        for token in tokens(text)
        if token.type == "fence"
        for line in token.content.splitlines()
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=1, max_size=4, unique=True).map(tuple))
def test_the_diff_has_a_line_for_each_side_and_no_other(hostile):
    subject = scenes.hostile(hostile)
    lines = diffs(report(subject))
    entries = [
        one for target in subject.plan.targets for case in target.changes for one in case.fields
    ]
    assert sum(line.startswith("- ") for line in lines) == sum(
        e.before is not None for e in entries
    )
    assert sum(line.startswith("+ ") for line in lines) == sum(e.after is not None for e in entries)
    assert all(line.startswith(("- ", "+ ", "@@ ", "    ")) for line in lines)


@pytest.mark.parametrize("text", scenes.HOSTILE)
def test_a_hostile_value_arrives_whole(text):
    change = case_change("c1", field_change("note", None, text))
    found = diffs(report(Subject(command="plan", plan=a_plan(change))))
    assert f'+ Note: "{visible(text)}"' in found


def test_sealed_values_are_only_tags():
    text = report(scenes.redacted())
    assert "(sensitive #3f9a)" in text
    assert "3f9a3f9a" not in text
    assert "77b177b1" not in text


# -- what a reviewer looks for -------------------------------------------------------------


def plan_of(*fields, **more):
    return Subject(command="plan", plan=a_plan(case_change("c1", *fields)), **more)


def test_the_first_line_is_the_same_for_the_same_targets():
    first = {
        report(scenes.SCENES[name]()).splitlines()[0] for name in ("one", "drifted", "blocked")
    }
    assert first == {"<!-- reconcile:prod -->"}
    assert report(scenes.two_targets()).startswith("<!-- reconcile:prod,training -->\n")


def test_places_are_links_only_where_the_address_is_known():
    change = field_change("note", "a", "b")
    assert "| `specs/a.yaml:7` |" in report(plan_of(change))
    linked = report(plan_of(change, links=Links(files="https://x.example/blob/c/", prefix="p/")))
    assert "[`specs/a.yaml:7`](https://x.example/blob/c/p/specs/a.yaml#L7)" in linked


def test_a_long_text_shows_the_words_that_differ():
    story = "word " * 40
    text = report(plan_of(field_change("story", f"{story}lost", f"{story}found")))
    assert "<del>`lost`</del> <ins>`found`</ins>" in text
    assert "+ Story: … word word word word found" in text


def test_a_long_text_that_is_all_new_is_told_by_its_length():
    text = report(plan_of(field_change("story", "a" * 300, "b" * 400)))
    assert "*a text of 300 characters → 400*" in text
    assert "+ Story: " + "b" * 400 in text


def test_true_is_not_one():
    cases = [
        case_change(f"c{n}", field_change("f", None, value)) for n, value in enumerate([True, 1.0])
    ]
    text = report(Subject(command="plan", plan=a_plan(*cases)))
    assert "→ `true` | 1 |" in text
    assert "→ `1` | 1 |" in text


def test_a_field_with_many_different_changes_is_one_row():
    cases = [case_change(f"c{n}", field_change("note", None, f"n{n}")) for n in range(9)]
    text = report(Subject(command="plan", plan=a_plan(*cases)))
    assert text.count("| set |") == 1
    assert "*(empty)* → *9 values* | 9 |" in text


def test_every_case_is_named_where_all_are_asked_for():
    cases = [case_change(f"case-{n:04}", field_change("note", None, "x")) for n in range(1_000)]
    plan = a_plan(*cases)
    short, full = (report(Subject(command="plan", plan=plan, full=full)) for full in (False, True))
    assert "and 990 more" in short
    assert "case-0999" in full


def test_many_targets_fit():
    plan = a_plan(*(target_plan(case_change("c1"), name=f"t{n}" * 20) for n in range(400)))
    text = report(Subject(command="plan", plan=plan))
    assert size(text) <= MOST
    assert "- and 350 targets more" in text


def test_many_problems_and_outcomes_fit():
    for scene in (scenes.hostile_problems, scenes.hostile_apply):
        text = report(scene(tuple(f"{one}{n}" for n in range(40) for one in scenes.HOSTILE)))
        assert size(text) <= MOST


def test_specs_with_problems_end_a_plan():
    text = report(replace(scenes.problems(), command="plan"))
    assert "Nothing was planned, and nothing was written." in text


def test_drift_is_told_without_what_only_waits_and_without_costs_or_guards():
    text = report(scenes.drifted())
    assert "1 field pending; `reconcile plan` shows what is to be applied." in text
    assert "**Cost**" not in text
    assert "changes `" not in text
    only_pending = field_change("note", "a", "b", change_class=ChangeClass.PENDING)
    text = report(replace(plan_of(only_pending), command="drift"))
    assert "## reconcile drift `prod`: no drift" in text
    blocked = report(replace(scenes.blocked(), command="drift"))
    assert "[!CAUTION]" not in blocked
    refused = Blocker(Guard.NO_SPECS, "prod", 0, 1, "no spec was found")
    empty = Subject(command="drift", plan=a_plan(target_plan(blocked_by=(refused,))))
    assert "`--allow-empty`" in report(empty)


def test_our_own_stamps_are_told_as_what_they_are():
    last = LastChange(
        by="reconcile:1a2b3c4d5e6f:aaaabbbbcccc",
        principal="",
        at="2026-11-02T10:00:00Z",
        before=None,
        after="a",
    )
    drift = {"change_class": ChangeClass.DRIFT, "last_change": last}
    assert "`reconcile apply, commit aaaabbb`" in report(
        plan_of(field_change("note", "a", "b", **drift))
    )


def test_a_change_whose_author_is_not_known_says_so():
    text = report(plan_of(field_change("note", "a", "b", change_class=ChangeClass.DRIFT)))
    assert "| **drift** | `Note` | *not known* | 1 | `c1` | *not known* |  |" in text


def test_a_sealed_value_is_no_text():
    text = report(plan_of(field_change("note", None, Sealed("ab" * 32))))
    assert "`(sensitive #abab)`" in text
