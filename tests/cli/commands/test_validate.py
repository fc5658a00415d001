"""Specs and config are checked offline, and every problem is told at once."""

import json

import pytest

from reconciler.service.catalog_data import catalog_data
from reconciler.service.catalog_file import save_catalog
from tests.builders import a_catalog
from tests.cli.worlds import CONFIG, SPEC


def test_good_specs_are_counted(folder):
    assert folder.run("validate") == (0, "ok: 1 file, 1 spec, 1 named case, 0 policies\n", "")


def test_a_path_may_be_given(folder):
    folder.write("other/b.yaml", SPEC.replace("name: fix", "name: other"))
    status, out, _ = folder.run("validate", "other", "specs/a.yaml")
    assert (status, out) == (0, "ok: 2 files, 2 specs, 2 named cases, 0 policies\n")


def broken(folder):
    folder.write("specs/a.yaml", SPEC.replace("id: c1", "idd: c1"))
    folder.write("specs/b.yaml", "kind: Cases\nkind: Cases\n")


def test_every_problem_of_every_file_is_told_with_its_place(folder):
    broken(folder)
    status, out, err = folder.run("validate")
    assert status == 1
    lines = out.splitlines()
    assert {line.split(":")[0] for line in lines} == {"specs/a.yaml", "specs/b.yaml"}
    assert all(line.split(":")[1].isdigit() and line.split(":")[2].isdigit() for line in lines)
    assert lines == sorted(lines)
    assert f"{len(lines)} problems" in err


def test_problems_for_programs_are_json(folder):
    broken(folder)
    status, out, _ = folder.run("validate", "--format", "json")
    problems = json.loads(out)
    assert status == 1
    assert {"file", "line", "column", "code", "message", "hint"} == set(problems[0])


def test_no_problems_for_programs_are_an_empty_list(folder):
    status, out, _ = folder.run("validate", "--format", "json")
    assert (status, json.loads(out)) == (0, [])


@pytest.mark.parametrize(
    ("field", "code"),
    [
        pytest.param("note: x", "", id="good"),
        pytest.param("notte: x", "unknown-field", id="unknown-field"),
        pytest.param("priority: Highest", "unknown-option", id="unknown-option"),
        pytest.param("score: many", "not-a-number", id="type"),
    ],
)
def test_with_a_saved_catalog_names_types_and_options_are_checked_too(folder, field, code):
    save_catalog(catalog_data(a_catalog()), folder.path / "catalog.json")
    folder.write("specs/a.yaml", SPEC.replace("note: new", field))
    status, out, _ = folder.run("validate", "--catalog", "catalog.json")
    assert status == bool(code)
    assert code in out


def test_with_a_saved_catalog_sensitive_values_are_not_shown(folder):
    save_catalog(catalog_data(a_catalog()), folder.path / "catalog.json")
    folder.write("reconcile.yaml", CONFIG.replace("{domain", "{sensitive: [Score], domain"))
    folder.write("specs/a.yaml", SPEC.replace("note: new", "score: 4111-1111"))
    status, out, err = folder.run("validate", "--catalog", "catalog.json")
    assert status == 1
    assert "4111" not in out + err


def test_a_catalog_that_is_none_is_an_error(folder):
    folder.write("catalog.json", "{}")
    status, out, err = folder.run("validate", "--catalog", "catalog.json")
    assert (status, out) == (1, "")
    assert "is not a catalog of this program" in err


def test_without_a_config_it_says_how_to_begin(empty, monkeypatch):
    monkeypatch.chdir("/")
    status, out, err = empty.run("validate")
    assert (status, out) == (1, "")
    assert "there is no reconcile.yaml here or in a folder above" in err
    assert "reconcile init" in err


def test_the_config_of_a_folder_above_is_found(folder, monkeypatch):
    (folder.path / "specs" / "deep").mkdir()
    monkeypatch.chdir(folder.path / "specs" / "deep")
    assert folder.run("validate")[0] == 0


@pytest.mark.parametrize("way", ["flag", "variable"])
def test_another_config_may_be_named(folder, monkeypatch, way):
    folder.write("other.yaml", CONFIG.replace("targets:", "specs: elsewhere\ntargets:"))
    folder.write("elsewhere/b.yaml", SPEC)
    folder.write("elsewhere/c.yaml", SPEC.replace("name: fix", "name: more").replace("c1", "c2"))
    if way == "variable":
        monkeypatch.setenv("RECONCILE_CONFIG", "other.yaml")
    arguments = ["--config", "other.yaml"] if way == "flag" else []
    assert folder.run("validate", *arguments)[1].startswith("ok: 2 files")


def test_a_config_with_an_unknown_key_is_an_error_at_its_place(folder):
    folder.write("reconcile.yaml", CONFIG + "colour: red\n")
    status, out, err = folder.run("validate")
    assert status == 1
    assert "reconcile.yaml:6:1: unknown-key" in out + err


def test_a_config_that_is_not_there_is_an_error(empty):
    status, _, err = empty.run("validate", "--config", "none.yaml")
    assert status == 1
    assert "none.yaml" in err
