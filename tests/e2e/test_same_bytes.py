"""The same input gives the same bytes, whatever order Python happens to keep its sets in.

Readers of SARIF and Code Quality tell old remarks from new ones by such bytes, and people compare
two plans. A process's own order of sets comes from its hash seed.
"""

import re
import subprocess
import sys

import pytest

from tests.e2e.world import copy_database
from tests.processes import plain_environment

SEEDS = ("0", "1", "4321")
FORMATS = ("text", "json", "markdown", "html", "junit", "sarif", "codequality", "annotations")
_CHANGING = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z| UTC)?|[0-9a-f]{64}|\b[0-9a-f]{12}\b|"
    r"[\d.]+ ms|[\d,.]+ s\b"
)
SCRIPT = """
import sys
from reconciler.cli.main import run
for line in sys.argv[1:]:
    print("$", line, flush=True)
    print(run(line.split()), flush=True)
    sys.stderr.flush()
"""
WRONG = """\
apiVersion: reconcile/v1
kind: Cases
metadata: {name: wrong, nmae: x, other: y}
targt: prod
cases:
  - {idd: c1, field: {}, fields: {a: b}}
  - {id: c1, reference: r, fields: {a: {valeu: 1, only: 2}}}
  - {id: c2, unknown: 1, strange: 2, fields: {a: [1]}}
---
apiVersion: reconcile/v1
kind: Policy
metadata: {name: wrong}
select: {templte: x, tag: y, where: {field: a, equls: 1, contins: 2}}
fields: {a: b}
limits: {case: 1, csaes: 2}
---
apiVersion: reconcile/v1
kind: Ignore
metadata: {name: rules}
ignore:
  - {feild: a, resaon: b}
  - {field: a, reason: b, until: 2099-01-01, scope: none, whn: {}}
---
kind: Nothing
"""
CONFIG = """\
apiVersion: reconcile/v1
kind: Config
targets:
  demo:
    sandbox: cases.db
    domain: support
    sensitive: [Country, Score, Note]
    limits: {cases: 2, clears: 0, fields: {Note: 1, severity: 1}}
default_target: demo
"""
SPECS = """\
apiVersion: reconcile/v1
kind: Policy
metadata: {name: high}
select: {where: {field: severity, in: [Low, Medium]}}
fields: {severity: High, note: null, country: NO, score: 3}
"""


@pytest.fixture
def said(seeded, tmp_path):
    """What command lines print and write under one hash seed, in a folder of its own."""

    def under(seed, config, spec, lines, files):
        folder = tmp_path / seed
        (folder / "specs").mkdir(parents=True)
        copy_database(seeded, folder / "cases.db")
        (folder / "reconcile.yaml").write_text(config)
        (folder / "specs" / "a.yaml").write_text(spec)
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, *lines],
            cwd=folder,
            env=plain_environment(PYTHONHASHSEED=seed, RECONCILE_SEAL_KEY="k" * 40),
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        written = "".join((folder / name).read_text() for name in files)
        return _CHANGING.sub("…", (done.stdout + done.stderr + written).replace(str(folder), "."))

    return under


def reports(command):
    """A command line with every report, and the files that these are."""
    files = [f"{name}.out" for name in FORMATS]
    words = (f"--report {name}={file}" for name, file in zip(FORMATS, files, strict=True))
    return f"{command} {' '.join(words)}", files


def test_problems_are_told_in_the_same_bytes(said):
    line, files = reports("validate")
    config = CONFIG.replace("domain:", "domian: x\n    dmain: y\n    domain:")
    lines = (line, "plan", "fmt --check", "validate --format json", "nonsense", "plan --mode x")
    one, *others = (said(seed, CONFIG, WRONG, lines, files) for seed in SEEDS)
    assert one.count("unknown-key") > 20
    assert set(others) == {one}
    assert len({said(f"{seed}0", config, WRONG, ["validate"], []) for seed in ("1", "2")}) == 1


def test_plans_and_their_reports_are_the_same_bytes(said):
    line, files = reports("plan -o plan.json --full")
    cases = (
        "--case 022b0a12-bc74-4c8b-a0e6-40a80e5941cc --case 0f7162e5-5be5-48e4-adc0-c753916409bb"
    )
    lines = (line, "plan --format json", f"plan {cases}", "drift", "show plan.json", "catalog")
    one, *others = (said(seed, CONFIG, SPECS, lines, [*files, "plan.json"]) for seed in SEEDS)
    assert "blocked" in one and "sensitive #" in one
    assert set(others) == {one}


def test_which_of_several_mistakes_is_told_is_always_the_same(said):
    config = CONFIG.replace("[Country, Score, Note]", "[Nope, Nothing, None of these, Nowhere]")
    assert len({said(seed, config, SPECS, ["plan"], []) for seed in SEEDS}) == 1
