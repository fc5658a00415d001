"""What `accept` does beside planning: N differing values of one file written into it."""

import argparse
import tempfile
from pathlib import Path

from tests.bench.stage import (
    RECONCILE,
    configure,
    held,
    seeded,
    service,
    timed,
    unpaced,
    wanted_as_held,
    write_specs,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[1_000, 10_000])
    for most in parser.parse_args().cases:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            database = seeded(folder, most)
            with service(database, "--fast") as served:
                configure(folder, served.url, unpaced())
                cases = wanted_as_held(held(served.client(), most))
                cases = [(one, values | {"Score": 77.5}) for one, values in cases]
                write_specs(folder / "specs", cases, most)
                plan = timed(RECONCILE, "plan", "--quiet", "--no-attribution", cwd=folder)
                accept = timed(RECONCILE, "accept", "--field", "Score", cwd=folder)
                assert accept.status == 0, accept.err
                [spec] = (folder / "specs").glob("*.yaml")
                changed = most - spec.read_text(encoding="utf-8").count("77.5")
        print(
            f"{changed:>7,} values in one file of {most:,} cases: accept {accept.cpu:5.1f} s CPU, "
            f"of which {accept.cpu - plan.cpu:5.1f} s are not its plan"
            f"   (at most 3 s at 10,000)",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    main()
