"""The command lines of export and import, and what is refused before any call."""

import json

import pytest

from reconciler.service.catalog_data import catalog_data
from tests.builders import a_catalog

CASES = "case_id,note\nc1,new\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "say which cases", id="nothing"),
        pytest.param(["--case", "c1", "--all"], "one of these three", id="case-and-all"),
        pytest.param(["--case", "c1", "--where", "a = b"], "these three", id="case-and-where"),
        pytest.param(["--tag", "team"], "KEY=VALUE", id="half-a-tag"),
        pytest.param(["--all", "-o", "x", "--out-dir", "y"], "keep one", id="file-and-folder"),
        pytest.param(["--all", "--bom"], "--format csv", id="a-mark-in-yaml"),
        pytest.param(["--all", "--split", "5"], "--out-dir", id="split-into-one-file"),
        pytest.param(["--all", "--out-dir", "y", "--split", "0"], "neither", id="split-by-none"),
        pytest.param(["--all", "--out-dir", "y", "--split", "x"], "neither", id="split-by-what"),
        pytest.param(["--all", "--out-dir", "y", "--name", "../x"], "no name", id="path-as-name"),
        pytest.param(["--all", "--name", " "], "line of text", id="blank-name"),
        pytest.param(["--all", "--limit", "0"], "--limit", id="no-case-at-all"),
        pytest.param(["--all", "-t", "nope"], 'no target "nope"', id="unknown-target"),
        pytest.param(["--where", "status"], "--where:1:1: bad-condition", id="no-condition"),
        pytest.param(["--all", "-o", "specs/a.yaml"], "there already", id="a-file-that-is-there"),
    ],
)
def test_a_wrong_command_line_is_refused_before_any_call(folder, arguments, said):
    status, out, err = folder.run("export", *arguments)
    assert (status, out) == (1, "")
    assert said in err
    assert "127.0.0.1" not in err


def test_every_wrong_condition_is_told_with_its_number(folder):
    _, _, err = folder.run("export", "--where", "status", "--where", "note empty", "--where", "x ?")
    assert "--where 1:1:1: bad-condition" in err
    assert "--where 3:1:1: bad-condition" in err
    assert "2 problems" in err


def test_a_table_becomes_a_spec_that_validates(folder):
    folder.write("table.csv", '﻿case_id;note;score\r\nc9;"a\nb";5\r\nc8;=x;\r\n')
    arguments = ("--reason", "CHG-1: now", "-o", "specs/table.yaml")
    status, out, err = folder.run("import", "table.csv", *arguments)
    assert (status, out) == (0, "")
    assert "saved specs/table.yaml" in err
    assert (folder.path / "specs/table.yaml").read_text() == (
        "# yaml-language-server: $schema=../schemas/spec.schema.json\n"
        'apiVersion: reconcile/v1\nkind: Cases\nmetadata:\n  name: table\n  reason: "CHG-1: now"\n'
        "cases:\n  - id: c9\n    fields:\n      note: |-\n        a\n        b\n      score: 5\n"
        "  - id: c8\n    fields:\n      note: =x\n"
    )
    assert (folder.path / "specs/table.yaml").stat().st_mode & 0o777 == 0o600
    assert folder.run("validate")[0] == 0


def test_a_table_needs_no_config(empty):
    empty.write("fix.csv", CASES)
    status, out, err = empty.run("import", "fix.csv")
    assert status == 0, err
    assert out.endswith("cases:\n  - id: c1\n    fields:\n      note: new\n")
    assert err == "1 case\n"


def test_the_schema_is_found_from_wherever_the_spec_is_written(folder):
    folder.write("fix.csv", CASES)
    folder.run("import", "fix.csv", "-o", "specs/deep/er/fix.yaml")
    first = (folder.path / "specs/deep/er/fix.yaml").read_text().split("\n")[0]
    assert first == "# yaml-language-server: $schema=../../../schemas/spec.schema.json"


def test_what_is_wrong_with_a_table_is_told_all_at_once(folder):
    folder.write("fix.csv", "id,note,created_by,title\nc1,a,b,\n,x,,\nc 2,x,,\nc1,y,,\nc3,x\n")
    status, out, err = folder.run("import", "fix.csv", "--empty", "clear")
    assert (status, out) == (1, "")
    found = [line.split(": ")[:2] for line in err.splitlines() if line.startswith("fix.csv:")]
    assert [f"{place} {code}" for place, code in found] == [
        "fix.csv:1:3 read-only-field",
        "fix.csv:1:4 required-field",
        "fix.csv:3:1 missing-key",
        "fix.csv:4:1 not-a-case-id",
        "fix.csv:5:1 repeated-row",
        "fix.csv:6:1 ragged-row",
    ]


def test_a_spec_that_is_there_is_not_overwritten_unasked(folder):
    folder.write("fix.csv", CASES)
    before = (folder.path / "specs/a.yaml").read_text()
    status, _, err = folder.run("import", "fix.csv", "-o", "specs/a.yaml")
    assert status == 1
    assert "--force" in err
    assert (folder.path / "specs/a.yaml").read_text() == before
    assert folder.run("import", "fix.csv", "-o", "specs/a.yaml", "--force")[0] == 0


def test_an_unknown_target_is_refused(folder):
    folder.write("fix.csv", CASES)
    status, _, err = folder.run("import", "fix.csv", "-t", "nope")
    assert status == 1
    assert 'no target "nope"' in err


def test_a_saved_catalog_checks_names_and_types_offline(folder):
    folder.write("catalog.json", json.dumps(catalog_data(a_catalog())))
    folder.write("fix.csv", 'case_id,Score,VIP,Nota\nc1,"1,5",TRUE,x\n')
    status, _, err = folder.run("import", "fix.csv", "--catalog", "catalog.json", "-t", "prod")
    assert status == 1
    assert "fix.csv:1:4: unknown-field" in err
    assert "fix.csv:2:2: ambiguous-value: Score (Number)" in err
    folder.write("fix.csv", "case_id,Score,VIP\nc1,1.5,TRUE\n")
    status, out, _ = folder.run("import", "fix.csv", "--catalog", "catalog.json", "-t", "prod")
    assert status == 0
    assert out.endswith(
        "target: prod\ncases:\n  - id: c1\n    fields:\n      Score: 1.5\n      VIP: true\n"
    )
