"""Export and import, end to end: what is written is true, and planning it finds nothing to do."""

import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

A = "ddb8f587-4d3c-43ff-beae-4ea81ccab6f4"
B = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"
C = "3c384090-6407-4c9b-8779-9806a4db0c8a"
MISSING = "00000000-0000-4000-8000-000000000000"
LAW = settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# fmt: off
ODD = (
    "=1+1", "'", '"', "@", "\t", "\r\n", "\n", " ", "#", ": ", "- x", "null", "NO", "~", "é👍", "|",
    "\u2028", "\x85", "\u202e", "\ufeff", "\x07", ",", ";", "---\n", "...\n", "{a", "\\", "012",
)
# fmt: on
CHARACTERS = st.characters(exclude_categories=("Cs",))
HOSTILE = st.lists(
    st.sampled_from(ODD) | st.text(CHARACTERS, max_size=5), min_size=1, max_size=8
).map("".join)
VALUES = {
    "Title": HOSTILE,
    "Country": HOSTILE,
    "Note": HOSTILE,
    "Next step": HOSTILE,
    "Score": st.floats(allow_nan=False, allow_infinity=False) | st.integers(-9999, 9999),
    "VIP": st.booleans(),
    "Priority": st.sampled_from(["low", "medium", "high"]),
}


@pytest.fixture
def tool(world):
    """The program, with the test's target as the default one."""
    path = world.folder / "reconcile.yaml"
    path.write_text(path.read_text() + "default_target: demo\n")
    world.calls()
    return world


def in_sync(tool, cases=None):
    """Assert that the specs ask for nothing, and say of how many cases."""
    ran = tool.run("plan", "--format", "json", "--detailed-exitcode")
    assert ran.status == 0, ran.text
    summary = json.loads(ran.out)["summary"]
    assert cases is None or summary["cases_in_sync"] == cases, ran.out
    return summary["cases_in_sync"]


@given(data=st.data())
@LAW
def test_what_is_exported_is_in_sync_whatever_the_cases_hold(tool, data):
    for case_id in (A, B, C):
        names = data.draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, unique=True))
        tool.edit(case_id, **{name: data.draw(VALUES[name]) for name in names})
    cases = [f"--case={one}" for one in (A, B, C)]
    runs = [
        ("export", *cases, "--force", "-o", "specs/straight.yaml"),
        ("export", *cases, "--force", "--format", "csv", "-o", "t.csv"),
        ("export", *cases, "--force", "--format", "jsonl", "-o", "t.jsonl"),
        ("import", "t.csv", "--force", "-o", "specs/csv.yaml", "--name", "csv", "-t", "demo"),
        ("import", "t.jsonl", "--force", "-o", "specs/jsonl.yaml", "--name", "jsonl"),
    ]
    for arguments in runs:
        ran = tool.run(*arguments)
        assert ran.status == 0, ran.text
    assert in_sync(tool) == 3  # and each of the three specs says the same, or it would conflict


@pytest.mark.parametrize(
    "selection",
    [
        pytest.param(["--all"], id="all"),
        pytest.param(["--template", "Outage"], id="template"),
        pytest.param(["--tag", "team=billing"], id="tag"),
        pytest.param(["--where", "status = open", "--where", "severity in High,Low"], id="and"),
        pytest.param(["--where", "note empty"], id="empty"),
        pytest.param(["--where", "title contains Outage"], id="contains"),
        pytest.param(["--where", "score >= 5"], id="ordering"),
        pytest.param(
            ["--where", "{any: [{field: score, less_than: 3}, {not: {field: note, empty: true}}]}"],
            id="as-a-spec-says-it",
        ),
        pytest.param(["--where", "status = open", "--field=Note", "--field=vip"], id="fields"),
    ],
)
def test_a_selection_is_that_of_a_policy_and_its_export_is_in_sync(tool, selection):
    ran = tool.run("export", *selection, "-o", "specs/out.yaml")
    assert ran.status == 0, ran.text
    assert in_sync(tool) > 2
    assert not {"UpdateCase", "BatchUpdateCase"} & tool.calls().keys()


