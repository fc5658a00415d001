"""Ten thousand alike changes in bulk mode: the calls of one apply."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.bench_plan import unpaced_search
from tests.bench.stage import (
    RECONCILE,
    configure,
    held,
    seeded,
    service,
    timed,
    write_specs,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    most = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = seeded(folder, most)
        with service(database, "--fast") as served:
            extra = "      BatchUpdateCase: {rate: 1000000, burst: 1000000}\n"
            configure(folder, served.url, unpaced_search() + extra)
            cases = held(served.client(), most)
            wanted = [(one, {"Root cause": "agreed"}) for one, _ in cases]
            write_specs(folder / "specs", wanted, 1_000)
            served.calls()
            plan = timed(
                RECONCILE, "plan", "--mode", "bulk", "--out", "plan.json", "--quiet", cwd=folder
            )
            assert plan.status == 0, plan.err
            planning, _ = served.calls()
            used = timed(RECONCILE, "apply", "plan.json", cwd=folder)
            assert used.status == 0, used.err + used.out[-2000:]
            calls, throttled = served.calls()
    print(f"{most:,} alike changes: plan {planning}")
    print(f"  apply {calls}, {throttled} throttled, {used.wall:.1f} s, CPU {used.cpu:.1f} s")
    single = most / 2
    print(f"  at 2 calls a second, single updates alone would take {single / 60:.0f} min")
    return 0


if __name__ == "__main__":
    sys.exit(main())
