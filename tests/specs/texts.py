"""Write spec texts to files, and read them back the way a run does."""

from pathlib import Path
from textwrap import dedent

from reconciler.model.diagnostic import Problem
from reconciler.model.spec import Spec, SpecSet
from reconciler.specs.reading.files import read_specs

CASES = """\
apiVersion: reconcile/v1
kind: Cases
metadata: {name: n}
"""

POLICY = """\
apiVersion: reconcile/v1
kind: Policy
metadata: {name: n}
"""


def read_text(
    folder: Path, text: str | bytes, name: str = "a.yaml"
) -> tuple[SpecSet, tuple[Problem, ...]]:
    """Read one file with this text."""
    data = text if isinstance(text, bytes) else dedent(text).encode()
    (folder / name).write_bytes(data)
    return read_specs([folder / name], root=folder)


def good(folder: Path, text: str | bytes, name: str = "a.yaml") -> Spec:
    """The one spec of a file that has nothing wrong in it."""
    found, problems = read_text(folder, text, name)
    assert problems == ()
    (spec,) = found.specs
    return spec


def refused(folder: Path, text: str | bytes, name: str = "a.yaml") -> tuple[str, int, int, str]:
    """Code, line, column and hint of the one problem of a file."""
    _, problems = read_text(folder, text, name)
    assert len(problems) == 1, [str(problem) for problem in problems]
    (problem,) = problems
    assert problem.message.startswith("found ")
    return problem.code, problem.at.line, problem.at.column, problem.hint
