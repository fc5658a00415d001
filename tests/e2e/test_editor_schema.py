"""The schema that `catalog --schema` writes fits the specs of that domain, and no mistakes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = [*sorted((ROOT / "specs").glob("*.yaml")), ROOT / "reconciler/cli/starter/example.yaml"]

# The first take a catalog to be refused, the others none.
REFUSED = (
    "noote: x",
    "priority: Highest",
    "score: many",
    'summary: ""',
    'priority: ""',
    "score: {value: ''}",
    'score: {value: 1, only_if: [""]}',
)
NAMES = 3


@pytest.fixture
def schema(world):
    ran = world.run("catalog", "--schema", "schemas/spec.schema.json")
    assert (ran.status, ran.out) == (0, "")
    assert "saved schemas/spec.schema.json" in ran.err
    return world.folder / "schemas/spec.schema.json"


def checked(schema, *files):
    """Whether another program finds that the files fit."""
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", schema, *files]
    return subprocess.run(command, capture_output=True, check=False, text=True)


def documents(files, folder):
    """Each document in a file of its own, since checkers take one of them."""
    for file in files:
        for number, text in enumerate(re.split(r"(?m)^---$", file.read_text())):
            path = folder / f"{file.stem}-{number}.yaml"
            path.write_text(text)
            yield path


def test_the_example_specs_fit(schema, tmp_path):
    ran = checked(schema, *documents(EXAMPLES, tmp_path))
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_what_validate_refuses_does_not_fit(world, schema):
    for number, fields in enumerate(REFUSED):
        path = world.spec(f"cases:\n  - id: c1\n    fields: {{{fields}}}\n", f"{number}.yaml")
        assert checked(schema, path).returncode == 1, fields
        assert checked(ROOT / "schemas/spec.schema.json", path).returncode == (number >= NAMES)
        assert world.run("validate", path).status == (number >= NAMES)


def test_no_editor_offers_an_empty_text(schema):
    consts = re.findall(r'"const": ""', schema.read_text())
    assert consts == []


def test_init_writes_specs_that_name_the_schema(world):
    ran = world.run("init", "new")
    assert "reconcile catalog --schema schemas/spec.schema.json" in ran.err
    for name in ("reconcile.yaml", "specs/example.yaml"):
        file = world.folder / "new" / name
        [found] = re.findall(r"^# yaml-language-server: \$schema=(\S+)$", file.read_text(), re.M)
        assert json.loads((file.parent / found).read_text())["$schema"]
