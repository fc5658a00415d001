"""`make bench`: every benchmark, or in turn those named on the command line.

All of them go side by side in two lanes: those that compute, whose CPU time is what counts, and
those that wait for quotas nearly all the time.
"""

import importlib
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

COMPUTING = (
    "start",
    "walk",
    "specs",
    "plan",
    "text",
    "differ",
    "accept",
    "fmt",
    "growth",
    "octodns",
    "faults",
    "writes",
)
WAITING = ("pace", "bulk", "histories", "lanes", "review", "naive")
# What would take too long in one go with the others; alone, each has its full size.
SMALLER = {"growth": ("--cases", "30000"), "octodns": ("--cases", "30000")}


def main() -> int:
    chosen = sys.argv[1:]
    sys.argv = sys.argv[:1]
    for name in chosen:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"tests.bench.bench_{name}").main()
    return 0 if chosen else all_of_them()


def all_of_them() -> int:
    """Both lanes; what one benchmark prints stays together."""
    began = time.perf_counter()
    with ThreadPoolExecutor(2) as lanes:
        failed = sum(lanes.map(lane, (COMPUTING, WAITING)))
    print(f"\nall: {(time.perf_counter() - began) / 60:.1f} min   (at most 10)")
    return 1 if failed else 0


def lane(names: tuple[str, ...]) -> int:
    """How many of these failed, each a process of its own."""
    failed = 0
    for name in names:
        began = time.perf_counter()
        run = subprocess.run(
            [sys.executable, "-m", f"tests.bench.bench_{name}", *SMALLER.get(name, ())],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        took = time.perf_counter() - began
        print(
            f"\n== {name}\n{run.stdout}({name} took {took:.0f} s, status {run.returncode})",
            flush=True,
        )
        failed += run.returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
