"""What looks like a spec is read, or told."""

import pytest

from reconciler.specs.reading.files import read_specs

SPEC = "apiVersion: reconcile/v1\nkind: Cases\nmetadata: {name: n}\ncases: []\n"
JSON = (
    '{\n  "apiVersion": "reconcile/v1", "kind": "Cases", "metadata": {"name": "n"}, "cases": []}\n'
)


def told(folder, name, data):
    """How many specs are read, and the code of each warning and problem of this file."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    specs, problems = read_specs([folder], root=folder)
    assert {one.at.file for one in (*specs.passed_over, *problems)} <= {name}
    return len(specs.specs), [one.code for one in (*specs.passed_over, *problems)]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.YAML", SPEC),
        ("a.Yml", SPEC),
        ("a.JSON", JSON),
        ("a.yaml", b"\xef\xbb\xbf" + SPEC.encode()),
        ("folder.yaml/a.yaml", SPEC), ("folder.txt/a.yml", SPEC),
    ],
)  # fmt: skip
def test_a_spec_is_read_however_its_name_is_written(tmp_path, name, data):
    assert told(tmp_path, name, data) == (1, [])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.yml.txt", SPEC),
        ("a", SPEC),
        ("a.yaml~", SPEC),
        ("a.yaml.bak", SPEC),
        (".a.yaml", SPEC),
        ("a.json5", JSON), ("a.jsonc", "// note\n" + JSON), ("a.yaml.j2", "# note\n---\n" + SPEC),
        ("a.txt", b"\xef\xbb\xbf" + SPEC.encode()), ("a.txt", SPEC.encode("utf-16")),
        ("a.yaml.orig", "metadata: {name: n}\nkind: Cases\napiVersion: reconcile/v1\n"),
        ("a.yam", '"apiVersion": "reconcile/v1"\n'), ("folder.yaml/a.text", SPEC),
    ],
)  # fmt: skip
def test_what_looks_like_a_spec_and_is_not_read_is_told(tmp_path, name, data):
    assert told(tmp_path, name, data) == (0, ["not-read"])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("README.md", "# Specs\n\nWrite:\n\n    " + SPEC),
        ("README.md", "Like so:\n```yaml\n" + SPEC),
        ("a.txt", "apiVersion: v1\nkind: Pod\n"), ("a.csv", "case_id,note\nc1,x\n"), ("a.txt", ""),
        ("a.py", '"""apiVersion: reconcile/v1"""\n'),
        (".gitignore", "*.json\n"),
        ("a.bin", bytes(9_000)),
        ("a.schema", '{"properties": {"apiVersion": {"const": "reconcile/v1"}}}'),
    ],
)  # fmt: skip
def test_what_only_speaks_of_specs_is_none(tmp_path, name, data):
    assert told(tmp_path, name, data) == (0, [])


@pytest.mark.parametrize("data", ["", "\n\n", "# cases: []\n", "---\n---\n", b"\xef\xbb\xbf"])
def test_a_file_that_holds_no_spec_is_told(tmp_path, data):
    assert told(tmp_path, "a.yaml", data) == (0, ["empty-file"])


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (SPEC.replace("Cases", "cases"), ["unknown-kind"]),
        (SPEC.replace("reconcile/v1", "apps/v1"), ["unknown-api-version"]),
        (SPEC.encode("utf-16"), ["encoding"]),
    ],
)
def test_what_is_not_quite_a_spec_is_refused(tmp_path, data, codes):
    assert told(tmp_path, "a.yaml", data)[1] == codes
