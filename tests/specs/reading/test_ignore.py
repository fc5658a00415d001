"""How a rule says what is left alone, of which cases, why and until when."""

from datetime import UTC, datetime

import pytest

from reconciler.model.condition import Test as Leaf
from reconciler.model.ignore import Scope, end_of
from reconciler.specs.reading.files import read_specs
from tests.specs.texts import read_text, refused

HEAD = "apiVersion: reconcile/v1\nkind: Ignore\nmetadata: {name: n}\n"


def rules(folder, text):
    """The rules of one document whose list is `text`."""
    _, problems = read_text(folder, HEAD + f"ignore:\n{text}")
    assert problems == ()
    (spec,) = read_text(folder, HEAD + f"ignore:\n{text}")[0].ignores
    return spec.rules


def rule(folder, more):
    (found,) = rules(folder, f"  - {{field: note, reason: r, until: 2026-12-31{more}}}\n")
    return found


def test_a_rule_is_read_with_its_place(tmp_path):
    text = """\
  - field: note
    reason: agents triage by hand
    until: 2026-12-31
"""
    (found,) = rules(tmp_path, text)
    assert (found.field.text, found.reason) == ("note", "agents triage by hand")
    assert found.ends == datetime(2027, 1, 1, tzinfo=UTC)
    assert (found.at.file, found.at.line, found.at.column) == ("a.yaml", 5, 5)
    assert (found.until.line, found.until.column) == (7, 12)
    assert (found.case, found.when, found.scope) == ("", None, Scope.BOTH)


def test_a_set_keeps_rules_apart_from_what_is_wanted(tmp_path):
    cases = HEAD.replace("Ignore", "Cases").replace("name: n", "name: c") + "cases: []\n"
    text = HEAD + "ignore: [{field: a, reason: r, until: 2026-12-31}]\n---\n" + cases
    found, problems = read_text(tmp_path, text)
    assert problems == ()
    assert [one.header.name for one in found.specs] == ["c"]
    assert [one.header.name for one in found.ignores] == ["n"]
    assert {one.name for one in found.headers} == {"c", "n"}


@pytest.mark.parametrize(
    ("more", "case", "by_reference"),
    [
        ("", "", False),
        (", case: 5f0c", "5f0c", False),
        (', case: "012"', "012", False),
        (", reference: 10023417", "10023417", True),
    ],
)
def test_a_rule_is_about_every_case_or_about_one(tmp_path, more, case, by_reference):
    found = rule(tmp_path, more)
    assert (found.case, found.by_reference) == (case, by_reference)


def test_a_condition_is_one_as_in_where(tmp_path):
    when = rule(tmp_path, ", when: {field: status, equals: open}").when
    assert isinstance(when, Leaf)
    assert (when.field.text, when.operator, when.operands[0].text) == ("status", "equals", "open")


@pytest.mark.parametrize(
    ("scope", "in_drift", "in_apply"),
    [("", True, True), (", scope: drift", True, False), (", scope: apply", False, True)],
)
def test_a_scope_says_in_which_runs_a_rule_holds(tmp_path, scope, in_drift, in_apply):
    found = rule(tmp_path, scope)
    assert (found.holds_for(drift=True), found.holds_for(drift=False)) == (in_drift, in_apply)


