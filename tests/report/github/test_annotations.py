"""Workflow commands, read back as GitHub's runner reads them."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model.diagnostic import Problem, Source
from reconciler.report.escaping import visible
from reconciler.report.github.annotations import MOST, report
from reconciler.report.subject import Links, Subject
from tests.builders import a_plan, case_change, field_change
from tests.report import scenes
from tests.report.golden import matches_golden
from tests.report.markdown.test_escaping import texts

KNOWN = ("error", "warning", "notice")
SILENT = {"nothing", "no_problems", "apply_done"}


def unescaped(text, pairs):
    for code, character in pairs:
        text = text.replace(code, character)
    return text


DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


def parsed(line):
    """Kind, properties and data of one line; the runner takes the first `::` that follows."""
    line = line.lstrip()
    assert line.startswith("::")
    info, mark, data = line[2:].partition("::")
    assert mark
    kind, _, rest = info.partition(" ")
    assert kind in KNOWN
    pairs = (pair.partition("=") for pair in rest.split(","))
    return kind, {key: unescaped(value, PROPERTY) for key, _, value in pairs}, unescaped(data, DATA)


def commands(subject):
    return [parsed(line) for line in report(subject).splitlines()]


@pytest.mark.parametrize("name", sorted({*scenes.SCENES} - SILENT))
def test_how_a_scene_is_annotated(name):
    matches_golden(f"annotations_{name}", report(scenes.SCENES[name]()))


@pytest.mark.parametrize("name", sorted(SILENT))
def test_where_there_is_nothing_to_say_nothing_is_said(name):
    assert report(scenes.SCENES[name]()) == ""


@pytest.mark.parametrize("name", [*sorted(scenes.SCENES), "fifty_thousand"])
def test_no_kind_is_said_more_often_than_github_shows(name):
    kinds = Counter(kind for kind, _, _ in commands(getattr(scenes, name)()))
    assert all(count <= MOST for count in kinds.values())


def test_the_rest_is_summed_up_within_the_ten():
    found = commands(scenes.fifty_thousand())
    assert len(found) == MOST
    assert found[-1] == (
        "notice",
        {"title": "reconcile"},
        "and 991 more notices; the report says which",
    )


def test_the_most_serious_come_first():
    kinds = [kind for kind, _, _ in commands(scenes.hostile())]
    assert kinds == sorted(kinds, key=KNOWN.index)


def test_a_problem_stands_at_its_place_from_the_root_of_the_repository():
    problem = Problem(Source("specs/a.yaml", 4, 5), "unknown-field", "100 % wrong", "try x")
    subject = Subject(command="validate", problems=(problem,), links=Links(prefix="care/"))
    expected = {"file": "care/specs/a.yaml", "line": "4", "col": "5", "title": "unknown-field"}
    assert commands(subject) == [("error", expected, "100 % wrong (try x)")]


def test_many_values_of_one_line_are_counted():
    cases = [case_change(f"c{n}", field_change("note", None, f"n{n}")) for n in range(3)]
    [(kind, _, text)] = commands(Subject(command="plan", plan=a_plan(*cases)))
    assert (kind, text) == ("notice", "Note → 3 values on 3 cases")


def test_a_long_message_is_cut():
    [(_, _, text)] = commands(
        Subject(command="validate", problems=(Problem(Source("a"), "c", "x" * 5_000),))
    )
    assert len(text) == 1_000


@settings(max_examples=60, deadline=None)
@given(texts, texts)
def test_a_hostile_problem_is_read_back_as_what_can_be_seen_of_it(file, text):
    problem = Problem(Source(file), text, text)
    [(kind, properties, data)] = commands(Subject(command="validate", problems=(problem,)))
    whole = len(visible(text)) < 1_000 and len(visible(file)) < 1_000
    assert kind == "error"
    assert not whole or (properties["file"], data) == (visible(file), visible(text))
    assert properties.keys() == {"file", "line", "col", "title"}


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=1, max_size=4).map(tuple))
def test_no_text_of_a_stranger_begins_a_command(hostile):
    for scene in (scenes.hostile, scenes.hostile_apply, scenes.hostile_problems):
        for _, properties, _ in commands(scene(hostile)):
            assert properties.keys() <= {"file", "line", "col", "title"}
