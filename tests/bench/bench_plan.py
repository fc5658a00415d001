"""Planning named cases: calls, CPU against yaml.compose, memory, growth; and with everything in."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.stage import (
    RECONCILE,
    Used,
    configure,
    held,
    quick_confirms,
    seeded,
    service,
    timed,
    unpaced,
    wanted_as_held,
    write_specs,
)

COMPOSE = """
import sys, pathlib, yaml
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.yaml")):
    with path.open(encoding="utf-8") as file:
        yaml.compose(file, Loader=yaml.CSafeLoader)
"""
NOTHING = "import yaml"
PER_FILE = 1_000


def composed(folder: Path) -> float:
    """CPU seconds that yaml.compose with the C loader takes over the same bytes."""
    start = timed(sys.executable, "-c", NOTHING).cpu
    return timed(sys.executable, "-c", COMPOSE, folder).cpu - start


def planned(folder: Path, specs: str) -> Used:
    """One whole run of `reconcile plan`."""
    used = timed(RECONCILE, "plan", specs, "--detailed-exitcode", "--quiet", cwd=folder)
    assert used.status == 0, used.err + used.out[-2000:]
    return used


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    most = parser.parse_args().cases
    tenth = most // 10
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = seeded(folder, most)
        (folder / "reconcile.yaml").write_text("")
        with service(database, "--fast") as served:
            configure(folder, served.url, unpaced_search())
            cases = wanted_as_held(held(served.client(), most))
            write_specs(folder / "tenth", cases[:tenth], PER_FILE, "t")
            write_specs(folder / "many", cases, PER_FILE, "m")
            write_specs(folder / "one", cases, most, "o")
            write_specs(folder / "few", cases[:1], 1, "f")
            start = planned(folder, "few")
            served.calls()
            times: dict[str, Used] = {}
            print(
                "a case: without the start; no git, no difference, no plan file   (at most 50 us)"
            )
            for specs, count in (("tenth", tenth), ("many", most), ("one", most)):
                used = times[specs] = planned(folder, specs)
                calls, _ = served.calls()
                floor = composed(folder / specs)
                memory = (used.peak_kb - start.peak_kb) / count
                each = (used.cpu - start.cpu) / count * 1e6
                print(
                    f"{specs:6} {count:7,} cases: {sum(calls.values()):5,} calls  "
                    f"CPU {used.cpu:6.2f} s ({each:4.0f} us a case)  compose {floor:6.2f} s  "
                    f"ratio {used.cpu / floor:.2f}  memory {memory:.2f} KB a case"
                )
            growth = times["many"].cpu / times["tenth"].cpu
            print(f"ten times the cases: {growth:.1f} times the CPU")
            configure(folder, served.url, quick_confirms())
            whole(folder, cases)
    return 0


def whole(folder: Path, cases: list) -> None:
    """With everything in: a git repository, a difference in each case, and the plan file."""
    differing = [(one, {**values, "Score": at + 0.125}) for at, (one, values) in enumerate(cases)]
    write_specs(folder / "specs", differing, PER_FILE)
    for words in (["init", "-q"], ["add", "specs"], ["commit", "-q", "-m", "specs"]):
        user = ["-c", "user.name=b", "-c", "user.email=b@example.com"]
        subprocess.run(["git", *user, *words], cwd=folder, check=True)
    used = timed(RECONCILE, "plan", "-o", "plan.json", "--quiet", "--no-attribution", cwd=folder)
    assert used.status == 0, used.err + used.out[-2000:]
    size = (folder / "plan.json").stat().st_size
    count = len(cases)
    print(
        f"everything in (start, git, a difference in each of {count:,} cases, plan file): "
        f"CPU {used.cpu:.2f} s ({used.cpu / count * 1e6:.0f} us a case), {used.wall:.1f} s in all, "
        f"{used.peak_kb / 1024:.0f} MB; {size / count:.0f} bytes a change in the plan file"
        f"   (at most 10 s, 400 MB, 350 bytes)"
    )


def unpaced_search() -> str:
    """GetCase as slow as AWS's, so that the planner has its real choice; searches unpaced."""
    return unpaced().replace(
        "GetCase: {rate: 1000000, burst: 1000000}", "GetCase: {rate: 4, burst: 10}"
    )


if __name__ == "__main__":
    sys.exit(main())
