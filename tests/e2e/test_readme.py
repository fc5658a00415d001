"""The README's story, run as it stands: commands in order, and what each is said to print."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import plain_environment

README = Path(__file__).parent.parent.parent / "README.md"
STATUSES = {"reconcile drift": {0, 2}, "reconcile rollback": {4}}
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def steps():
    """Every command of the story, and the lines that the README shows under it."""
    found = []
    for block in _BLOCK.findall(README.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", "\\\0").splitlines():
            line = line.replace("\0", "\n")  # a command that goes on in the next line is one
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def pattern(lines):
    """The lines as a pattern: `…` alone is any lines, and inside a line any characters."""
    parts = []
    for line in lines:
        if line == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            # A title or an ARN may hold the sign itself; it matches itself all the same.
            parts.append(".*?".join(map(re.escape, line.split("…"))) + r"\n")
    return re.compile("".join(parts))


@pytest.fixture
def shell(tmp_path):
    """Runs a command line in an empty folder that is a git repository."""
    environment = plain_environment(
        PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        GIT_CONFIG_GLOBAL=str(tmp_path / "gitconfig"),
    )
    (tmp_path / "gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.com\n")
    folder = tmp_path / "cases"
    folder.mkdir()

    def run(line):
        return subprocess.run(
            [shutil.which("bash"), "-c", line],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    assert run("git init -q -b main").returncode == 0
    return run


def test_the_story_in_the_readme_is_true(shell):
    told = steps()
    assert len(told) > 15
    for line, shown in told:
        ran = shell(line)
        expected = next((ok for start, ok in STATUSES.items() if line.startswith(start)), {0})
        assert ran.returncode in expected, f"$ {line}\n{ran.stdout}{ran.stderr}"
        if shown:
            assert pattern(shown).match(ran.stdout), f"$ {line}\n{ran.stdout}\n{shown}"
    committed = set(shell("git ls-files").stdout.split())
    ours = {
        "reconcile.yaml",
        ".gitignore",
        "schemas/config.schema.json",
        "schemas/spec.schema.json",
    }
    assert ours <= committed, "what `init` wrote is there"
    rest = {name for name in committed - ours if not name.startswith("specs/")}
    assert not rest, "and no case data, although everything was added each time"
