"""`make bench`: every benchmark in turn, or those named on the command line."""

import importlib
import sys

ALL = (
    "start",
    "specs",
    "plan",
    "pace",
    "bulk",
    "review",
    "text",
    "accept",
    "fmt",
    "naive",
    "octodns",
    "faults",
    "writes",
)


def main() -> int:
    chosen = sys.argv[1:] or ALL
    sys.argv = sys.argv[:1]
    for name in chosen:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"tests.bench.bench_{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