def test_the_cases_selected_are_those_that_a_plain_reading_finds(tool):
    tool.run("export", "--where=status = closed", "--field=status", "--format=jsonl", "-ox.jsonl")
    lines = (tool.folder / "x.jsonl").read_text().splitlines()
    found = [json.loads(line)["case_id"] for line in lines]
    closed = {"stringValue": "closed"}
    assert found == sorted(
        key for key, held in tool.everything().items() if held.get("status") == closed
    )


def test_a_few_calls_read_the_whole_domain_and_none_writes(tool):
    tool.run("export", "--all", "--field", "Note", "-o", "specs/out.yaml")
    calls = Counter(tool.calls())
    assert calls["SearchCases"] == 2
    assert not {"GetCase", "UpdateCase", "BatchUpdateCase", "CreateCase"} & calls.keys()


def test_strict_mode_reads_each_case_itself(tool):
    tool.run("export", "--case", A, "--case", B, "--mode", "strict", "-o", "specs/out.yaml")
    assert tool.calls()["GetCase"] == 2
    in_sync(tool, 2)


def test_it_reads_as_a_person_would_write_it(tool):
    tool.edit(A, Title="Wrong\nrouter", Note="1. one\n2. two", Score=5, Priority="high", VIP=True)
    fields = [f"--field={name}" for name in ("Note", "priority", "Score", "VIP", "title")]
    ran = tool.run("export", "--case", A, *fields, "--name", "fix", "--reason", "CHG-1042")
    [reference] = tool.held(A, "reference_number")
    assert ran.out == (
        "# yaml-language-server: $schema=../schemas/spec.schema.json\n"
        "apiVersion: reconcile/v1\nkind: Cases\nmetadata:\n  name: fix\n  reason: CHG-1042\n"
        f"target: demo\ncases:\n  - id: {A} # {reference} Wrong router\n    fields:\n"
        "      Note: |-\n        1. one\n        2. two\n      Priority: High\n      Score: 5\n"
        "      VIP: true\n      title: |-\n        Wrong\n        router\n"
    )


def test_sensitive_fields_are_left_out_of_values_and_comments(tool):
    tool.configure("    sensitive: [title, Note]\ndefault_target: demo\n")
    tool.edit(A, Title="SECRET title", Note="SECRET note")
    for extension in ("yaml", "csv", "jsonl"):
        ran = tool.run("export", "--case", A, "--format", extension)
        assert ran.status == 0
        assert "SECRET" not in ran.text
        assert "left out 2 sensitive fields: Title, Note" in ran.err
    ran = tool.run("export", "--where", "note = SECRET note")
    assert f"- id: {A}" in ran.out
    assert "SECRET" not in ran.text
    refused = tool.run("export", "--case", A, "--field", "note")
    assert refused.status == 1
    assert "--field:1:1: sensitive-field" in refused.err


def test_what_no_spec_can_ask_for_is_left_out_and_counted(tool):
    ran = tool.run("export", "--all", "--field", "Channel", "-o", "specs/out.yaml")
    assert "of Channel that no spec can ask for: inactive-option" in ran.err
    assert in_sync(tool) > 0


def test_cases_that_cannot_be_read_are_listed_and_the_others_written(tool):
    ran = tool.run("export", "--case", A, "--case", MISSING, "-o", "specs/out.yaml", "--quiet")
    assert ran.status == 4
    assert ran.err.startswith(f"error: unreadable: {MISSING}: not-found: ")
    in_sync(tool, 1)


def test_too_many_cases_are_an_error_before_anything_is_written(tool):
    ran = tool.run("export", "--all", "--limit", "10", "-o", "specs/out.yaml")
    assert ran.status == 1
    assert "more than 10 cases" in ran.err
    assert not (tool.folder / "specs/out.yaml").exists()
    assert tool.calls()["SearchCases"] == 1


