"""What `.pre-commit-hooks.yaml` promises to whoever uses it."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from tests.cli.worlds import SPEC

ROOT = Path(__file__).parent.parent.parent
HOOKS = {one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
CHANGED = ("specs/a.yaml", "specs/deep/b.yml", "reconcile.yaml")


def run(folder, hook, *files):
    """As pre-commit does: the entry, and the files that changed if it wants them."""
    program, *arguments = shlex.split(hook["entry"])
    assert program == "reconcile"
    return folder.run(*arguments, *(files if hook.get("pass_filenames", True) else ()))


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_says_what_pre_commit_needs_to_know(name):
    hook = HOOKS[name]
    assert {"id", "name", "entry", "language", "files"} <= set(hook)
    known = {"id", "name", "description", "entry", "language", "files", "pass_filenames"}
    assert set(hook) <= known
    assert hook["language"] == "python"


@pytest.mark.parametrize("name", HOOKS)
def test_hooks_run_for_specs_and_the_config_alone(name):
    pattern = re.compile(HOOKS[name]["files"])
    assert all(pattern.search(file) for file in CHANGED)
    others = ("README.md", "specs/notes.txt", "old/specs/a.yaml", ".github/workflows/a.yml")
    assert not any(pattern.search(file) for file in others)


def test_fmt_rewrites_the_files_that_changed(folder):
    folder.write("specs/a.yaml", SPEC.replace("new", "'new'"))
    assert run(folder, HOOKS["reconcile-fmt"], "specs/a.yaml")[0] == 0
    assert (folder.path / "specs/a.yaml").read_text() == SPEC


def test_validate_looks_at_the_whole_tree(folder):
    folder.write("specs/b.yaml", SPEC)
    status, out, _ = run(folder, HOOKS["reconcile-validate"], "specs/b.yaml")
    assert status == 1
    assert "specs/a.yaml" in out
