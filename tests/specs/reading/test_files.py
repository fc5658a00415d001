"""What a run gets from the files it reads."""

import json
import subprocess
import sys
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.specs.reading import files as spec_files
from reconciler.specs.reading.files import read_specs
from reconciler.yaml import checks as spec_checks
from tests.specs.texts import CASES, POLICY, read_text

GOOD = CASES + "cases: [{id: a, fields: {x: 1}}]\n"


def test_all_specs_of_all_files_are_read_in_the_order_of_their_paths(tmp_path):
    for name in ("b.yaml", "a/z.yaml", "a/b.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        text = GOOD.replace("name: n", f"name: {name}")
        (tmp_path / name).write_text("{apiVersion: x}" if name.endswith("json") else text)
    found, problems = read_specs([tmp_path / "b.yaml", tmp_path], root=tmp_path)
    assert found.files == ("a/b.json", "a/z.yaml", "b.yaml")
    assert [spec.header.name for spec in found.specs] == ["a/z.yaml", "b.yaml"]
    assert {problem.at.file for problem in problems} == {"a/b.json"}


def test_the_digest_is_that_of_names_and_contents(tmp_path):
    (tmp_path / "b.yaml").write_text(GOOD)
    (tmp_path / "a.yml").write_text("# nothing\n")
    found, _ = read_specs([tmp_path], root=tmp_path)
    lines = (
        f"a.yml\0{sha256(b'# nothing' + bytes([10])).hexdigest()}\n"
        f"b.yaml\0{sha256(GOOD.encode()).hexdigest()}\n"
    )
    assert found.digest == sha256(lines.encode()).hexdigest()


def test_the_digest_changes_with_every_byte_and_every_name(tmp_path):
    digests = set()
    for name, text in [("a.yaml", GOOD), ("a.yaml", GOOD + "\n"), ("a.yml", GOOD)]:
        folder = tmp_path / str(len(digests))
        folder.mkdir()
        digests.add(read_text(folder, text, name)[0].digest)
    assert len(digests) == 3


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n---\n", "\ufeff"])
def test_a_file_without_a_spec_is_fine(tmp_path, text):
    found, problems = read_text(tmp_path, text)
    assert (found.specs, found.files, problems) == ((), ("a.yaml",), ())


def test_no_path_at_all_is_no_spec_at_all(tmp_path):
    found, problems = read_specs([], root=tmp_path)
    assert (found.specs, found.files, problems) == ((), (), ())


def test_a_file_beyond_the_limit_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(spec_checks, "MAX_BYTES", 1_000)
    found, problems = read_text(tmp_path, "x" * 1_001)
    assert [(p.code, p.hint) for p in problems] == [
        ("file-too-large", "split it into several files")
    ]
    assert "1,001 bytes" in problems[0].message
    assert found.files == ()


def test_a_file_that_cannot_be_opened_is_a_problem(tmp_path, monkeypatch):
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text(GOOD)

    def refuse(handle, is_json, digested):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(spec_files, "FileBytes", refuse)
    _, problems = read_specs([tmp_path], root=tmp_path)
    assert [(p.at.file, p.code) for p in problems] == [
        ("a.yaml", "unreadable-file"),
        ("b.yaml", "unreadable-file"),
    ]
    assert "Permission denied" in problems[0].message


def test_problems_are_sorted_by_file_and_place_and_said_once(tmp_path):
    for name in ("b.yaml", "a.yaml"):
        (tmp_path / name).write_text("x: 1\n---\nkind: 1\napiVersion: 2\n")
    _, problems = read_specs([tmp_path / "b.yaml", tmp_path / "a.yaml"], root=tmp_path)
    assert list(problems) == sorted(set(problems))
    assert problems[0].at.file == "a.yaml"
    assert problems[-1].at.file == "b.yaml"


_WORDS = (
    *("apiVersion", "kind", "metadata", "name", "target", "defaults", "cases", "select", "fields"),
    *("limits", "id", "reference", "value", "only_if", "where", "all", "any", "not", "field"),
    *("equals", "in", "empty", "tags", "template", "reconcile/v1", "Cases", "Policy", "a", "null"),
)
_LEAVES = st.one_of(st.sampled_from(_WORDS), st.integers(), st.none(), st.booleans(), st.text())
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(_WORDS), st.text()), inner, max_size=4),
    ),
    max_leaves=20,
)


@settings(max_examples=400, deadline=None)
@given(_TREES, st.sampled_from([CASES, POLICY, ""]), st.sampled_from(_WORDS))
def test_reading_any_structure_ends_in_specs_and_problems(tmp_path_factory, tree, head, key):
    folder = tmp_path_factory.getbasetemp()
    text = head + f"{key}: {json.dumps(tree, ensure_ascii=True)}\n"
    first = read_text(folder, text.encode())
    assert first == read_text(folder, text.encode())
    assert all(problem.hint and problem.message for problem in first[1])


@settings(max_examples=200, deadline=None)
@given(st.binary(), st.sampled_from(["a.yaml", "a.json"]))
def test_reading_any_bytes_ends_in_specs_and_problems(tmp_path_factory, data, name):
    folder = tmp_path_factory.getbasetemp()
    assert read_text(folder, data, name) == read_text(folder, data, name)


def test_reading_loads_nothing_that_is_slow_to_load():
    code = (
        "import sys\n"
        "before = set(sys.modules)\n"  # a site's own settings may have loaded some
        "import reconciler.specs.reading.files, reconciler.config.file\n"
        "import reconciler.specs.checking.lint\n"
        "slow = {'jsonschema', 'difflib', 'boto3', 'botocore', 'deepdiff', 'aiohttp', 'json'}\n"
        "print(sorted(slow & (sys.modules.keys() - before)))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
