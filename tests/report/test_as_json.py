"""JSON for programs: the same data as ever, in characters that do nothing to a terminal."""

import json

import pytest
from hypothesis import example, given, settings

from reconciler.plan.file.data import to_data
from reconciler.report.as_json import report
from tests.report import scenes
from tests.report.official import hostile_texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("é 日本 👍", "é 日本 👍"),
        ("a\tb\n", "a\\tb\\n"),
        ("\x7f\x9b", "\\u007f\\u009b"),
        ("\u202e\u200b", "\\u202e\\u200b"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\udb40\\udc41"),
    ],
)
def test_what_would_act_is_escaped_and_the_rest_stands_as_it_is(text, shown):
    assert f'"message": "{shown}"' in report(scenes.hostile_problems((text,)))


def as_read(data):
    """To JSON the two halves of a surrogate pair are one character, however Python holds them."""
    return json.loads(json.dumps(data))


@settings(max_examples=100, deadline=None)
@given(hostile_texts)
@example("\ud800\udcff")
def test_the_data_is_complete(text):
    subject = scenes.hostile((text,))
    data = json.loads(report(subject))
    assert len(data.pop("conflicts")) == subject.plan.classes["conflict"]
    assert data == as_read(to_data(subject.plan))
    problems = scenes.hostile_problems((text,))
    assert json.loads(report(problems)) == as_read([one.data() for one in problems.problems])
