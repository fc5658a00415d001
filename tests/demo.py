"""`make demo`: the main job, from a fresh local service to nothing left to do."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATABASE = ".reconcile/demo.db"
PLAN = ".reconcile/plan.json"
CASE = "be8a4a38-5542-4c06-bcb9-cbc190026fa0"
BIN = Path(sys.executable).parent

NEXT = """
What to try next (the commands are in .venv/bin):
  restore what the agent changed          reconcile apply
  or keep it                              reconcile accept --all-drift
  the whole story of a case               reconcile history {case}
  a report to open in a browser           reconcile plan --report html=plan.html
  edit specs/vip-escalations.yaml, then   reconcile plan
  save what was reviewed                  reconcile plan --out plan.json
  apply exactly that                      reconcile apply plan.json
  see what specs may say                  reconcile catalog
  check specs without any service         reconcile validate
  take an apply back                      reconcile rollback .reconcile/runs/ID.receipt.json
  start over                              make demo
""".replace("{case}", CASE)


def main() -> int:
    """Seed, plan, apply, plan again; stop at the first surprise."""
    os.chdir(ROOT)
    for suffix in ("", "-wal", "-shm"):
        Path(DATABASE + suffix).unlink(missing_ok=True)
    steps = [
        (["sandbox", "seed", "--db", DATABASE], 0, "A local Amazon Connect Cases with 200 cases."),
        (["validate"], 0, "The specs in specs/ are checked offline."),
        (
            ["plan", "--detailed-exitcode", "--out", PLAN],
            2,
            "What would change? Nothing is written.",
        ),
        (["apply", PLAN], 0, "Apply exactly that: only the UpdateCase calls that are needed."),
        (["plan", "--detailed-exitcode"], 0, "And now? Nothing is left to do."),
        (
            [
                "sandbox",
                "edit",
                "--db",
                DATABASE,
                "--case",
                CASE,
                "--by",
                "jane.doe",
                "severity=Low",
            ],
            0,
            "Then an agent changes a case by hand.",
        ),
        (["drift"], 2, "Who changed what, when, and from what?"),
    ]
    for arguments, expected, why in steps:
        shown = " ".join(["reconcile", *arguments])
        print(
            f"\n\033[1m# {why}\n$ {shown}\033[0m"
            if sys.stdout.isatty()
            else f"\n# {why}\n$ {shown}"
        )
        sys.stdout.flush()
        status = subprocess.run([BIN / "reconcile", *arguments], check=False).returncode
        if status != expected:
            print(f"the demo expected exit status {expected} here, and got {status}")
            return 1
    print(NEXT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