@pytest.mark.parametrize(
    ("until", "ends"),
    [
        ("2026-12-31", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2028-02-29", datetime(2028, 3, 1, tzinfo=UTC)),
        ("2026-12-31T09:00:00Z", datetime(2026, 12, 31, 9, tzinfo=UTC)),
        ("2026-12-31T09:00:00+01:00", datetime(2026, 12, 31, 8, tzinfo=UTC)),
        ("2026-12-31 09:00Z", datetime(2026, 12, 31, 9, tzinfo=UTC)),
        ("2027-02-29", None),
        ("9999-12-31", None),
        ("2026-12-31T09:00:00", None),
        ("20261231", None),
        ("2026-W53-4", None),
        ("2026-W53-4T09:00:00Z", None),
        ("2026-12-31 ", None),
        ("２０２６-12-31", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_day_ends_with_its_last_moment_in_utc(until, ends):
    assert end_of(until) == ends


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "hint"),
    [
        ("ignore:\n", "wrong-shape", 4, 8, "fill it in"),
        ("ignore: note\n", "wrong-shape", 4, 9, "`- `"),
        ("ignore: []\n", "no-rules", 4, 9, "remove this document"),
        ("ignore: [note]\n", "wrong-shape", 4, 10, "`key: value`"),
        ("ignore: [{reason: r, until: 2026-12-31}]\n", "missing-key", 4, 10, "`field: ...`"),
        ("ignore: [{field: a, until: 2026-12-31}]\n", "missing-key", 4, 10, "`reason: ...`"),
        ("ignore: [{field: a, reason: r}]\n", "missing-key", 4, 10, "`until: ...`"),
    ],
)
def test_a_list_of_rules_must_be_whole(tmp_path, text, code, line, column, hint):
    found = refused(tmp_path, HEAD + text)
    assert found[:3] == (code, line, column)
    assert hint in found[3]


@pytest.mark.parametrize(
    ("more", "code", "column", "hint"),
    [
        ("colour: red", "unknown-key", 5, "remove it"),
        ("resaon: x", "unknown-key", 5, "did you mean `reason`"),
        ("scope: both", "unknown-scope", 12, "remove `scope`"),
        ("scope: drif", "unknown-scope", 12, "did you mean `drift`"),
        ("scope: [drift]", "wrong-shape", 12, "one value"),
        ("case: a b", "not-a-case-id", 11, "letters, digits"),
        ("case: null", "not-a-case-id", 11, "letters, digits"),
        ("when: open", "wrong-shape", 11, "`key: value`"),
        ("when: {field: a}", "bad-operator", 11, "operators: "),
    ],
)
def test_what_else_a_rule_says_must_mean_something(tmp_path, more, code, column, hint):
    text = f"ignore:\n  - field: a\n    reason: r\n    until: 2026-12-31\n    {more}\n"
    found = refused(tmp_path, HEAD + text)
    assert found[:3] == (code, 8, column)
    assert hint in found[3]


def test_a_rule_names_its_case_in_one_way(tmp_path):
    text = "ignore: [{field: a, reason: r, until: 2026-12-31, case: a, reference: b}]\n"
    assert refused(tmp_path, HEAD + text)[:3] == ("id-and-reference", 4, 60)


@pytest.mark.parametrize(
    ("until", "code"),
    [
        ("soon", "bad-date"),
        ("2027-02-29", "bad-date"),
        ("2026-12-31T09:00:00", "bad-date"),
        ("[2026-12-31]", "wrong-shape"),
        ("", "empty-name"),
    ],
)
def test_an_end_must_be_a_day_or_a_time_with_an_offset(tmp_path, until, code):
    text = f"ignore:\n  - field: a\n    reason: r\n    until: {until}\n"
    found, problems = read_text(tmp_path, HEAD + text)
    assert [(one.code, one.at.line) for one in problems] == [(code, 7)]
    assert found.ignores[0].rules == ()


@pytest.mark.parametrize("key", ["cases: []", "defaults: {}", "fields: {a: b}", "limits: {}"])
def test_a_document_of_rules_wants_nothing(tmp_path, key):
    text = HEAD + f"ignore: [{{field: a, reason: r, until: 2026-12-31}}]\n{key}\n"
    code, line, _, hint = refused(tmp_path, text)
    assert (code, line) == ("unknown-key", 5)
    assert "belongs to kind:" in hint


def test_rules_belong_to_documents_of_their_kind(tmp_path):
    text = HEAD.replace("Ignore", "Cases") + "cases: []\nignore: []\n"
    _, problems = read_text(tmp_path, text)
    assert "unknown-key" in {one.code for one in problems}


def test_every_problem_of_every_rule_is_told(tmp_path):
    text = "ignore:\n  - {field: a}\n  - {reason: r, until: soon}\n"
    _, problems = read_text(tmp_path, HEAD + text)
    assert sorted(one.code for one in problems) == ["bad-date", *["missing-key"] * 3]


def test_paths_narrow_what_is_wanted_and_not_what_is_left_alone(tmp_path):
    specs = tmp_path / "specs"
    specs.mkdir()
    cases = HEAD.replace("Ignore", "Cases") + "cases: []\n"
    (specs / "a.yaml").write_text(cases.replace("name: n", "name: a"))
    (specs / "b.yaml").write_text(cases.replace("name: n", "name: b"))
    rule = HEAD + "ignore: [{field: a, reason: r, until: 2026-12-31}]\n"
    (specs / "c.yaml").write_text(rule + "---\n" + cases.replace("name: n", "name: c"))
    found, problems = read_specs([specs / "a.yaml"], root=tmp_path, ignores=specs)
    assert problems == ()
    assert [one.header.name for one in found.specs] == ["a"]
    assert [one.header.name for one in found.ignores] == ["n"]
    assert found.files == ("specs/a.yaml", "specs/c.yaml")
    alone, _ = read_specs([specs / "a.yaml"], root=tmp_path)
    assert (alone.ignores, alone.files) == ((), ("specs/a.yaml",))


def test_a_rule_file_that_is_wrong_stops_a_run_about_other_files(tmp_path):
    specs = tmp_path / "specs"
    specs.mkdir()
    (specs / "a.yaml").write_text(HEAD.replace("Ignore", "Cases") + "cases: []\n")
    (specs / "b.yaml").write_text(HEAD + "ignore: [{field: a}]\n")
    _, problems = read_specs([specs / "a.yaml"], root=tmp_path, ignores=specs)
    assert {one.at.file for one in problems} == {"specs/b.yaml"}


def test_a_document_of_rules_is_good_as_json_too(tmp_path):
    text = (
        '{"apiVersion": "reconcile/v1", "kind": "Ignore", "metadata": {"name": "n"},'
        ' "ignore": [{"field": "a", "reason": "r", "until": "2026-12-31"}]}'
    )
    found, problems = read_text(tmp_path, text, "a.json")
    assert problems == ()
    assert len(found.ignores[0].rules) == 1
