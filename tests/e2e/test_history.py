"""The whole story of a case: who, when, what, and the commit and the line that asked for it."""

import json

import pytest

from tests.e2e.stories import AGENT, A, B


@pytest.fixture
def told(story):
    """A case that an apply wrote, and an agent after it."""
    story.agent(Priority="low")
    story.spec(f"cases:\n  - id: {A}\n    fields:\n      priority: High\n      note: one\n")
    story.commit = story.repository.commit("Outages are severe", story.later())
    story.apply()
    story.agent(Note="mine")
    story.calls()
    return story


def events(story, *arguments):
    ran = story.run("history", *arguments, "--format", "json")
    assert ran.status == 0, ran.err
    return json.loads(ran.out)["events"]


def test_the_newest_event_first_and_our_own_writes_with_commit_and_line(told):
    mine, ours, first, *older = events(told, A)
    assert (mine["by"], mine["plan"], mine["commit"]) == (AGENT, "", "")
    assert [(one["name"], one["before"], one["after"]) for one in mine["changes"]] == [
        ("Note", "one", "mine")
    ]
    assert (ours["commit"], ours["subject"]) == (told.commit, "Outages are severe")
    assert (ours["author"], ours["rollback"]) == ("Ann Author", False)
    places = {one["name"]: one["source"] for one in ours["changes"]}
    assert places["Priority"] == {"file": "specs/spec.yaml", "line": 7, "column": 7}
    assert places["Note"]["line"] == 8
    assert first["by"] == AGENT
    assert older[-1]["kind"] == "Case.Created"
    assert [one["at"] for one in older] == sorted((one["at"] for one in older), reverse=True)


def test_it_reads_well(told):
    out = told.run("history", A).out
    assert f"case {A}  " in out.splitlines()[0]
    assert "reconcile apply of plan " in out
    assert f"    {told.commit[:7]} Outages are severe  Ann Author\n" in out
    assert "    Priority  Low → High   specs/spec.yaml:7\n" in out
    assert 'UTC  arn:…/5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9\n    Note  "one" → "mine"\n' in out
    assert AGENT in told.run("history", A, "--full").out
    assert max(map(len, out.splitlines())) <= 100


def test_it_writes_nothing_and_reads_little(told):
    told.run("history", A)
    calls = told.calls()
    assert calls.pop("ListFieldOptions") <= 6
    assert calls == {"ListDomains": 1, "ListFields": 1, "GetCase": 1, "GetCaseAuditEvents": 1}


def test_one_field_alone(told):
    found = events(told, A, "--field", "note")
    assert {one["name"] for event in found for one in event["changes"]} == {"Note"}
    assert len(found) >= 2
    ran = told.run("history", A, "--field", "note_")
    assert ran.status == 1
    assert 'did you mean "Note"' in ran.err


def test_a_case_is_found_by_its_reference(told):
    reference = told.held(A, "Reference number")[0]
    assert events(told, reference) == events(told, A)


@pytest.mark.parametrize("case", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_case_that_is_not_there_is_an_error(told, case):
    ran = told.run("history", case)
    assert ran.status == 1
    assert f"no case {case} in domain support" in ran.err
    assert "expected the id or the reference number" in ran.err


def test_sensitive_values_are_sealed(told):
    told.configure("    sensitive: [note]\n")
    for arguments in ((), ("--format", "json"), ("--full",)):
        ran = told.run("history", A, *arguments)
        assert ran.status == 0
        assert "mine" not in ran.text
        assert "(sensitive #" in ran.out


def test_outside_a_repository_the_stamp_is_all_there_is(told, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    _, ours, *_ = events(told, A)
    assert (ours["commit"], ours["subject"]) == (told.commit[:12], "")
    assert {one["source"] for one in ours["changes"]} == {None}
    assert f", commit {told.commit[:7]}" in told.run("history", A).out


def test_the_line_of_a_policy_is_found_when_it_is_the_only_one(story):
    story.agent(B, Country="XX")
    story.spec(
        "apiVersion: reconcile/v1\nkind: Policy\nmetadata: {name: nordic}\n"
        "select:\n  where: {field: country, equals: XX}\nfields:\n  country: SE\n"
    )
    story.repository.commit("A policy", story.later())
    story.apply()
    ours = events(story, B)[0]
    assert ours["changes"][0]["source"]["line"] == 7


def test_what_others_wrote_acts_on_no_terminal(told):
    told.agent(Note="\x1b[31mred\u202e::error::x")
    for arguments in ((), ("--format", "json")):
        ran = told.run("history", A, *arguments)
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out
