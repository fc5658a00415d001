"""How far a text travels: the modules in which a function takes or returns it, by four walks.

From a spec to UpdateCase (with what is told of it on the way), from a live value to the HTML
report, from a conflict to status and receipt, and from `--report` to its file. By name:
`python -m tests.bench.bench_walk --names`.
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

from tests.bench.stage import RECONCILE, environment

CONFIG = """\
apiVersion: reconcile/v1
kind: Config
targets: {demo: {sandbox: demo.db, domain: support}}
default_target: demo
"""
CASE = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"
SPEC = f"""\
apiVersion: reconcile/v1
kind: Cases
metadata: {{name: walk}}
cases:
  - id: {CASE}
    fields: {{summary: qqdesiredqq}}
"""
EDIT = ("sandbox", "edit", "--db", "demo.db", "--case", CASE, "--by", "jane.doe")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", action="store_true")
    names = parser.parse_args().names
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "specs").mkdir()
        (folder / "specs" / "walk.yaml").write_text(SPEC, "utf-8")
        (folder / "reconcile.yaml").write_text(CONFIG, "utf-8")
        (folder / "traced").mkdir()
        tracer = Path(__file__).with_name("tracer.py").read_text("utf-8")
        (folder / "traced" / "sitecustomize.py").write_text(tracer, "utf-8")
        run(folder, "", "sandbox", "seed", "--db", "demo.db")
        walk(folder, names, "a value of a spec to UpdateCase", "qqdesiredqq", "apply", "--yes")
        run(folder, "", *EDIT, "summary=qqliveqq")
        report = ("drift", "--report", "html=page.html")
        walk(folder, names, "a live value to the HTML report", "qqliveqq", *report)
        run(folder, "", "plan", "--quiet", "--out", "plan.json")
        run(folder, "", *EDIT, "summary=qqconflictqq")
        apply = ("apply", "plan.json")
        walk(folder, names, "a conflict to status and receipt", "qqconflictqq", *apply)
        report = ("plan", "--report", "markdown=qqpathqq.md")
        walk(folder, names, "`--report` to its file", "qqpathqq", *report)
    return 0


def walk(folder: Path, names: bool, title: str, text: str, *command: str) -> None:
    """One command, and through which modules the text went."""
    modules = run(folder, text, *command)
    print(f"{title:<34} {len(modules):>3} modules", flush=True)
    for name in modules if names else ():
        print(f"    {name}")


def run(folder: Path, text: str, *command: str) -> list[str]:
    """A command, traced where there is a text to follow."""
    told = folder / "told.json"
    traced = {
        "WALKED": text,
        "WALK_TOLD": str(told),
        "PYTHONPATH": os.pathsep.join([str(folder / "traced"), os.environ.get("PYTHONPATH", "")]),
    }
    subprocess.run(
        [RECONCILE, *command],
        cwd=folder,
        env=environment() | (traced if text else {}),
        capture_output=True,
        check=False,
    )
    return list(json.loads(told.read_text("utf-8"))) if text else []


if __name__ == "__main__":
    main()