def test_files_are_private_and_never_overwritten_unasked(tool):
    target = tool.folder / "specs" / "out.yaml"
    assert tool.run("export", "--case", A, "-o", target).status == 0
    assert target.stat().st_mode & 0o777 == 0o600
    before = target.read_bytes()
    tool.edit(A, Note="other")
    tool.calls()
    ran = tool.run("export", "--case", A, "-o", target)
    assert (ran.status, target.read_bytes(), tool.calls()) == (1, before, {})
    assert "there already" in ran.err
    assert tool.run("export", "--case", A, "-o", target, "--force").status == 0
    in_sync(tool, 1)


def test_a_file_a_template(tool):
    ran = tool.run("export", "--all", "--out-dir", "specs", "--split", "template", "--name", "base")
    assert ran.status == 0
    names = {path.name for path in (tool.folder / "specs").iterdir()}
    assert {"base-outage.yaml", "base-delivery-problem.yaml"} <= names
    assert in_sync(tool, 120) == 120
    again = tool.run("export", "--all", "--out-dir=specs", "--split=template", "--name=base")
    assert again.status == 1


def test_a_file_for_so_many_cases(tool):
    assert tool.run("export", "--all", "--out-dir", "specs", "--split", "50").status == 0
    names = sorted(path.name for path in (tool.folder / "specs").iterdir())
    assert names == ["export-001.yaml", "export-002.yaml", "export-003.yaml"]
    in_sync(tool, 120)


def test_a_table_for_excel_comes_back_from_excel(tool):
    tool.edit(A, Note="=HYPERLINK(1)", VIP=True, Score=-5)
    tool.run("export", "--case", A, "--format", "csv", "--bom", "-o", "t.csv")
    data = (tool.folder / "t.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfcase_id,#reference_number,#template,title,")
    assert b",'=HYPERLINK(1)," in data
    assert b",-5," in data
    data = data.replace(b",true", b",TRUE")
    (tool.folder / "t.csv").write_bytes(data)
    assert tool.run("import", "t.csv", "-t", "demo", "-o", "specs/t.yaml").status == 0
    in_sync(tool, 1)


def test_a_table_is_checked_against_the_target(tool):
    (tool.folder / "t.csv").write_text(
        f'case_id,Score,Follow up on,Priority,Colour\n{A},"1,5",01/02/2026,Hihg,red\n'
    )
    ran = tool.run("import", "t.csv", "-t", "demo", "-o", "specs/t.yaml")
    assert ran.status == 1
    places = [line.split(": ")[:2] for line in ran.err.splitlines() if line.startswith("t.csv:")]
    assert places == [
        ["t.csv:1:5", "unknown-field"],
        ["t.csv:2:2", "ambiguous-value"],
        ["t.csv:2:3", "ambiguous-value"],
        ["t.csv:2:4", "unknown-option"],
    ]
    assert not (tool.folder / "specs/t.yaml").exists()


def test_a_table_with_changes_becomes_exactly_those_changes(tool):
    tool.edit(A, Note="old", Score=1)
    (tool.folder / "t.csv").write_text(f"id;note;score\n{A};new;(none)\n")
    ran = tool.run("import", "t.csv", "-t", "demo", "--null", "(none)", "-o", "specs/t.yaml")
    assert ran.status == 0, ran.text
    [change] = tool.plan()["targets"][0]["changes"]
    assert {one["name"]: one["after"] for one in change["fields"]} == {"Note": "new", "Score": None}


@pytest.mark.parametrize("out", [("-o", "specs/out.yaml"), ("--out-dir", "specs/x"), ()], ids=str)
def test_an_export_that_fails_on_its_way_leaves_no_file_and_prints_nothing(tool, out):
    before = sorted(tool.folder.rglob("*"))
    refuse = {"kind": "access-denied", "operation": "SearchCases", "after": 1}
    tool.service.faults.set([refuse])
    ran = tool.run("export", "--all", *out)
    assert (ran.status, ran.out) == (1, "")
    assert "AccessDeniedException" in ran.err
    assert [one for one in sorted(tool.folder.rglob("*")) if one not in before] == []
