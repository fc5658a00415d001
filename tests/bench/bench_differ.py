"""A plan of cases that all differ, saved quietly: output, CPU, memory, and the plan file.

Git and the histories of the first hundred cases are in it; every difference is of its own.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from reconciler.files.canonical import laid_out
from reconciler.plan.file.data import to_save
from tests.bench.bench_plan import unpaced_search
from tests.bench.bench_text import best, different
from tests.bench.stage import RECONCILE, configure, held, seeded, service, timed, write_specs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000])
    for cases in parser.parse_args().cases:
        plan = different(cases)
        each = best(lambda plan=plan: laid_out(to_save(plan))) / cases * 1e6
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            database = seeded(folder, cases)
            with service(database, "--fast") as served:
                configure(folder, served.url, unpaced_search())
                found = held(served.client(), cases)
                wanted = [(one, {"Score": at + 0.5}) for at, (one, _) in enumerate(found)]
                write_specs(folder / "specs", wanted, 1_000)
                used = timed(RECONCILE, "plan", "-o", "p.json", "--quiet", cwd=folder)
                assert used.status == 0, used.err
                size = (folder / "p.json").stat().st_size / cases
        print(
            f"{cases:>7,} differing cases: {len(used.out):,} bytes of output, CPU {used.cpu:.1f} s "
            f"(at most 10 at 100,000), {used.peak_kb / 1024:.0f} MB (at most 400); plan file "
            f"{size:.0f} bytes a change (at most 350), digested and spelled in {each:.1f} us "
            f"(at most 5)",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
