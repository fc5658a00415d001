"""How long the program takes to begin: `--version`, `--help` of each command, and TAB in a shell.

CPU time, the best of several runs, with compiled modules as after a first run, beside Python with
`import click, yaml`. Nothing is left out: the interpreter's own start is in both.
"""

import os
import sys

from reconciler.cli.main import COMMANDS
from tests.bench.stage import RECONCILE, timed

RUNS = 9
BAR = 1.7


def best(*command: object) -> float:
    """The least CPU time of several runs, after one that compiles."""
    timed(*command)
    return min(timed(*command).cpu for _ in range(RUNS))


def main() -> int:
    base = best(sys.executable, "-c", "import click, yaml")
    print(f"python -c 'import click, yaml': {base * 1000:.0f} ms")
    rows = {"--version": ("--version",)} | {f"{name} --help": (name, "--help") for name in COMMANDS}
    for title, arguments in rows.items():
        show(title, best(RECONCILE, *arguments) / base)
    os.environ |= {
        "_RECONCILE_COMPLETE": "bash_complete",
        "COMP_WORDS": "reconcile plan --",
        "COMP_CWORD": "2",
    }
    show("TAB after `plan --`", best(RECONCILE) / base)
    return 0


def show(title: str, ratio: float) -> None:
    """One row and the bar beside it."""
    print(f"{title:<22} {ratio:4.2f} x   (at most {BAR} x)", flush=True)


if __name__ == "__main__":
    main()
