"""A small stand-in for GitHub's runner: it runs the steps of an action as they are written."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.processes import plain_environment

ROOT = Path(__file__).parent.parent.parent
TOOLS = Path(__file__).parent / "tools"
_HOLE = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
_NAME = re.compile(r"'[^']*'|[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+")


@dataclass
class Ran:
    """What a job's steps left behind."""

    status: int = 0
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass
class Runner:
    """A machine with a checkout; `remote` is where the stand-ins for gh and curl keep things."""

    folder: Path
    remote: Path
    event: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    event_name: str = "push"

    def __post_init__(self) -> None:
        self.remote.mkdir(exist_ok=True)
        self.temp = self.remote / "temp"
        programs = self.temp / "reconcile" / "venv" / "bin"
        programs.parent.mkdir(parents=True, exist_ok=True)
        programs.symlink_to(Path(sys.executable).parent)

    def context(self, **more: Any) -> dict[str, Any]:
        return {
            "github": {
                "token": "t0ken",
                "event": self.event,
                "event_name": self.event_name,
                "server_url": "https://github.example",
                "repository": "acme/cases",
                "run_id": "7",
            },
            "vars": self.variables,
            **more,
        }

    def action(self, **inputs: str) -> Ran:
        """Run action.yml with these inputs; what it would install is there already."""
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        defaults = {name: str(entry["default"]) for name, entry in action["inputs"].items()}
        assert inputs.keys() <= defaults.keys()
        context = self.context(inputs={**defaults, **inputs}, steps={})
        steps = [one for one in action["runs"]["steps"] if not one["name"].startswith("Install")]
        ran = self.steps(steps, context)
        ran.outputs = {
            name: filled(entry["value"], context) for name, entry in action["outputs"].items()
        }
        return ran

    def steps(self, steps: list[dict[str, Any]], context: dict[str, Any]) -> Ran:
        """Run steps in order until one fails, as the runner does."""
        ran = Ran()
        for step in steps:
            if not true(step.get("if", "true"), context):
                continue
            env = {name: filled(str(text), context) for name, text in step.get("env", {}).items()}
            done, outputs, summary = self.bash(step["run"], env)
            context.setdefault("steps", {})[step.get("id", "")] = {"outputs": outputs}
            ran.log += done.stdout + done.stderr
            ran.summary += summary
            ran.status = done.returncode
            if ran.status:
                break
        return ran

    def bash(
        self, script: str, env: dict[str, str]
    ) -> tuple[subprocess.CompletedProcess[str], dict[str, str], str]:
        """One `run:` under `shell: bash`, with the step's files."""
        output, summary = self.temp / "output", self.temp / "summary"
        output.write_text("")
        summary.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env={
                **plain_environment(PATH=stand_ins_first()),
                "GITHUB_ACTIONS": "true",
                "GITHUB_ACTION_PATH": str(ROOT),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_REPOSITORY": "acme/cases",
                "GITHUB_RUN_ID": "7",
                "GITHUB_SERVER_URL": "https://github.example",
                "GITHUB_STEP_SUMMARY": str(summary),
                "REMOTE": str(self.remote),
                "RUNNER_TEMP": str(self.temp),
                **env,
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return done, outputs, summary.read_text()

    def kept(self, name: str) -> Any:
        """What a stand-in keeps under a name: comments, issues, calls."""
        path = self.remote / f"{name}.json"
        return json.loads(path.read_text()) if path.exists() else []


def stand_ins_first() -> str:
    """A PATH with the stand-ins, then this Python's programs, before everything else."""
    return f"{TOOLS}:{Path(sys.executable).parent}:{os.environ['PATH']}"


def filled(text: str, context: dict[str, Any]) -> str:
    """The text with every `${{ expression }}` evaluated."""
    return _HOLE.sub(lambda hole: _said(evaluated(hole[1], context)), text)


def true(condition: Any, context: dict[str, Any]) -> bool:
    """Whether an `if:` holds."""
    return bool(evaluated(str(condition), context))


def evaluated(expression: str, context: dict[str, Any]) -> Any:
    """The expressions that our files use: names, texts, ==, !=, !, &&, || and cancelled()."""

    def value(match: re.Match[str]) -> str:
        if match[0].startswith("'"):
            return repr(match[0][1:-1])
        found: Any = context
        for part in match[0].split("."):
            found = found.get(part, "") if isinstance(found, dict) else ""
        return repr(found)

    python = _NAME.sub(value, expression).replace("&&", " and ").replace("||", " or ")
    python = " ".join(re.sub(r"!(?!=)", " not ", python).split())
    known = {"true": True, "false": False, "cancelled": lambda: False}
    return eval(python, {"__builtins__": {}}, known)


def _said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
