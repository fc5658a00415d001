"""A folder with a config and specs, and the program run in it."""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from reconciler.cli.main import run
from reconciler.plan.file.data import to_data
from reconciler.plan.file.disk import save_plan
from tests.builders import a_plan, case_change

CONFIG = """\
apiVersion: reconcile/v1
kind: Config
targets:
  prod: {domain: support, region: us-west-2, endpoint_url: "http://127.0.0.1:9"}
default_target: prod
"""
SPEC = """\
apiVersion: reconcile/v1
kind: Cases
metadata: {name: fix}
cases:
  - id: c1
    fields: {note: new}
"""
NEVER = "2999-01-01T00:00:00Z"


class Folder:
    """Where the program runs; nothing listens at the target's address."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture) -> None:
        self.path = path
        self._capsys = capsys

    def write(self, name: str, text: str) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path

    def plan(self, name: str = "plan.json", plan=None, **more) -> str:
        """A saved plan; its life does not end soon."""
        plan = plan or a_plan(case_change("c1"))
        save_plan(to_data(replace(plan, **{"expires_at": NEVER, **more})), self.path / name)
        return name

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Status, stdout and stderr."""
        status = run(list(arguments))
        said = self._capsys.readouterr()
        return status, said.out, said.err
