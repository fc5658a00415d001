"""Lines of JSON are the cases that they stand for, each on its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.diagnostic import Source
from reconciler.model.source import Written
from reconciler.model.spec import Header
from reconciler.tables.json_lines import json_lines, read_json_lines
from reconciler.tables.rows import TableRules
from reconciler.tables.spec import read_table
from reconciler.yaml.checks import Page
from tests.tables.reading import table


def test_json_lines_have_types_and_null_clears(tmp_path):
    text = (
        '{"case_id": "c1", "fields": {"note": "5", "score": 4.50, "vip": true, "due": null}}\n'
        '\n{"reference": "42", "fields": {"note": "a\\nb"}}\r\n{"id": "c3", "fields": {}}\n'
    )
    path = tmp_path / "t.jsonl"
    path.write_text(text)
    spec, problems = read_table(path, "", Header(at=Source("t"), name="t"), TableRules())
    assert problems == ()
    assert [(one.key, one.by_reference) for one in spec.cases] == [("c1", False), ("42", True)]
    assert [(one.value.text, one.value.plain) for one in spec.cases[0].fields] == [
        ("5", False),
        ("4.50", True),
        ("true", True),
        ("null", True),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("{", "2:2 not-json", id="broken"),
        pytest.param("[1]", "2:1 wrong-shape", id="a-list"),
        pytest.param('{"id": "c1", "fields": 5}', "2:1 wrong-shape", id="no-fields"),
        pytest.param('{"id": "c1", "fields": {"a": [1]}}', "2:1 wrong-shape", id="a-list-inside"),
        pytest.param('{"id": "c1", "fields": {"a": 1, "a": 2}}', "2:1 repeated-key", id="twice"),
        pytest.param(
            '{"id": "c1", "case_id": "c", "fields": {"a": 1}}', "2:1 repeated-key", id="ids"
        ),
        pytest.param('{"id": "c1", "fields": {"a": "\\ud800"}}', "2:1 wrong-shape", id="half"),
        pytest.param('{"fields": {"a": 1}}', "2:1 missing-key", id="no-case"),
        pytest.param(
            '{"id": "c1", "titel": 1, "fields": {"a": 1}}', "2:1 unknown-key", id="unknown"
        ),
        pytest.param("[" * 100_000, "2:1 not-json", id="nested"),
    ],
)
def test_what_is_wrong_with_a_line_does_not_hide_the_others(tmp_path, line, problem):
    good = '{"id": "good%d", "fields": {"a": 1}}\n'
    cases, problems = table(tmp_path, good % 1 + line + "\n" + good % 2, "t.jsonl")
    assert problems == [problem]
    assert {"good1", "good2"} <= cases.keys()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)


@given(st.lists(st.dictionaries(TEXTS.filter(str.strip), TEXTS, min_size=1), max_size=3))
def test_what_is_written_is_read(rows):
    cases = [
        (f"c{at}", {name: Written(text, False, 1, 1) for name, text in row.items()})
        for at, row in enumerate(rows)
    ]
    problems = []
    found = list(read_json_lines("".join(json_lines(cases)), Page("t", problems)))
    assert problems == []
    assert [
        {name: entry[2].text for name, entry in node.entries["fields"][2].entries.items()}
        for node in found
    ] == rows


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (Written("5", True, 1, 1), "5"),
        (Written("5", False, 1, 1), '"5"'),
        (Written("true", True, 1, 1), "true"),
        (Written("true", False, 1, 1), '"true"'),
        (Written("None", True, 1, 1), '"None"'),
        (Written("é", False, 1, 1), '"é"'),
    ],
)
def test_plain_numbers_and_truths_are_jsons_own_and_all_else_is_text(written, shown):
    [line] = json_lines([("c1", {"a": written})])
    assert line == '{"case_id": "c1", "fields": {"a": ' + shown + "}}\n"
